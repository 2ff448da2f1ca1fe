"""One part of the report on outcomes, read when it is asked for and not before."""

from collections.abc import Callable, Mapping
from datetime import date, datetime

from sqlalchemy.orm import Session

from complaints.db import begin_snapshot
from complaints.domain.errors import N_, Invalid
from complaints.domain.permissions import Actor
from complaints.queries.reports.outcomes.arrivals import read_arrivals
from complaints.queries.reports.outcomes.causes import read_causes
from complaints.queries.reports.outcomes.results import read_results
from complaints.queries.reports.outcomes.satisfaction import read_satisfaction
from complaints.queries.reports.outcomes.sections import OutcomeReport, Section
from complaints.queries.reports.outcomes.steps import read_steps
from complaints.queries.reports.parts import Asked
from complaints.queries.reports.period import Period
from complaints.rulebook import RuleBook, current_rules

Read = Callable[[Session, Asked], list[Section]]

_READ: Mapping[str, Read] = {
    "results": read_results,
    "steps": read_steps,
    "causes": read_causes,
    "arrivals": read_arrivals,
    "satisfaction": read_satisfaction,
}
#: Part → its name; the first is what is shown when none is asked for.
OUTCOME_PARTS: Mapping[str, str] = {
    "results": N_("Outcomes of complaints"),
    "steps": N_("Time per step"),
    "causes": N_("Causes"),
    "arrivals": N_("When complaints come in"),
    "satisfaction": N_("Customer satisfaction"),
}


def outcome_report(
    session: Session,
    actor: Actor,
    from_on: date,
    to_on: date,
    part: str,
    *,
    now: datetime,
    rules: RuleBook | None = None,
) -> OutcomeReport:
    """Count one part of what lies in the person's scope; days are local days of each branch.

    Everything is read as it stands at one moment. Raises Invalid for a part or period that is none.
    """
    if not session.in_transaction():
        begin_snapshot(session)
    if part not in _READ:
        raise Invalid(N_("The report has no such part."), field="part")
    book = rules or current_rules(session)
    period = Period.of(from_on, to_on, book)
    zones = [
        zone.tz.key
        for zone in period.zones
        if actor.branch_id is None or actor.branch_id in zone.branch_ids
    ]
    sections = _READ[part](session, Asked(actor, period, None, now, book))
    return OutcomeReport(part, from_on, to_on, zones, sections)

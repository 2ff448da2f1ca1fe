"""One part of the report on outcomes, read when it is asked for and not before."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime

from sqlalchemy.orm import Session

from complaints.db import begin_snapshot
from complaints.domain.errors import N_, Invalid
from complaints.domain.permissions import Actor
from complaints.queries.reports.outcomes.arrivals import build_arrivals, find_arrivals
from complaints.queries.reports.outcomes.causes import build_causes, find_causes
from complaints.queries.reports.outcomes.division import (
    OUTCOME_DIVISIONS,
    Build,
    Found,
    divide,
)
from complaints.queries.reports.outcomes.results import build_results, find_results
from complaints.queries.reports.outcomes.satisfaction import (
    build_satisfaction,
    find_satisfaction,
)
from complaints.queries.reports.outcomes.sections import OutcomeReport
from complaints.queries.reports.outcomes.steps import build_steps, find_steps
from complaints.queries.reports.parts import Asked
from complaints.queries.reports.period import Period
from complaints.rulebook import RuleBook, current_rules

Find = Callable[[Session, Asked], Found]

#: Part → how its rows are found, and what is put together from them.
_READ: Mapping[str, tuple[Find, Build]] = {
    "results": (find_results, build_results),
    "steps": (find_steps, build_steps),
    "causes": (find_causes, build_causes),
    "arrivals": (find_arrivals, build_arrivals),
    "satisfaction": (find_satisfaction, build_satisfaction),
}
#: What customers say is no figure of single persons.
_NOT_BY_PERSON = ("satisfaction",)
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
    by: str | None = None,
    *,
    now: datetime,
    rules: RuleBook | None = None,
) -> OutcomeReport:
    """Count one part of what lies in the person's scope; days are local days of each branch.

    With `by` each line is divided. Everything is read as it stands at one moment. Raises Invalid
    for a part, division or period that is none.
    """
    if not session.in_transaction():
        begin_snapshot(session)
    if part not in _READ:
        raise Invalid(N_("The report has no such part."), field="part")
    if by is not None and by not in divisions_of(part):
        raise Invalid(N_("The report cannot be divided by %(by)s."), field="by", by=by[:40])
    book = rules or current_rules(session)
    period = Period.of(from_on, to_on, book)
    zones = [
        zone.tz.key
        for zone in period.zones
        if actor.branch_id is None or actor.branch_id in zone.branch_ids
    ]
    asked, (find, build) = Asked(actor, period, by, now, book), _READ[part]
    found = find(session, asked)
    sections = build(found, asked)
    if by is not None:
        sections = divide(session, asked, sections, found, build)
    return OutcomeReport(part, by, from_on, to_on, zones, sections)


def divisions_of(part: str) -> Sequence[str]:
    """What a part can be divided by."""
    return [by for by in OUTCOME_DIVISIONS if by != "handler" or part not in _NOT_BY_PERSON]

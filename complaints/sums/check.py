"""Whether the sums hold: facts against a recomputation, a day's report against its rows."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from complaints.domain.permissions import SYSTEM
from complaints.models import Complaint, StaleReport
from complaints.queries.reports.handling import read_step_times
from complaints.queries.reports.outcomes.flow import build_flow, find_flow, flow_of
from complaints.queries.reports.parts import Asked, Parts, count_parts
from complaints.queries.reports.period import Period
from complaints.queries.reports.summaries.compose import parts_of, read_sums, steps_from
from complaints.queries.reports.summaries.facts import compute_facts
from complaints.queries.reports.summaries.state import fresh_bodies
from complaints.rulebook import current_rules

#: So many complaints are compared in one round.
WINDOW = 500
#: A round compares the report of one of so many days back.
DAYS_BACK = 400


@dataclass(frozen=True, slots=True)
class Compared:
    """How many complaints were compared, up to which id, and the ids of those that differed."""

    compared: int
    differing: list[int]
    last_id: int


def compare_facts(session: Session, after_id: int, now: datetime, limit: int = WINDOW) -> Compared:
    """Compare the facts of the next complaints with a recomputation; reads only.

    Those that are known to have changed since are left out. `last_id` is 0 at the end of all.
    """
    query = select(Complaint.id).where(Complaint.id > after_id).order_by(Complaint.id).limit(limit)
    ids = list(session.scalars(query))
    stored = fresh_bodies(session, ids, now)
    computed = compute_facts(session, stored, current_rules(session), now)
    differing = [each for each, body in stored.items() if computed[each].facts.as_text() != body]
    return Compared(len(stored), differing, ids[-1] if len(ids) == limit else 0)


def mark(session: Session, ids: list[int]) -> None:
    """Have the facts of these complaints computed again."""
    if ids:
        session.execute(insert(StaleReport), [{"complaint_id": each} for each in ids])


def differing_parts(session: Session, first: date, last: date, now: datetime) -> list[str] | None:
    """Which parts of a report differ between sums and rows; None where only rows are counted."""
    rules = current_rules(session)
    asked = Asked(SYSTEM, Period.of(first, last, rules), None, now, rules)
    sums = read_sums(session, asked)
    if sums is None:
        return None
    summed, counted = parts_of(sums, asked), count_parts(session, asked)
    names = [name for name in Parts.__slots__ if getattr(summed, name) != getattr(counted, name)]
    times, standing = steps_from(sums, asked.period)
    if times != read_step_times(session, asked.actor, asked.period, rules):
        names.append("steps")
    if build_flow(flow_of(standing), ()) != build_flow(find_flow(session, asked), ()):
        names.append("flow")
    return names


def day_to_compare(turn: int, today: date) -> date:
    """The day that is compared in this turn: all of the last ones, one after the other."""
    return today - timedelta(days=turn % DAYS_BACK)

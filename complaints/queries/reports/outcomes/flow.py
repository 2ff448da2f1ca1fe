"""How far complaints came: of those received in the period, how many reached each step, and left.

A complaint has reached a step when it or a later one is on record, so that no step counts more than
the one before it. Where it stands, or stood when it ended, is the last step on record.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    case,
    false,
    func,
    or_,
    select,
    true,
)
from sqlalchemy.orm import Session

from complaints.domain.errors import N_
from complaints.domain.permissions import Actor
from complaints.models import Complaint, StepRecord
from complaints.queries.reports.balance import was_ended_elsewhere
from complaints.queries.reports.handling import (
    CLOSED,
    CLOSING,
    OTHER,
    REFERRED,
    STANDING_OPEN,
    STEPS,
    WITHDRAWN,
    became,
    reached_in_time,
    written_out,
)
from complaints.queries.reports.outcomes.division import found_by
from complaints.queries.reports.outcomes.sections import Column, Kind, Line, Section, share
from complaints.queries.reports.parts import Asked
from complaints.queries.reports.period import Period
from complaints.queries.scope import in_scope

RECEIVED = "received"
#: Step → what has been reached with it, in their order.
FLOW_NAMES: Mapping[str, str] = {
    RECEIVED: N_("Received"),
    "020-1.6": N_("Registered"),
    "020-2.2": N_("Main cause recorded"),
    "020-2.4": N_("Priority set"),
    "020-2.5": N_("Plan made"),
    "020-3.3": N_("Solution offered"),
    "020-3.4": N_("Accepted by the customer"),
    CLOSING: N_("Closed"),
}
assert list(FLOW_NAMES) == [RECEIVED, *STEPS, CLOSING]
_PLACES = list(FLOW_NAMES)
#: How complaints stand that went no further; the last three are ends.
OPEN = STANDING_OPEN
ENDS = (WITHDRAWN, REFERRED, OTHER)
LEFT = (OPEN, *ENDS)
#: All who ended at a step without closing: a list of its own, and no column.
ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Standing:
    """How many complaints stand so, and went so far."""

    became: str
    furthest: int
    times: int
    division: Any = None


def find_flow(session: Session, asked: Asked) -> list[Standing]:
    """Counted from the rows, in one query."""
    return [Standing(**row._mapping) for row in session.execute(_standing(asked))]


def flow_of(counts: Mapping[tuple[str, str], int]) -> list[Standing]:
    """The same from the sums: how a complaint became and its last step on record → how many."""
    return [
        Standing(state, _PLACES.index(step or RECEIVED), times)
        for (state, step), times in counts.items()
    ]


def build_flow(rows: Sequence[Standing], steps: Sequence[Line]) -> Section:
    """How far complaints came; the times are those of the steps, which are put together already."""
    found: Counter[tuple[int, str]] = Counter()
    for row in rows:
        place = _PLACES.index(CLOSING) if row.became == CLOSED else row.furthest
        found[place, row.became] += row.times
    every = sum(found.values())
    times = {line.key: line for line in steps}
    lines = [_line(place, found, every, times) for place in range(len(_PLACES))]
    return Section(
        "flow",
        N_("How far complaints came"),
        N_(
            "Of the complaints received in the period, how many reached each step or a later one, "
            "and where those are or were that went no further. Median time: working time from the "
            "step before, of the complaints closed in the period, as in the table of the time per "
            "step. What another system had ended before we took it over is left out."
        ),
        N_("Step"),
        [
            Column("count", N_("Reached")),
            Column("share", N_("Of those received"), Kind.SHARE),
            Column(OPEN, N_("Still at this step")),
            Column(WITHDRAWN, N_("Withdrawn")),
            Column(REFERRED, N_("Referred elsewhere")),
            Column(OTHER, N_("Duplicate or no complaint")),
            Column("median_seconds", N_("Median time"), Kind.TIME),
        ],
        lines,
    )


def in_flow(actor: Actor, period: Period, *columns: Any) -> Select[Any]:
    """The complaints that are counted: received in the period, and not ended elsewhere."""
    return select(*columns).where(
        period.holds(Complaint.received_at), in_scope(actor), ~was_ended_elsewhere()
    )


def has_reached(step: str) -> ColumnElement[bool]:
    """Whether a complaint reached this step, or a later one."""
    if step == RECEIVED:
        return true()
    is_closed = became() == CLOSED
    later = _from(step)
    return or_(is_closed, _is_recorded(later)) if later else is_closed


def went_no_further(step: str, *states: str) -> ColumnElement[bool]:
    """Whether this step is the last that a complaint reached, which stands in one of these ways."""
    if step == CLOSING:
        return false()
    stands_so = became().in_(states)
    if step == RECEIVED:
        return and_(stands_so, ~_is_recorded(list(STEPS)))
    at, *later = _from(step)
    further = _is_recorded(later) if later else false()
    return and_(stands_so, _is_recorded([at]), ~further)


def _from(step: str) -> list[str]:
    """This step and those after it, as far as they have a record of their own."""
    keys = list(STEPS)
    return keys[keys.index(step) :] if step in STEPS else []


def _is_recorded(criteria: Sequence[str]) -> ColumnElement[bool]:
    return (
        select(StepRecord.id)
        .where(
            StepRecord.complaint_id == Complaint.id,
            StepRecord.criterion.in_([written_out(each) for each in criteria]),
            reached_in_time(),
        )
        .correlate(Complaint)
        .exists()
    )


def _standing(asked: Asked) -> Select[Any]:
    """Complaints by how they stand and by the last step on record, 0 for none.

    Records are looked up only of those that are not closed: a closed one has passed every step.
    """
    furthest = func.max(
        case(
            *(
                (StepRecord.criterion == written_out(key), place)
                for place, key in enumerate(_PLACES)
                if key in STEPS
            ),
            else_=0,
        )
    )
    state = became().label("became")
    is_asked = and_(
        StepRecord.complaint_id == Complaint.id,
        StepRecord.criterion.in_([written_out(each) for each in STEPS]),
        reached_in_time(),
        state.element != CLOSED,
    )
    columns = Complaint.id, state, func.coalesce(furthest, 0).label("furthest")
    query = (
        in_flow(asked.actor, asked.period, *columns)
        .select_from(Complaint)
        .outerjoin(StepRecord, is_asked)
        .group_by(Complaint.id, state)
    )
    each = found_by(query, asked, Complaint.received_at).subquery("each")
    groups = [column for column in each.c if column.name != "id"]
    return select(*groups, func.count().label("times")).group_by(*groups)


def _line(
    place: int, found: Counter[tuple[int, str]], every: int, times: Mapping[str, Line]
) -> Line:
    key = _PLACES[place]
    reached = sum(count for (at, _), count in found.items() if at >= place)
    step = times.get(key)
    values: dict[str, Any] = {
        "count": reached,
        "share": share(reached, every),
        "median_seconds": step.values["median_seconds"] if step else None,
    }
    values[ENDED] = sum(found[place, state] for state in ENDS)
    for state in LEFT:
        values[state] = None if key == CLOSING else found[place, state]
    return Line(
        key,
        values,
        FLOW_NAMES[key],
        behind={"count": "flow", **{each: f"flow_{each}" for each in (*LEFT, ENDED)}},
        asked={"line": key},
        sample=step.sample if step else None,
        samples={"share": every},
    )

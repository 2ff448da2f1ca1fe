"""The balance of a period: each complaint received stands in one place, and the places add up.

The place says what became of the complaint's latest promise, and a promise that was missed stays
missed: neither a reopening nor any end puts the complaint into a better place. What another system
had ended before it was taken over was never promised by us and stands apart.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.orm import Session

from complaints.domain.deadlines import DeadlineState
from complaints.domain.evidence import EVERY_CRITERION
from complaints.domain.lifecycle import ENDED, Status
from complaints.domain.permissions import Actor
from complaints.domain.words.exits import ExitKind
from complaints.models import Complaint, Deadline, Exit, HistoryEntry, StepRecord
from complaints.queries.reports.counting import another_goes_before, is_outcome_kind
from complaints.queries.reports.period import Period, Window
from complaints.queries.scope import in_scope
from complaints.queries.told_date import ended_after_told

#: The places in which a complaint may stand, as the page lists them; they add up to the received.
PLACES = (
    "kept",
    "missed_settled",
    "missed_open",
    "running",
    "paused",
    "withdrawn",
    "referred",
    "duplicate",
    "renamed",
    "no_promise",
)
#: Where those stand that another system had ended.
TAKEN_OVER = "taken_over"
#: Those of all places together, and those of the kept that were written down only afterwards.
RECEIVED = "received"
KEPT_DATED_BACK = "kept_dated_back"

_STATES = DeadlineState


@dataclass(frozen=True, slots=True)
class Balance:
    """How many complaints stand in each place, and how many stand apart.

    `kept_dated_back` are those of the kept ones of which nothing was on record at the due time:
    what kept the promise was written down after it, and dated back.
    """

    places: Mapping[str, int]
    taken_over: int = 0
    kept_dated_back: int = 0

    @property
    def received(self) -> int:
        """The complaints received that are judged: the sum of the places."""
        return sum(self.places.values())

    def as_json(self) -> dict[str, int]:
        """The places as plain values; `missed` is `missed_settled` and `missed_open` together."""
        missed = self.places["missed_settled"] + self.places["missed_open"]
        return {
            "received": self.received,
            **self.places,
            "missed": missed,
            "kept_dated_back": self.kept_dated_back,
            "taken_over": self.taken_over,
        }


def read_balance(session: Session, actor: Actor, period: Period, now: datetime) -> Balance:
    """Put the complaints received in the period into their places; two queries."""
    place = place_of(now).label("place")
    columns: list[Any] = [place, func.count().label("number")]
    query = (
        with_promise(select(*columns).select_from(Complaint))
        .where(period.holds(Complaint.received_at), in_scope(actor))
        .group_by("place")
    )
    found = {row.place: row.number for row in session.execute(query)}
    late = dated_back_ids(actor, period, now).subquery()
    dated_back = session.scalar(select(func.count()).select_from(late)) or 0
    places = {name: found.get(name, 0) for name in PLACES}
    return Balance(places, found.get(TAKEN_OVER, 0), dated_back)


def dated_back_ids(actor: Actor, period: Window, now: datetime) -> Select[Any]:
    """The ids of those kept only by an entry of the history written after the due time.

    What was written down late is little; the query begins with it.
    """
    history = HistoryEntry
    query = (
        select(Complaint.id)
        .distinct()
        .select_from(history)
        .join(Complaint, Complaint.id == history.complaint_id)
    )
    return with_promise(query).where(
        period.holds(Complaint.received_at),
        in_scope(actor),
        history.recorded_at > Deadline.due_at,
        history.recorded_at.is_not(None),
        history.at == Deadline.ended_at,
        place_of(now) == "kept",
    )


def with_promise(query: Select[Any]) -> Select[Any]:
    """Join the clock of each complaint's latest promise, where it has one.

    Which of several clocks it is (`is_outcome`), is asked of those that were joined: as a part of
    the join it would be settled for all clocks there are, whatever the period.
    """
    is_its = and_(
        Deadline.complaint_id == Complaint.id,
        Deadline.cycle == Complaint.cycle,
        is_outcome_kind(),
    )
    has_none = Deadline.id.is_(None)
    return query.outerjoin(Deadline, is_its).where(or_(has_none, ~another_goes_before()))


def place_of(now: datetime) -> ColumnElement[str]:
    """The place of a complaint; the first that fits."""
    has_ended = Complaint.status.in_([each.value for each in ENDED])
    breached = Deadline.state == _STATES.BREACHED.value
    is_late = and_(Deadline.state == _STATES.RUNNING.value, Deadline.due_at < now)
    promised, clock_ended = Complaint.promised_at, Deadline.ended_at.is_not(None)
    has_no_clock, missed_before = Deadline.id.is_(None), _missed_before()
    is_settled = or_(has_ended, Deadline.state == _STATES.MET.value)
    return case(
        (was_ended_elsewhere(), TAKEN_OVER),
        (and_(breached, clock_ended), "missed_settled"),
        (and_(has_no_clock, has_ended, ended_after_told()), "missed_settled"),
        (and_(missed_before, is_settled), "missed_settled"),
        (or_(missed_before, breached, is_late), "missed_open"),
        (and_(has_ended, Complaint.duplicate_of_id.is_not(None)), "duplicate"),
        (and_(has_ended, Complaint.contact_id.is_not(None)), "renamed"),
        (Complaint.status == Status.WITHDRAWN.value, "withdrawn"),
        (Complaint.status == Status.REFERRED.value, "referred"),
        (Deadline.state == _STATES.MET.value, "kept"),
        (Deadline.state == _STATES.PAUSED.value, "paused"),
        (Deadline.state == _STATES.RUNNING.value, "running"),
        # No clock runs for the customer: what was told binds all the same.
        (and_(has_ended, ended_after_told()), "missed_settled"),
        (and_(has_ended, Complaint.closed_at <= promised), "kept"),
        (has_ended, "no_promise"),
        (Complaint.waiting_customer, "paused"),
        (promised < now, "missed_open"),
        else_="running",
    )


def _missed_before() -> ColumnElement[bool]:
    """Whether a promise had been missed when the complaint was opened again."""
    reopening = (
        select(Exit.id)
        .where(
            Exit.complaint_id == Complaint.id,
            Exit.kind == ExitKind.REOPENING.value,
            Exit.promise_state == "missed",
        )
        .correlate(Complaint)
        .exists()
    )
    return and_(Complaint.cycle > 1, reopening)


def was_ended_elsewhere() -> ColumnElement[bool]:
    """Whether another system had ended the complaint; reopened here, it is ours."""
    record = (
        select(StepRecord.id)
        .where(StepRecord.complaint_id == Complaint.id, StepRecord.criterion == EVERY_CRITERION)
        .correlate(Complaint)
        .exists()
    )
    return and_(Complaint.external_id.is_not(None), Complaint.cycle == 1, record)

"""What complaints add to the report, computed from their rows with the report's own conditions."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, cast
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, case, func, select
from sqlalchemy.orm import Session

from complaints.domain.commitments.rules import OwnerKind
from complaints.domain.deadlines import OUTCOME_KINDS, DeadlineState
from complaints.domain.lifecycle import ENDED
from complaints.domain.permissions import SYSTEM
from complaints.domain.reporting.spans import counted_span
from complaints.domain.words.exits import ExitKind
from complaints.models import Commitment, Complaint, Customer, Deadline, Escalation, Exit, Offer
from complaints.queries.kept import NOW
from complaints.queries.reports.approvals import (
    DECIDER_ID,
    IS_AGREED,
    IS_APPROVED,
    IS_GIVEN,
    IS_REJECTED,
    IS_REQUEST,
)
from complaints.queries.reports.balance import (
    dated_back_ids,
    place_of,
    was_ended_elsewhere,
    with_promise,
)
from complaints.queries.reports.counting import (
    FIGURES,
    OF_CLOCKS,
    counted,
    counted_first,
    is_counted_clock,
    is_outcome,
)
from complaints.queries.reports.exceptions_union import all_exceptions
from complaints.queries.reports.first_contact import is_ours, was_first_contact
from complaints.queries.reports.handling import (
    CLOSED,
    CLOSING,
    became,
    furthest_step,
    handled_span,
    step_lengths,
    was_handled,
    when_reached,
)
from complaints.queries.reports.stopped import stood
from complaints.queries.reports.summaries import shapes
from complaints.queries.reports.summaries.chosen import IDS, Chosen
from complaints.queries.reports.summaries.shapes import Facts, key_of
from complaints.queries.reports.undertaken import STANDS, all_owed
from complaints.rows import is_postgresql
from complaints.rulebook import RuleBook

#: So many complaints are looked at with one round of queries.
AT_ONCE = 500
_ENDED = frozenset(each.value for each in ENDED)
_OUTCOMES = frozenset(each.value for each in OUTCOME_KINDS)
_BY_DUE = tuple(name for name in FIGURES if name not in ("received", "first_kept", "first_missed"))
_BY_FIRST = ("first_kept", "first_missed")


@dataclass(slots=True)
class Computed:
    """A complaint's facts, and between which moments they hold (see `ReportFacts`)."""

    facts: Facts
    zone: ZoneInfo
    valid_after: datetime | None = None
    valid_until: datetime | None = None

    def turns(self, at: datetime | None, now: datetime) -> None:
        """Note that something is counted otherwise once `at` is over."""
        if at is None:
            return
        if at < now:
            self.valid_after = max(at, self.valid_after or at)
        else:
            self.valid_until = min(at, self.valid_until or at)

    def add(self, part: str, key: str, at: datetime, *numbers: int) -> None:
        """Count on the local day of the branch."""
        self.facts.add(part, key, at.astimezone(self.zone).date(), *numbers)


def compute_facts(
    session: Session, ids: Iterable[int], rules: RuleBook, now: datetime
) -> dict[int, Computed]:
    """What each of these complaints adds to the report as of `now`; ten queries for 500 of them.

    An id that no complaint has is left out.
    """
    ordered, found = sorted(ids), {}
    for start in range(0, len(ordered), AT_ONCE):
        found.update(_compute(session, ordered[start : start + AT_ONCE], rules, now))
    return found


def _compute(
    session: Session, ids: Sequence[int], rules: RuleBook, now: datetime
) -> dict[int, Computed]:
    connection, queries = session.connection(), _queries(is_postgresql(session))
    values = {IDS: list(ids), "now": now}
    late = set(connection.scalars(queries.late, values))
    found = {
        row.id: _received(row, row.id in late, rules, now)
        for row in connection.execute(queries.received, values)
    }
    for query, add in queries.parts:
        for row in connection.execute(query, values):
            add(row, found[row.complaint_id], rules, now)
    return found


@dataclass(frozen=True, slots=True)
class _Queries:
    """The ten statements, put together once: that takes longer than to ask them of a complaint."""

    received: Select[Any]
    late: Select[Any]
    #: What is asked beside, and what becomes of each row.
    parts: Sequence[tuple[Select[Any], Callable[[Any, Computed, RuleBook, datetime], None]]]


@cache
def _queries(on_postgresql: bool) -> _Queries:
    chosen, now = Chosen(on_postgresql), cast(datetime, NOW)
    return _Queries(
        _ask_received(chosen, now),
        dated_back_ids(SYSTEM, chosen, now),
        (
            (_ask_steps(chosen), _add_steps),
            (_ask_clocks(chosen, now), _add_clock),
            (_ask_exceptions(chosen), _add_exception),
            (_ask_stopped(chosen), _add_stopped),
            (_ask_escalations(chosen), _add_escalation),
            (_ask_money(chosen), _add_money),
            (_ask_undertaken(chosen, now), _add_undertaken),
        ),
    )


def _ask_received(chosen: Chosen, now: datetime) -> Select[Any]:
    """The complaints themselves, the places in which they stand, and first contacts."""
    columns: list[Any] = [
        Complaint.id,
        Complaint.branch_id,
        Complaint.category,
        Complaint.team_id,
        Complaint.priority,
        Complaint.channel,
        Complaint.handler_id,
        Complaint.confirmed_cause,
        Customer.tier,
        Customer.needs,
        Complaint.product,
        Complaint.received_at,
        Complaint.status,
        Complaint.promised_at,
        _flag(is_ours(), "is_ours"),
        _flag(was_first_contact(), "is_first_contact"),
        Complaint.closed_at,
        place_of(now).label("place"),
        _flag(was_handled(), "is_handled"),
    ]
    query = (
        select(*columns)
        .select_from(Complaint)
        .join(Customer, Customer.id == Complaint.customer_id)
        .where(chosen.of(Complaint.id))
    )
    return with_promise(query)


def _received(row: Any, is_late: bool, rules: RuleBook, now: datetime) -> Computed:
    facts = Facts(row.branch_id, _divided(row))
    each = Computed(facts, rules.calendar_of(row.branch_id).value.tz)
    each.add(shapes.FIGURES, "", row.received_at, 1)
    each.add(shapes.PLACE, row.place, row.received_at, 1, int(is_late))
    if row.is_ours:
        each.add(shapes.CONTACT, row.channel, row.received_at, 1, row.is_first_contact)
    if row.status not in _ENDED:
        each.turns(row.promised_at, now)
        each.add(shapes.OPEN, "", row.received_at, 1)
    if row.is_handled:
        span = handled_span(rules, row.branch_id, row.received_at, row.closed_at)
        each.add(shapes.HANDLED, str(span), row.closed_at, 1)
    return each


def _divided(row: Any) -> list[str]:
    words = (
        row.category,
        row.team_id,
        row.priority,
        row.channel,
        row.handler_id,
        row.confirmed_cause,
        row.tier,
        ",".join(row.needs or ()),
        row.product,
    )
    return ["" if word is None else str(word) for word in words]


def _ask_steps(chosen: Chosen) -> Select[Any]:
    return when_reached(chosen.of(Complaint.id)).add_columns(
        Complaint.id.label("complaint_id"),
        became().label("became"),
        _flag(was_handled(), "is_handled"),
        _flag(was_ended_elsewhere(), "is_elsewhere"),
    )


def _add_steps(row: Any, each: Computed, rules: RuleBook, now: datetime) -> None:
    if not row.is_elsewhere:
        step = CLOSING if row.became == CLOSED else furthest_step(row)
        each.add(shapes.FLOW, key_of(row.became, step), row.received_at, 1)
    if not row.is_handled:
        return
    for step, seconds in step_lengths(rules, row):
        each.add(shapes.STEP, key_of(step, counted_span(seconds)), row.closed_at, 1, seconds)


def _ask_clocks(chosen: Chosen, now: datetime) -> Select[Any]:
    """Promises by what became of them, and all clocks by their kind."""
    judged = {**counted(now), **counted_first(now)}
    return (
        select(
            Deadline.complaint_id,
            Deadline.kind,
            Deadline.state,
            Deadline.due_at,
            Deadline.first_told_at,
            Deadline.ended_at,
            _flag(is_outcome(), "is_promise"),
            _flag(is_counted_clock(), "is_counted"),
            *(_flag(condition, name) for name, condition in judged.items()),
        )
        .select_from(Deadline)
        .join(Complaint, Complaint.id == Deadline.complaint_id)
        .where(chosen.of(Deadline.complaint_id))
    )


def _add_clock(row: Any, each: Computed, rules: RuleBook, now: datetime) -> None:
    if row.ended_at is None:
        if row.state == DeadlineState.RUNNING:
            each.turns(row.due_at, now)
        if row.kind in _OUTCOMES:
            each.turns(row.first_told_at, now)
    if row.is_counted:
        of_clocks = (getattr(row, name) for name in OF_CLOCKS)
        each.add(shapes.CLOCK, row.kind, row.due_at, *of_clocks)
    if row.is_promise:
        each.add(shapes.FIGURES, "", row.due_at, *_figures(row, _BY_DUE))
        if row.first_told_at is not None:
            each.add(shapes.FIGURES, "", row.first_told_at, *_figures(row, _BY_FIRST))


def _figures(row: Any, names: Sequence[str]) -> Iterator[int]:
    """The numbers of a line of figures, nought for those that count on another day."""
    return (getattr(row, name) if name in names else 0 for name in FIGURES)


def _ask_exceptions(chosen: Chosen) -> Select[*tuple[Any, ...]]:
    acts = all_exceptions(SYSTEM, chosen).c
    return select(
        acts.complaint_id,
        acts.kind,
        acts.at,
        acts.by_id,
        acts.by_customer,
        _flag(acts.past_id.is_not(None), "is_past"),
    )


def _add_exception(row: Any, each: Computed, rules: RuleBook, now: datetime) -> None:
    key = key_of(row.kind, row.by_id, int(row.by_customer))
    each.add(shapes.EXCEPTION, key, row.at, 1, row.is_past)


def _ask_stopped(chosen: Chosen) -> Select[*tuple[Any, ...]]:
    return select(
        Exit.complaint_id, Exit.at, Exit.kind, stood().label("stood"), Exit.paused_seconds
    ).where(
        chosen.of(Exit.complaint_id),
        Exit.kind.in_([ExitKind.PAUSE.value, ExitKind.WITHDRAWAL.value]),
    )


def _add_stopped(row: Any, each: Computed, rules: RuleBook, now: datetime) -> None:
    if row.kind == ExitKind.PAUSE:
        each.add(shapes.PAUSE, "", row.at, 1, row.paused_seconds)
    else:
        each.add(shapes.WITHDRAWN, row.stood, row.at, 1)


def _ask_escalations(chosen: Chosen) -> Select[*tuple[Any, ...]]:
    return select(
        Escalation.complaint_id,
        Escalation.level,
        Escalation.deadline_id,
        Escalation.raised_at,
        Escalation.acknowledged_at,
    ).where(chosen.of(Escalation.complaint_id))


def _add_escalation(row: Any, each: Computed, rules: RuleBook, now: datetime) -> None:
    taken = row.acknowledged_at
    is_by_hand = row.deadline_id is None
    numbers = 1, int(is_by_hand), int(taken is not None)
    each.add(shapes.LEVEL, str(row.level), row.raised_at, *numbers)
    if taken is not None:
        calendar = rules.calendar_of(each.facts.branch_id).value
        span = counted_span(calendar.between(row.raised_at, taken))
        each.add(shapes.TAKEN, key_of(row.level, span), row.raised_at, 1)


def _ask_money(chosen: Chosen) -> Select[Any]:
    return select(
        Offer.complaint_id,
        Offer.at,
        Offer.by_id,
        DECIDER_ID.label("decider_id"),
        Offer.amount,
        _flag(IS_GIVEN, "is_given"),
        _flag(IS_AGREED, "is_agreed"),
        _flag(IS_REQUEST, "is_request"),
        _flag(IS_APPROVED, "is_approved"),
        _flag(IS_REJECTED, "is_rejected"),
    ).where(chosen.of(Offer.complaint_id), Offer.amount > 0)


def _add_money(row: Any, each: Computed, rules: RuleBook, now: datetime) -> None:
    amount = row.amount
    if row.is_given:
        agreed = row.is_agreed, amount * row.is_agreed
        each.add(shapes.GIVEN, key_of(row.by_id), row.at, 1, amount, *agreed)
    if row.is_request:
        each.add(shapes.ASKED, key_of(row.by_id), row.at, 1, amount)
        decided = row.is_approved, amount * row.is_approved, row.is_rejected
        each.add(shapes.DECIDED, key_of(row.decider_id), row.at, *decided)


def _ask_undertaken(chosen: Chosen, now: datetime) -> Select[Any]:
    """Commitments by owner; what no clock runs for is missed once its own date is over."""
    theirs = all_owed(SYSTEM, chosen, now)
    owed = theirs.c
    return (
        select(
            owed.complaint_id,
            owed.due_at,
            owed.owner_kind,
            owed.owner_id,
            owed.team_id,
            owed.stands,
            _flag(
                Commitment.deadline_id.is_(None)
                & Commitment.done_at.is_(None)
                & Commitment.dropped_at.is_(None),
                "is_waiting",
            ),
        )
        .select_from(theirs)
        .join(Commitment, Commitment.id == owed.id)
    )


def _add_undertaken(row: Any, each: Computed, rules: RuleBook, now: datetime) -> None:
    if row.is_waiting:
        each.turns(row.due_at, now)
    is_theirs = row.owner_kind == OwnerKind.CUSTOMER
    key = key_of(row.owner_kind, *(("", "") if is_theirs else (row.owner_id, row.team_id)))
    each.add(shapes.OWED, key, row.due_at, *(int(row.stands == name) for name in STANDS))


def _flag(condition: ColumnElement[bool], name: str) -> Any:
    return func.coalesce(case((condition, 1), else_=0), 0).label(name)

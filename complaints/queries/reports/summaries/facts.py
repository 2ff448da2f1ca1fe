"""What complaints add to the report, computed from their rows with the report's own conditions."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import Session

from complaints.domain.commitments.rules import OwnerKind
from complaints.domain.deadlines import OUTCOME_KINDS, DeadlineState
from complaints.domain.lifecycle import ENDED
from complaints.domain.permissions import SYSTEM
from complaints.domain.reporting.spans import counted_span
from complaints.domain.words.exits import ExitKind
from complaints.models import Commitment, Complaint, Customer, Deadline, Escalation, Exit, Offer
from complaints.queries.reports.approvals import (
    DECIDER_ID,
    IS_AGREED,
    IS_APPROVED,
    IS_GIVEN,
    IS_REJECTED,
    IS_REQUEST,
)
from complaints.queries.reports.balance import dated_back_ids, place_of, with_promise
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
from complaints.queries.reports.handling import handled_span, was_handled
from complaints.queries.reports.stopped import stood
from complaints.queries.reports.summaries import shapes
from complaints.queries.reports.summaries.chosen import Chosen
from complaints.queries.reports.summaries.shapes import Facts, key_of
from complaints.queries.reports.undertaken import STANDS, all_owed
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
    """What each of these complaints adds to the report as of `now`; nine queries for 500 of them.

    An id that no complaint has is left out.
    """
    ordered, found = sorted(ids), {}
    for start in range(0, len(ordered), AT_ONCE):
        found.update(_compute(session, ordered[start : start + AT_ONCE], rules, now))
    return found


def _compute(
    session: Session, ids: Sequence[int], rules: RuleBook, now: datetime
) -> dict[int, Computed]:
    chosen = Chosen(session, ids)
    found = _received(session, chosen, rules, now)
    for add in (_clocks, _exceptions, _stopped, _escalations, _money, _undertaken):
        add(session, chosen, found, rules, now)
    return found


def _received(
    session: Session, chosen: Chosen, rules: RuleBook, now: datetime
) -> dict[int, Computed]:
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
    late = set(session.scalars(dated_back_ids(SYSTEM, chosen, now)))
    found = {}
    for row in session.execute(with_promise(query)):
        facts = Facts(row.branch_id, _divided(row))
        each = Computed(facts, rules.calendar_of(row.branch_id).value.tz)
        each.add(shapes.FIGURES, "", row.received_at, 1)
        each.add(shapes.PLACE, row.place, row.received_at, 1, int(row.id in late))
        if row.is_ours:
            each.add(shapes.CONTACT, row.channel, row.received_at, 1, row.is_first_contact)
        if row.status not in _ENDED:
            each.turns(row.promised_at, now)
            each.add(shapes.OPEN, "", row.received_at, 1)
        if row.is_handled:
            span = handled_span(rules, row.branch_id, row.received_at, row.closed_at)
            each.add(shapes.HANDLED, str(span), row.closed_at, 1)
        found[row.id] = each
    return found


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


def _clocks(
    session: Session, chosen: Chosen, found: dict[int, Computed], rules: RuleBook, now: datetime
) -> None:
    """Promises by what became of them, and all clocks by their kind."""
    judged = {**counted(now), **counted_first(now)}
    query = (
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
    for row in session.execute(query):
        each = found[row.complaint_id]
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


def _exceptions(
    session: Session, chosen: Chosen, found: dict[int, Computed], rules: RuleBook, now: datetime
) -> None:
    acts = all_exceptions(SYSTEM, chosen).c
    query = select(
        acts.complaint_id,
        acts.kind,
        acts.at,
        acts.by_id,
        acts.by_customer,
        _flag(acts.past_id.is_not(None), "is_past"),
    )
    for row in session.execute(query):
        key = key_of(row.kind, row.by_id, int(row.by_customer))
        found[row.complaint_id].add(shapes.EXCEPTION, key, row.at, 1, row.is_past)


def _stopped(
    session: Session, chosen: Chosen, found: dict[int, Computed], rules: RuleBook, now: datetime
) -> None:
    query = select(
        Exit.complaint_id, Exit.at, Exit.kind, stood().label("stood"), Exit.paused_seconds
    ).where(
        chosen.of(Exit.complaint_id),
        Exit.kind.in_([ExitKind.PAUSE.value, ExitKind.WITHDRAWAL.value]),
    )
    for row in session.execute(query):
        each = found[row.complaint_id]
        if row.kind == ExitKind.PAUSE:
            each.add(shapes.PAUSE, "", row.at, 1, row.paused_seconds)
        else:
            each.add(shapes.WITHDRAWN, row.stood, row.at, 1)


def _escalations(
    session: Session, chosen: Chosen, found: dict[int, Computed], rules: RuleBook, now: datetime
) -> None:
    query = select(
        Escalation.complaint_id,
        Escalation.level,
        Escalation.deadline_id,
        Escalation.raised_at,
        Escalation.acknowledged_at,
    ).where(chosen.of(Escalation.complaint_id))
    for row in session.execute(query):
        each, taken = found[row.complaint_id], row.acknowledged_at
        is_by_hand = row.deadline_id is None
        numbers = 1, int(is_by_hand), int(taken is not None)
        each.add(shapes.LEVEL, str(row.level), row.raised_at, *numbers)
        if taken is not None:
            calendar = rules.calendar_of(each.facts.branch_id).value
            span = counted_span(calendar.between(row.raised_at, taken))
            each.add(shapes.TAKEN, key_of(row.level, span), row.raised_at, 1)


def _money(
    session: Session, chosen: Chosen, found: dict[int, Computed], rules: RuleBook, now: datetime
) -> None:
    query = select(
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
    for row in session.execute(query):
        each, amount = found[row.complaint_id], row.amount
        if row.is_given:
            agreed = row.is_agreed, amount * row.is_agreed
            each.add(shapes.GIVEN, key_of(row.by_id), row.at, 1, amount, *agreed)
        if row.is_request:
            each.add(shapes.ASKED, key_of(row.by_id), row.at, 1, amount)
            decided = row.is_approved, amount * row.is_approved, row.is_rejected
            each.add(shapes.DECIDED, key_of(row.decider_id), row.at, *decided)


def _undertaken(
    session: Session, chosen: Chosen, found: dict[int, Computed], rules: RuleBook, now: datetime
) -> None:
    """Commitments by owner; what no clock runs for is missed once its own date is over."""
    theirs = all_owed(SYSTEM, chosen, now)
    owed = theirs.c
    query = (
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
    for row in session.execute(query):
        each = found[row.complaint_id]
        if row.is_waiting:
            each.turns(row.due_at, now)
        is_theirs = row.owner_kind == OwnerKind.CUSTOMER
        key = key_of(row.owner_kind, *(("", "") if is_theirs else (row.owner_id, row.team_id)))
        each.add(shapes.OWED, key, row.due_at, *(int(row.stands == name) for name in STANDS))


def _flag(condition: ColumnElement[bool], name: str) -> Any:
    return func.coalesce(case((condition, 1), else_=0), 0).label(name)

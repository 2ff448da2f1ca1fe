"""What waits for a superior: escalations nobody has taken note of, offers and dates to approve."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, func, literal_column, select, true
from sqlalchemy.orm import Session, aliased

from complaints.domain.deadlines import OUTCOME_KINDS
from complaints.domain.ledger import EntryKind
from complaints.domain.lifecycle import OPEN
from complaints.domain.permissions import Actor, Permission
from complaints.models import Complaint, Deadline, Escalation, Extension, LedgerEntry, Offer, User
from complaints.queries.due_status import due_status_of, next_due_status
from complaints.queries.kept import Kept
from complaints.queries.lists.board_cards import ApprovalCard, EscalationCard, SignatureCard
from complaints.queries.lists.decisions import made_exit, of_complaint
from complaints.queries.paging import at_most
from complaints.queries.paused_until import is_next_due, next_clock, next_clock_paused_until
from complaints.queries.scope import joined_in_scope
from complaints.rulebook import RuleBook

#: More cards of a kind than these nobody can work through; the page says that there are more.
MOST_CARDS = 100

_Raiser, _Addressee, _Handler = aliased(User), aliased(User), aliased(User)
_Ended = aliased(LedgerEntry)


@dataclass(frozen=True, slots=True)
class Board:
    """The cards of the board, the reader's own first.

    `is_cut` when there may be more escalations than were asked for.
    """

    escalations: Sequence[EscalationCard]
    approvals: Sequence[ApprovalCard]
    signatures: Sequence[SignatureCard]
    is_cut: bool
    reader_id: int | None

    @property
    def own_escalations(self) -> list[EscalationCard]:
        """The escalations addressed to the reader."""
        return [card for card in self.escalations if card.is_mine]

    @property
    def own_approvals(self) -> list[ApprovalCard]:
        """What the reader may decide now."""
        return [card for card in self.approvals if card.is_for(self.reader_id)]

    @property
    def own_signatures(self) -> list[SignatureCard]:
        """What the reader may sign."""
        return [card for card in self.signatures if not card.is_own]


@dataclass(slots=True)
class _Group:
    row: Row[Any]
    names: list[str] = field(default_factory=list)
    level: int = 0
    is_mine: bool = False
    #: One whose deadline applies no more, where there is one.
    ended: Row[Any] | None = None


def read_board(
    session: Session,
    rules: RuleBook,
    actor: Actor,
    *,
    now: datetime,
    most: int = MOST_CARDS,
    own_only: bool = False,
) -> Board:
    """The board of this person; four queries, five where their own escalations do not fill it.

    Of escalations, which are dear to read, there are `most` at most; with `own_only` none of
    others, and no more than four queries.
    """
    rows = _escalation_rows(session, actor, most, own_only)
    groups: dict[int, _Group] = {}
    for row in rows:
        group = groups.setdefault(row.id, _Group(row))
        group.level = max(group.level, row.level)
        group.is_mine = group.is_mine or row.to_id == actor.id
        group.ended = group.ended or (row if row.ended_at is not None else None)
        if row.addressee and row.addressee not in group.names:
            group.names.append(row.addressee)
    cards = [_card(group, rules, now) for group in groups.values()]
    cards.sort(key=lambda card: (not card.is_mine, -card.level, card.since))
    approvals = [_offer(row, rules) for row in _OFFERS.rows(session, actor)]
    approvals += [_extension(row, rules, actor, now) for row in _EXTENSIONS.rows(session, actor)]
    approvals.sort(key=lambda card: (not card.is_for(actor.id), card.since))
    signatures = [_signature(row, rules, actor) for row in _TO_SIGN.rows(session, actor)]
    return Board(cards, approvals, signatures, len(rows) >= most, actor.id)


def _escalation_rows(
    session: Session, actor: Actor, most: int, own_only: bool
) -> Sequence[Row[Any]]:
    """The open escalations to show, the reader's own first, the longest waiting first."""
    rows = _OWN.rows(session, actor, most)
    if len(rows) < most and not own_only:
        rows = [*rows, *_OF_OTHERS.rows(session, actor, most)][:most]
    return rows


def _own(actor: Actor, most: int = MOST_CARDS) -> Any:
    return _escalations(_longest_waiting(Escalation.to_id == actor.id, true(), most))


def _of_others(actor: Actor, most: int = MOST_CARDS) -> Any:
    is_others = func.coalesce(Escalation.to_id, 0) != actor.id
    return _escalations(_longest_waiting(is_others, joined_in_scope(actor), most))


def _escalations(wanted: Select[Any]) -> Any:
    clock = (Deadline.complaint_id == Complaint.id, Deadline.ended_at.is_(None))
    started = (
        select(func.min(Deadline.started_at))
        .where(*clock, is_next_due())
        .correlate(Complaint)
        .scalar_subquery()
    )
    state = (
        select(func.min(Deadline.state))
        .where(*clock, is_next_due())
        .correlate(Complaint)
        .scalar_subquery()
    )
    return (
        select(
            *_COMPLAINT,
            Complaint.status,
            Complaint.priority,
            Complaint.category,
            _Handler.name.label("handler"),
            Complaint.handler_id,
            Complaint.next_due_at,
            Complaint.next_due_kind,
            started.label("clock_started_at"),
            state.label("clock_state"),
            next_clock_paused_until().label("paused_until"),
            next_clock(Deadline.policy_version_id).label("clock_policy"),
            next_clock(Deadline.clause).label("clock_clause"),
            Escalation.level,
            Escalation.raised_at,
            Escalation.reason,
            Escalation.to_id,
            _Raiser.name.label("raiser"),
            _Addressee.name.label("addressee"),
            _Ended.at.label("ended_at"),
            _Ended.reason.label("end_reason"),
        )
        .select_from(Escalation)
        .join(Complaint, Complaint.id == Escalation.complaint_id)
        .outerjoin(_Handler, _Handler.id == Complaint.handler_id)
        .outerjoin(_Raiser, _Raiser.id == Escalation.raised_by_id)
        .outerjoin(_Addressee, _Addressee.id == Escalation.to_id)
        .outerjoin(
            _Ended,
            and_(
                _Ended.deadline_id == Escalation.deadline_id,
                _Ended.what == EntryKind.CANCEL.value,
            ),
        )
        .where(Escalation.id.in_(select(wanted.subquery().c.id)))
        .order_by(Escalation.raised_at, Escalation.id)
    )


def _longest_waiting(
    whose: ColumnElement[bool], scope: ColumnElement[bool], most: int
) -> Select[Any]:
    """The ids of the open escalations to show; reading ends early by an index."""
    is_open = Complaint.status.in_([each.value for each in OPEN])
    return (
        select(Escalation.id)
        .where(Escalation.acknowledged_at.is_(None), whose, of_complaint(and_(is_open, scope)))
        .order_by(Escalation.raised_at, Escalation.id)
        .limit(at_most(most))
    )


_COMPLAINT = (
    Complaint.id,
    Complaint.year,
    Complaint.version,
    Complaint.history_seq,
    Complaint.branch_id,
    Complaint.contact_name.label("customer"),
)


def _offers(actor: Actor) -> Any:
    # Adding nothing, here and below, as in `decisions`.
    return (
        select(
            *_COMPLAINT,
            Offer.at,
            Offer.description,
            Offer.remedy,
            Offer.amount,
            Offer.by_id,
            Offer.approver_id,
            _Addressee.name.label("approver"),
            _Raiser.name.label("asker"),
        )
        .join(Complaint, Complaint.id == Offer.complaint_id + 0)
        .outerjoin(_Raiser, _Raiser.id == Offer.by_id)
        .outerjoin(_Addressee, _Addressee.id == Offer.approver_id)
        .where(
            Offer.state == literal_column("'waiting_approval'"),
            Complaint.status.in_([each.value for each in OPEN]),
            joined_in_scope(actor),
        )
        .order_by(Offer.id)
        .limit(MOST_CARDS)
    )


def _outcome(wanted: Any) -> Any:
    """What the earliest outcome clock of the complaint has in this column."""
    return (
        select(wanted)
        .where(
            Deadline.complaint_id == Complaint.id,
            Deadline.ended_at.is_(None),
            Deadline.kind.in_([each.value for each in OUTCOME_KINDS]),
        )
        .order_by(Deadline.due_at)
        .limit(1)
        .correlate(Complaint)
        .scalar_subquery()
    )


def _extensions(actor: Actor) -> Any:
    return (
        select(
            *_COMPLAINT,
            Extension.asked_at,
            Extension.reason,
            Extension.until,
            Extension.asked_by_id,
            Extension.is_beyond,
            _outcome(Deadline.due_at).label("due_at"),
            _outcome(Deadline.state).label("clock_state"),
            _Raiser.name.label("asker"),
        )
        .join(Complaint, Complaint.id == Extension.complaint_id + 0)
        .outerjoin(_Raiser, _Raiser.id == Extension.asked_by_id)
        .where(
            Extension.answer.is_(None),
            Complaint.status.in_([each.value for each in OPEN]),
            joined_in_scope(actor),
        )
        .order_by(Extension.id)
        .limit(MOST_CARDS)
    )


def _to_sign(actor: Actor) -> Any:
    """The open complaints that wait for a signature, the longest waiting first."""
    return (
        select(
            *_COMPLAINT,
            Complaint.category,
            Complaint.handler_id,
            Complaint.received_by_id,
            Complaint.signature_asked_at,
            _Handler.name.label("handler"),
            made_exit(actor.id).label("has_made"),
        )
        .outerjoin(_Handler, _Handler.id == Complaint.handler_id)
        .where(
            Complaint.signature_asked_at.is_not(None),
            Complaint.status.in_([each.value for each in OPEN]),
            joined_in_scope(actor),
        )
        .order_by(Complaint.signature_asked_at, Complaint.id)
        .limit(MOST_CARDS)
    )


_OWN, _OF_OTHERS, _OFFERS = Kept(_own), Kept(_of_others), Kept(_offers)
_EXTENSIONS, _TO_SIGN = Kept(_extensions), Kept(_to_sign)


def _card(group: _Group, rules: RuleBook, now: datetime) -> EscalationCard:
    row = group.row
    return EscalationCard(
        id=row.id,
        number=rules.numbers.write(row.year, row.id),
        version=row.version,
        seen=row.history_seq,
        status=row.status,
        priority=row.priority,
        customer=row.customer,
        category=row.category,
        branch_id=row.branch_id,
        handler=row.handler,
        handler_id=row.handler_id,
        level=group.level,
        since=row.raised_at,
        reason=row.reason,
        raised_by=row.raiser,
        addressees=group.names,
        is_mine=group.is_mine,
        due_at=row.next_due_at,
        due_kind=row.next_due_kind,
        standing=next_due_status(row, rules, now),
        ended_at=group.ended.ended_at if group.ended else None,
        end_reason=group.ended.end_reason if group.ended else "",
    )


def _signature(row: Row[Any], rules: RuleBook, actor: Actor) -> SignatureCard:
    return SignatureCard(
        id=row.id,
        number=rules.numbers.write(row.year, row.id),
        version=row.version,
        seen=row.history_seq,
        customer=row.customer,
        category=row.category,
        branch_id=row.branch_id,
        handler=row.handler,
        is_own=bool(row.has_made) or actor.id == (row.handler_id or row.received_by_id),
        since=row.signature_asked_at,
    )


def _offer(row: Row[Any], rules: RuleBook) -> ApprovalCard:
    return ApprovalCard(
        id=row.id,
        number=rules.numbers.write(row.year, row.id),
        version=row.version,
        seen=row.history_seq,
        customer=row.customer,
        branch_id=row.branch_id,
        asked_by=row.asker,
        asked_by_id=row.by_id,
        since=row.at,
        words=row.description,
        remedy=row.remedy,
        amount=row.amount,
        asked_of=row.approver,
        asked_of_id=row.approver_id,
    )


def _extension(row: Row[Any], rules: RuleBook, actor: Actor, now: datetime) -> ApprovalCard:
    calendar = rules.calendar_of(row.branch_id).value
    return ApprovalCard(
        id=row.id,
        number=rules.numbers.write(row.year, row.id),
        version=row.version,
        seen=row.history_seq,
        customer=row.customer,
        branch_id=row.branch_id,
        asked_by=row.asker,
        asked_by_id=row.asked_by_id,
        since=row.asked_at,
        words=row.reason,
        until=row.until,
        due_at=row.due_at,
        standing=due_status_of(calendar, None, row.due_at, row.clock_state, now)
        if row.due_at is not None
        else None,
        is_barred=row.is_beyond and not actor.has(Permission.EXTEND_FURTHER),
    )

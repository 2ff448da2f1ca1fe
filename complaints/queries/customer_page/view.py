"""What a customer may know of their own complaint: where it stands, what comes next, by when.

No names of staff, no notes, no causes: only what the customer was told.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from complaints.domain.commitments.rules import CommitmentKind, DropCause, OwnerKind
from complaints.domain.deadlines import OUTCOME_KINDS, Kind
from complaints.domain.lifecycle import ENDED, Status
from complaints.domain.words.exits import ExitKind
from complaints.models import Complaint, Customer, Deadline, Exit
from complaints.queries.complaint.commitments import commitments_of
from complaints.queries.complaint.duplicates import OriginalLink, original_link
from complaints.queries.complaint.offer_put import OfferPut, offer_put
from complaints.queries.complaint.told_dates import ToldDate, read_told_dates
from complaints.queries.correction import is_corrected
from complaints.queries.customer_page.question import WAS_ASKED, open_question
from complaints.queries.customer_page.said import AfterEnd, continued_link, read_after_end
from complaints.queries.numbers import contact_number
from complaints.queries.paused_until import paused_until
from complaints.rulebook import current_rules

#: In which order the customer reads what was undertaken.
_ORDER = (
    CommitmentKind.OBJECTION,
    CommitmentKind.DOCUMENT,
    CommitmentKind.STEP,
    CommitmentKind.DELIVERY,
)

#: So many characters of the story are read: more than the page shows of it.
SHOWN_OF_STORY = 200

#: Where an offer is before the customer, or they have just answered one.
_OFFERING = (Status.IN_HANDLING, Status.OFFERED)


@dataclass(frozen=True, slots=True)
class PromisedStep:
    """What the customer was told, will bring or is to receive; `due_at` None when no date was told.

    `is_theirs` is what the customer has to do.
    """

    kind: str
    what: str
    due_at: datetime | None
    done_at: datetime | None
    is_dropped: bool
    is_theirs: bool
    follows_promise: bool


@dataclass(frozen=True, slots=True)
class CustomerView:
    """One complaint for its customer; `nonce` is what the link has to fit.

    `is_corrected` says that the customer has answered the summary: it is for us to put it right.
    `settled` is how the promise stood when the solution was accepted: ``met`` or ``breached``.
    """

    id: int
    number: str
    nonce: str
    link_given_at: datetime | None
    branch_id: int
    status: str
    is_waiting: bool
    awaits_delivery: bool
    awaits_confirmation: bool
    is_corrected: bool
    paused_until: datetime | None
    awaited: str | None
    awaited_words: str
    escalation_level: int
    summary: str
    #: How their own words begin; the page shows them until there is a summary.
    story: str
    category: str | None
    received_at: datetime
    promised_at: datetime | None
    first_told_at: datetime | None
    closed_at: datetime | None
    outcome: str | None
    language: str
    steps: Sequence[PromisedStep]
    told: Sequence[ToldDate]
    offer: OfferPut | None = None
    settled: str | None = None
    original: OriginalLink | None = None
    #: Under which number it goes on where it was no complaint.
    contact: str = ""
    #: What they have said of this closing; None before any end.
    after_end: AfterEnd | None = None
    continued: OriginalLink | None = None
    #: What we asked them in a letter and they have not answered; empty for nothing.
    question: str = ""
    #: Until when our receipt is due, while nobody has begun to write the complaint down.
    read_by: datetime | None = None

    @property
    def objects(self) -> bool:
        """Whether an objection of theirs waits for its answer."""
        return any(
            each.kind == CommitmentKind.OBJECTION and each.done_at is None and not each.is_dropped
            for each in self.steps
        )

    @property
    def answer_due_at(self) -> datetime | None:
        """Until when their objection is answered; None where none waits."""
        due = (
            each.due_at
            for each in self.steps
            if each.kind == CommitmentKind.OBJECTION and each.done_at is None
            if not each.is_dropped and each.due_at is not None
        )
        return min(due, default=None)

    @property
    def may_object(self) -> bool:
        """Whether there is something to object to, and no objection that waits."""
        is_theirs_to = self.status not in (Status.RECEIVED, Status.WITHDRAWN)
        return is_theirs_to and self.original is None and not self.objects


def find_customer_view(session: Session, complaint_id: int) -> CustomerView | None:
    """The complaint behind a customer's link, or None; two queries, four when a date was moved.

    One that nobody has begun with asks for the clock of its receipt, an offer for itself and the
    letter that carries it, a duplicate for its original, an accepted one for the clock of the
    promise, what has ended for what its customer said of that and for what goes on from it.
    """
    row = session.execute(_facts(complaint_id)).first()
    if row is None:
        return None
    rules = current_rules(session)
    has_ended = row.status in ENDED and row.duplicate_of_id is None
    awaited, words = awaited_of(session, complaint_id) if row.waiting_customer else (None, "")
    is_asked = row.awaiting_confirmation and row.status not in ENDED
    return CustomerView(
        id=row.id,
        number=rules.numbers.write(row.year, row.id),
        nonce=row.follow_nonce,
        link_given_at=row.link_given_at,
        branch_id=row.branch_id,
        status=row.status,
        is_waiting=row.waiting_customer,
        awaits_delivery=row.awaiting_delivery,
        awaits_confirmation=is_asked,
        is_corrected=is_asked and is_corrected(session, row.id),
        paused_until=paused_until(session, complaint_id) if row.waiting_customer else None,
        awaited=awaited,
        awaited_words=words,
        escalation_level=row.escalation_level,
        summary=row.summary,
        story=row.story,
        category=row.category,
        received_at=row.received_at,
        promised_at=row.promised_at,
        first_told_at=row.first_told_at,
        closed_at=row.closed_at,
        outcome=row.outcome,
        language=row.language,
        steps=_promised(session, row.id),
        # Only a date that was moved has a story.
        told=read_told_dates(session, row.id) if row.first_told_at != row.promised_at else (),
        offer=offer_put(session, row.id, row.cycle) if row.status in _OFFERING else None,
        settled=_settled(session, row.id) if row.status == Status.ACCEPTED else None,
        contact=contact_number(session, rules, row.contact_id) if row.contact_id else "",
        original=None if row.duplicate_of_id is None else original_link(session, rules, row.id),
        after_end=read_after_end(session, row.id, row.cycle)
        if has_ended or row.cycle > 1
        else None,
        continued=continued_link(session, rules, row.id) if has_ended else None,
        question=open_question(session, row.id)
        if row.was_asked and row.status not in ENDED
        else "",
        read_by=find_receipt_facts(session, row.id, Kind.ACK.value).read_by
        if row.status == Status.RECEIVED and not row.summary
        else None,
    )


def _facts(complaint_id: int) -> Select[*tuple[Any, ...]]:
    """What the page says of the complaint's own row, and the language of its customer."""
    return (
        select(
            Complaint.id,
            Complaint.year,
            Complaint.follow_nonce,
            Complaint.link_given_at,
            WAS_ASKED,
            Complaint.branch_id,
            Complaint.status,
            Complaint.cycle,
            Complaint.waiting_customer,
            Complaint.awaiting_delivery,
            Complaint.awaiting_confirmation,
            Complaint.escalation_level,
            Complaint.summary,
            func.substr(Complaint.story, 1, SHOWN_OF_STORY).label("story"),
            Complaint.category,
            Complaint.received_at,
            Complaint.promised_at,
            Complaint.first_told_at,
            Complaint.closed_at,
            Complaint.outcome,
            Complaint.customer_id,
            Complaint.duplicate_of_id,
            Complaint.contact_id,
            Customer.language,
        )
        .join(Customer, Customer.id == Complaint.customer_id)
        .where(Complaint.id == complaint_id)
    )


@dataclass(frozen=True, slots=True)
class ReceiptFacts:
    """What the receipt on the page says besides: whether a letter goes out, until when it is read.

    `read_by` is when our receipt is due, as long as that clock runs.
    """

    has_email: bool
    read_by: datetime | None


def find_receipt_facts(session: Session, complaint_id: int, kind: str) -> ReceiptFacts:
    """The facts of a complaint that is there; `kind` is that of the clock of our receipt."""
    email, read_by = session.execute(
        select(
            Complaint.contact_email,
            select(func.min(Deadline.due_at))
            .where(
                Deadline.complaint_id == Complaint.id,
                Deadline.kind == kind,
                Deadline.ended_at.is_(None),
            )
            .correlate(Complaint)
            .scalar_subquery(),
        ).where(Complaint.id == complaint_id)
    ).one()
    return ReceiptFacts(email is not None, read_by)


def find_follow_nonce(session: Session, complaint_id: int) -> str | None:
    """What the link of a complaint is made of; None when there is no such complaint."""
    return session.scalar(select(Complaint.follow_nonce).where(Complaint.id == complaint_id))


def awaited_of(session: Session, complaint_id: int) -> tuple[str | None, str]:
    """What the present pause waits for: the code, and the words told to the customer with it."""
    query = select(Exit.code, Exit.reason).where(
        Exit.complaint_id == complaint_id,
        Exit.kind == ExitKind.PAUSE.value,
        Exit.ended_at.is_(None),
    )
    pause = session.execute(query.order_by(Exit.id.desc()).limit(1)).first()
    return (pause.code or None, pause.reason) if pause else (None, "")


def _settled(session: Session, complaint_id: int) -> str | None:
    """How the latest clock of the outcome ended; None while it runs."""
    query = select(Deadline.state, Deadline.ended_at).where(
        Deadline.complaint_id == complaint_id,
        Deadline.kind.in_([kind.value for kind in OUTCOME_KINDS]),
    )
    last = session.execute(query.order_by(Deadline.id.desc()).limit(1)).first()
    return last.state if last is not None and last.ended_at is not None else None


def _promised(session: Session, complaint_id: int) -> list[PromisedStep]:
    """What was undertaken towards the customer, in order; plan and follow-up are ours alone."""
    told = [
        each
        for each in commitments_of(session, complaint_id)
        if each.kind in _ORDER and each.drop_cause != DropCause.REWRITTEN
    ]
    last = max((each.revision for each in told if each.kind == CommitmentKind.STEP), default=0)
    told = [each for each in told if each.kind != CommitmentKind.STEP or each.revision == last]
    told.sort(key=lambda each: (_ORDER.index(each.kind), each.position))
    return [
        PromisedStep(
            each.kind,
            each.what,
            each.due_at,
            each.done_at,
            each.dropped_at is not None,
            each.owner_kind == OwnerKind.CUSTOMER,
            each.follows_promise,
        )
        for each in told[:50]
    ]

"""End a complaint as a duplicate: the customer follows the other one, which goes on for both."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, select

from complaints.clocks.changes import Clocks
from complaints.domain.commitments.rules import DropCause
from complaints.domain.deadlines import DeadlineState
from complaints.domain.errors import N_, Invalid
from complaints.domain.lifecycle import PERMISSION_FOR, Action, Status
from complaints.domain.permissions import SYSTEM, require
from complaints.domain.proofs.duplicates import Original, require_original
from complaints.domain.words.exits import ExitKind
from complaints.models import Complaint, Exit
from complaints.outbox.queue import queue_letters
from complaints.people.signers import handler_of
from complaints.queries.complaint.duplicates import read_duplicates
from complaints.queries.complaint.same_customer import told_by_another
from complaints.steps.advance import advance, write_history
from complaints.steps.case import WITH_CUSTOMER, Case, count_from_now, open_beside
from complaints.steps.casework.approve import drop_waiting_offer
from complaints.steps.casework.escalation_end import tell_called
from complaints.steps.casework.extend import drop_request
from complaints.steps.casework.pause import note_end_of_pause
from complaints.steps.casework.promise_state import promise_state
from complaints.steps.commitments.settle import give_up_all
from complaints.steps.excuse import exit_columns
from complaints.steps.incidents.link import move_links
from complaints.steps.notify import customer_letter, letter_to_customer, tell_people


def merge_complaint(case: Case, *, into: str, reason: str = "") -> None:
    """End the complaint because `into` is about the same matter and goes on for both.

    Another customer's complaint is refused. It takes effect when it is recorded and keeps what the
    promise stood at; the earlier of both promises survives: one that lies ahead is the date of
    `into` from now on. What went on as this complaint goes on
    as the other one, and its customers hear which.
    """
    require(case.by, PERMISSION_FOR[Action.MERGE])
    count_from_now(case)
    complaint, other = case.complaint, open_beside(case, into, field="into")
    original = other.complaint
    promised = require_original(
        case.number, complaint.promised_at, _standing(other), may_move=_may_move(case, other)
    )
    reason = reason.strip()
    is_anothers = _is_anothers(case, original)
    if is_anothers:
        refuse_anothers(other)
    state = promise_state(case)
    advance(
        case,
        Action.MERGE,
        detail={"into": other.number, "reason": reason, "promise": state},
        keep=lambda clocks: give_up_all(case, clocks, DropCause.DUPLICATE),
    )
    complaint.duplicate_of_id = original.id
    case.session.add(
        Exit(
            kind=ExitKind.DUPLICATE.value,
            reason=reason,
            promise_state=state,
            other_id=original.id,
            detail={"another_customer": True} if is_anothers else {},
            **exit_columns(case),
        )
    )
    told = {"promised_at": promised.isoformat()} if promised else {}
    letter_to_customer(case, "merged", facts={"other": other.number, **told}, or_paper=True)
    tell_called(case, "escalated_merged", into=other.number)
    outcomes = case.rules.taxonomy.outcomes.values()
    complaint.outcome = next((each.id for each in outcomes if each.merges), None)
    complaint.waiting_customer = False
    note_end_of_pause(case)
    drop_request(case)
    drop_waiting_offer(case)
    _move_followers(case, other)
    move_links(case, other)
    _adopt(case, other, reason, promised)
    # Whoever has it hears of the date as well: a duplicate may have brought an earlier one.
    kind = "duplicate_joined" if promised is None else "duplicate_joined_earlier"
    until = {"until": promised.isoformat()} if promised else {}
    facts = {"duplicate": case.number, **until}
    tell_people(other, [handler_of(original)], kind, facts=facts)


def refuse_anothers(other: Case) -> None:
    """Refuse to let a complaint go on as another customer's, who would read and answer for both.

    Those that were merged before it was refused go on as they did.
    """
    raise Invalid(
        N_(
            "%(other)s is another customer's complaint. Link both instead, or make them part of "
            "one incident: each customer keeps their own."
        ),
        field="into",
        other=other.number,
    )


def tell_followers(case: Case) -> None:
    """Write the other customers whose complaints went on as this one that it has ended.

    They read of their own complaint only, and how to have it opened again.
    """
    ended = f"{case.complaint.id}:{case.complaint.history_seq}"
    for follower in others_following(case):
        key = f"original_ended:{ended}:{follower.complaint.id}"
        via = "email" if follower.complaint.contact_email else "letter"
        facts = {"other": case.number}
        letter = customer_letter(follower, "original_ended", key, facts=facts, via=via)
        queue_letters(case.session, [letter])


def note_apart(case: Case) -> None:
    """A complaint that is opened again stands for itself; the exit keeps until when it did not."""
    complaint = case.complaint
    if complaint.duplicate_of_id is None:
        return
    complaint.duplicate_of_id = None
    query = select(Exit).where(
        Exit.complaint_id == complaint.id,
        Exit.kind == ExitKind.DUPLICATE.value,
        Exit.ended_at.is_(None),
    )
    for each in case.session.scalars(query):
        each.ended_at = case.at


def others_following(case: Case) -> list[Case]:
    """The ended duplicates of this complaint that other customers told, each locked."""
    found = _following(case, told_by_another(case.complaint))
    return [Case(case.session, case.rules, each, SYSTEM, case.at) for each in found]


def _move_followers(case: Case, other: Case) -> None:
    """Let what went on as this complaint go on as the other one; their customers hear which."""
    for complaint in _following(case):
        follower = Case(case.session, case.rules, complaint, case.by, case.at)
        complaint.duplicate_of_id = other.complaint.id
        write_history(follower, Action.MERGE, {"into": other.number, "instead_of": case.number})
        letter_to_customer(follower, "merged", facts={"other": other.number}, or_paper=True)


def _may_move(case: Case, other: Case) -> bool:
    """Whether time runs for both, so that the date told on one can become that of the other.

    Not where the other one was extended: of that date the customer has heard in a letter.
    """
    promised = case.complaint.promised_at
    if promised is None or promised <= case.at:
        return False
    own, others = (
        Clocks.of(each.session, each.rules, each.complaint, each.by.id) for each in (case, other)
    )
    mine, theirs = own.outcome(), others.outcome()
    runs = DeadlineState.RUNNING
    if theirs is None or theirs.state != runs or (mine is not None and mine.state != runs):
        return False
    return others.ledger(theirs).extended_until is None


def _adopt(case: Case, other: Case, reason: str, promised: datetime | None) -> None:
    """Note on the other complaint what joined it, and the earlier date that came with it."""
    detail = {"duplicate": case.number, "reason": reason}
    if promised is None:
        advance(other, Action.ADOPT, detail=detail)
        return
    was = other.complaint.promised_at
    other.complaint.promised_at = promised
    advance(
        other,
        Action.ADOPT,
        detail={**detail, "until": promised.isoformat(), "was": was.isoformat() if was else ""},
        keep=lambda clocks: clocks.note_promise(promised, other.at),
    )


def _is_anothers(case: Case, original: Complaint) -> bool:
    query = select(Complaint.id).where(Complaint.id == original.id, told_by_another(case.complaint))
    return case.session.scalar(query) is not None


def _following(case: Case, *conditions: ColumnElement[bool]) -> Sequence[Complaint]:
    query = (
        WITH_CUSTOMER.where(
            Complaint.duplicate_of_id == case.complaint.id,
            Complaint.status == Status.CLOSED.value,
            *conditions,
        )
        .order_by(Complaint.id)
        .with_for_update(of=(Complaint,))
        .execution_options(populate_existing=True)
    )
    return case.session.scalars(query).all()


def _standing(other: Case) -> Original:
    """How the other complaint stands."""
    complaint = other.complaint
    repeats = read_duplicates(other.session, other.rules, complaint).original
    status, promised = Status(complaint.status), complaint.promised_at
    return Original(other.number, status, repeats, promised)

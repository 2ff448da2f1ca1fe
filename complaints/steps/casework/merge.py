"""End a complaint as a duplicate: the customer follows the other one, which goes on for both."""

from sqlalchemy import select

from complaints.domain.commitments.rules import DropCause
from complaints.domain.errors import N_
from complaints.domain.lifecycle import PERMISSION_FOR, Action, Status
from complaints.domain.permissions import SYSTEM, require
from complaints.domain.proofs.duplicates import Original, require_original
from complaints.domain.short_reason import require_reason
from complaints.domain.words.exits import ExitKind
from complaints.models import Complaint, Exit
from complaints.people.signers import handler_of
from complaints.queries.complaint.duplicates import read_duplicates
from complaints.queries.complaint.given import same_customer
from complaints.steps.advance import advance
from complaints.steps.case import WITH_CUSTOMER, Case, count_from_now, open_beside
from complaints.steps.casework.approve import drop_waiting_offer
from complaints.steps.casework.escalation_end import tell_called
from complaints.steps.casework.extend import drop_request
from complaints.steps.casework.pause import note_end_of_pause
from complaints.steps.casework.promise_state import promise_state
from complaints.steps.commitments.settle import give_up_all
from complaints.steps.excuse import exit_columns
from complaints.steps.notify import letter_to_customer, tell_people


def merge_complaint(case: Case, *, into: str, reason: str = "") -> None:
    """End the complaint because `into` is about the same matter and goes on for both.

    Another customer's complaint needs a reason, which is kept and shown. It takes effect when it
    is recorded and keeps what the promise stood at; the earlier of both promises survives.
    """
    require(case.by, PERMISSION_FOR[Action.MERGE])
    count_from_now(case)
    complaint, other = case.complaint, open_beside(case, into, field="into")
    original = other.complaint
    require_original(case.number, complaint.promised_at, *_standing(case, other))
    reason = reason.strip()
    is_same = original.customer_id in case.session.scalars(same_customer(complaint.customer)).all()
    if not is_same:
        reason = require_reason(
            reason,
            N_(
                "%(other)s is another customer's complaint. Enter why both are about the same "
                "matter."
            ),
            other=other.number,
        )
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
            detail={} if is_same else {"another_customer": True},
            **exit_columns(case),
        )
    )
    letter_to_customer(case, "merged", facts={"other": other.number}, or_paper=True)
    tell_called(case, "escalated_merged", into=other.number)
    outcomes = case.rules.taxonomy.outcomes.values()
    complaint.outcome = next((each.id for each in outcomes if each.merges), None)
    complaint.waiting_customer = False
    note_end_of_pause(case)
    drop_request(case)
    drop_waiting_offer(case)
    advance(other, Action.ADOPT, detail={"duplicate": case.number, "reason": reason})
    handler = handler_of(original)
    tell_people(other, [handler], "duplicate_joined", facts={"duplicate": case.number})


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
    own = case.session.scalars(same_customer(case.complaint.customer)).all()
    query = (
        WITH_CUSTOMER.where(
            Complaint.duplicate_of_id == case.complaint.id,
            Complaint.customer_id.not_in(own),
            Complaint.status == Status.CLOSED.value,
        )
        .order_by(Complaint.id)
        .with_for_update(of=(Complaint,))
        .execution_options(populate_existing=True)
    )
    found = case.session.scalars(query).all()
    return [Case(case.session, case.rules, each, SYSTEM, case.at) for each in found]


def _standing(case: Case, other: Case) -> tuple[Original, list[str]]:
    """How the other complaint stands, and what repeats this one."""
    session, rules, complaint = case.session, case.rules, other.complaint
    own = list(read_duplicates(session, rules, case.complaint).repeated_by)
    repeats = read_duplicates(session, rules, complaint).original
    status, promised = Status(complaint.status), complaint.promised_at
    return Original(other.number, status, repeats, promised), own

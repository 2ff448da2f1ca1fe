"""What a withdrawal rests on: the customer's own act or a call; and how it is taken back."""

from datetime import timedelta

from sqlalchemy import func, select

from complaints.domain.errors import N_, Invalid, Refused
from complaints.domain.lifecycle import Action, Status
from complaints.domain.permissions import CUSTOMER
from complaints.domain.words.exits import ExitKind
from complaints.domain.words.letter_state import IN_WRITING, OWN_PAGE
from complaints.models import Exit, HistoryEntry, Note
from complaints.people.customers import normalise_phone
from complaints.steps.case import Case
from complaints.steps.excuse import exit_columns


def require_withdrawal(case: Case, method: str, number: str) -> str:
    """Refuse a withdrawal that the customer did not make; returns the number called, if any."""
    is_by_customer = method == OWN_PAGE and case.by == CUSTOMER
    if is_by_customer or method == "signature":
        return ""
    if method == "phone":
        called = normalise_phone(number)
        if called is None:
            raise Invalid(N_("Enter the number on which the customer was called."), field="number")
        return called
    if method in IN_WRITING:
        if not _has_written(case, method):
            raise Invalid(
                N_("First record the customer's message in which they withdraw."), field="method"
            )
        return ""
    raise Invalid(
        N_(
            "Say how the customer withdrew: with a signature, in a recorded message, or on the "
            "phone with the number called."
        ),
        field="method",
    )


def keep_withdrawal(case: Case, reason: str, method: str, called: str, state: str) -> None:
    """Store the withdrawal among the ways round, with what the promise stood at."""
    case.session.add(
        Exit(
            kind=ExitKind.WITHDRAWAL.value,
            reason=reason,
            method=method,
            promise_state=state,
            detail={"called": called} if called else {},
            **exit_columns(case),
        )
    )


def require_take_back(case: Case) -> None:
    """Refuse to take a withdrawal back that is none, or after the days for it."""
    complaint = case.complaint
    if complaint.status != Status.WITHDRAWN or complaint.closed_at is None:
        raise Refused(N_("This complaint is not withdrawn."))
    if not may_take_back(case):
        raise Refused(N_("The time to take the withdrawal back is over."))


def may_take_back(case: Case) -> bool:
    """Whether the complaint is withdrawn, and a withdrawal of that day may still be taken back."""
    complaint = case.complaint
    if complaint.status != Status.WITHDRAWN or complaint.closed_at is None:
        return False
    days = case.rules.authority.withdrawal.take_back_days
    return case.at <= complaint.closed_at + timedelta(days=days)


def note_taken_back(case: Case) -> None:
    """Keep with the withdrawal that the customer has taken it back."""
    query = (
        select(Exit)
        .where(
            Exit.complaint_id == case.complaint.id,
            Exit.kind == ExitKind.WITHDRAWAL.value,
            Exit.ended_at.is_(None),
        )
        .order_by(Exit.id.desc())
        .limit(1)
    )
    withdrawal = case.session.scalar(query)
    if withdrawal is not None:
        withdrawal.ended_at = case.at


def _has_written(case: Case, method: str) -> bool:
    """Whether the customer wrote by this means since the cycle began."""
    begun = select(func.max(HistoryEntry.at)).where(
        HistoryEntry.complaint_id == case.complaint.id, HistoryEntry.what == Action.REOPEN.value
    )
    since = case.session.scalar(begun) or case.complaint.received_at
    query = select(Note.id).where(
        Note.complaint_id == case.complaint.id,
        Note.direction == "in",
        Note.method == method,
        Note.at >= since,
    )
    return case.session.scalar(query.limit(1)) is not None

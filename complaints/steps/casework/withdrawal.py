"""What a withdrawal rests on: the customer's own act or a call; and how it is taken back."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, select

from complaints.contacts import normalise_phone
from complaints.domain.errors import N_, Forbidden, Invalid, Refused
from complaints.domain.lifecycle import Action, Status
from complaints.domain.permissions import CUSTOMER, Permission
from complaints.domain.proofs.dialled import is_known, is_plausible, last_digits
from complaints.domain.words.exits import ExitKind
from complaints.domain.words.letter_state import IN_WRITING, OWN_PAGE
from complaints.models import Exit, HistoryEntry, Note
from complaints.people.signers import handler_of
from complaints.steps.case import Case
from complaints.steps.excuse import exit_columns

#: The code of a call to a number that was not on record for the customer, among the exits.
OTHER_NUMBER = "other_number"


@dataclass(frozen=True, slots=True)
class CustomersAct:
    """By which act the customer withdrew.

    `called` is the number of a call, `wrote` the last that the customer wrote themselves.
    """

    method: str
    called: str = ""
    wrote: str = ""
    is_other_number: bool = False

    def said(self) -> dict[str, str]:
        """What the history keeps of it; of a number only its end."""
        other = {OTHER_NUMBER: last_digits(self.called)} if self.is_other_number else {}
        return {"method": self.method, **other}


def require_withdrawal(case: Case, method: str, number: str) -> CustomersAct:
    """The act by which the customer withdrew; a refusal where there was none of theirs.

    What staff type in as a message is their word for the customer's; only what came by itself is
    the customer's own. A call to a number that is not on record takes another person's word.
    """
    is_by_customer = method == OWN_PAGE and case.by == CUSTOMER
    if is_by_customer or method == "signature":
        return CustomersAct(method)
    if method == "phone":
        return _call(case, number)
    if method in IN_WRITING:
        wrote = _last_written(case, method)
        if wrote is None:
            raise Invalid(
                N_(
                    "Only what the customer wrote themselves counts, on their page or by a message "
                    "that came in by itself. Ask them to write there or to sign, or call them on "
                    "the number on record."
                ),
                field="method",
            )
        return CustomersAct(method, wrote=wrote)
    raise Invalid(
        N_(
            "Say how the customer withdrew: with a signature, in a message of their own, or on "
            "the phone with the number called."
        ),
        field="method",
    )


def keep_withdrawal(case: Case, reason: str, act: CustomersAct, state: str) -> None:
    """Store the withdrawal among the exceptions, with what the promise stood at.

    What staff read in a message stands beside the customer's own words, so that whoever reads the
    report sees whether they say so.
    """
    case.session.add(
        Exit(
            kind=ExitKind.WITHDRAWAL.value,
            code=OTHER_NUMBER if act.is_other_number else "",
            reason=f"{reason} – “{act.wrote}”" if act.wrote else reason,
            method=act.method,
            promise_state=state,
            detail={"called": act.called} if act.called else {},
            **exit_columns(case),
        )
    )


def _call(case: Case, typed: str) -> CustomersAct:
    """The call to the number typed; to one not on record only for another person who may sign."""
    called = normalise_phone(typed)
    if called is None or not is_plausible(called):
        raise Invalid(
            N_(
                "Enter the number on which the customer was called, with its area or country "
                "code, such as 0812 3456 7890."
            ),
            field="number",
        )
    if is_known(called, _numbers_on_record(case)):
        return CustomersAct("phone", called)
    if not case.by.has(Permission.COUNTERSIGN) or case.by.id == handler_of(case.complaint):
        raise Forbidden(
            N_(
                "This is not the number on record for the customer. Call them on that one, or ask "
                "a supervisor who does not handle this complaint to speak to the customer and "
                "record it."
            ),
            field="number",
        )
    return CustomersAct("phone", called, is_other_number=True)


def _numbers_on_record(case: Case) -> list[str | None]:
    """The customer's numbers, but for one that this person put there on this complaint."""
    changes = select(HistoryEntry.detail).where(
        HistoryEntry.complaint_id == case.complaint.id,
        HistoryEntry.what == Action.AMEND.value,
        HistoryEntry.by_id == case.by.id,
    )
    for detail in case.session.scalars(changes):
        if "phone" in detail.get("changed", ()):
            return []
    return [case.complaint.contact_phone]


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


def _last_written(case: Case, method: str) -> str | None:
    """The last that the customer wrote by this means, or on their page, since the cycle began."""
    begun = select(func.max(HistoryEntry.at)).where(
        HistoryEntry.complaint_id == case.complaint.id, HistoryEntry.what == Action.REOPEN.value
    )
    since = case.session.scalar(begun) or case.complaint.received_at
    query = (
        select(Note.text)
        .where(
            Note.complaint_id == case.complaint.id,
            Note.direction == "in",
            Note.by_id.is_(None),
            Note.method.in_((method, OWN_PAGE)),
            Note.at >= since,
        )
        .order_by(Note.id.desc())
    )
    return case.session.scalar(query.limit(1))

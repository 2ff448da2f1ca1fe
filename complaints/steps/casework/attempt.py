"""Write down a try to reach the customer that reached nobody, when it is made."""

from complaints.domain.errors import N_, Invalid
from complaints.domain.lifecycle import Action
from complaints.models import Note
from complaints.steps.advance import advance
from complaints.steps.case import Case

#: How somebody can be tried in vain.
MEANS = ("phone", "message", "email", "spoken")


def record_attempt(case: Case, *, method: str, text: str = "") -> None:
    """Keep the attempt; it is no contact, so no clock hears of it.

    The number or address on record is kept as the one that was tried. It counts on the day on which
    it is written down, whatever day it is said to have been.
    """
    if method not in MEANS:
        raise Invalid(N_("Choose how you tried to reach the customer."), field="method")
    case.session.add(
        Note(
            complaint_id=case.complaint.id,
            direction="attempt",
            text=text.strip(),
            method=method,
            at=case.at,
            by_id=case.by.id,
            by_name=case.by.name,
        )
    )
    phone, email = case.complaint.contact_phone, case.complaint.contact_email
    to = {"phone": phone, "message": phone, "email": email}.get(method)
    detail = {"method": method, "note": text.strip(), **({"tried": to} if to else {})}
    advance(case, Action.ATTEMPT, detail=detail)

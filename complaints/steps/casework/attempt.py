"""Write down a try to reach the customer that reached nobody, when it is made."""

from complaints.domain.errors import N_, Invalid
from complaints.domain.lifecycle import Action
from complaints.models import Note
from complaints.steps.advance import advance
from complaints.steps.case import Case

#: How somebody can be tried in vain.
MEANS = ("phone", "message", "email", "spoken")
#: The one of them that needs no number and no address.
_VISIT = "spoken"


def record_attempt(case: Case, *, method: str, text: str = "") -> None:
    """Keep the attempt; it is no contact, so no clock hears of it.

    The number or address on record is kept as the one that was tried. It counts on the day on which
    it is written down, whatever day it is said to have been. Where there is none, nobody was tried.
    """
    if method not in MEANS:
        raise Invalid(N_("Choose how you tried to reach the customer."), field="method")
    tried = _tried(case, method)
    if tried is None and method != _VISIT:
        raise Invalid(
            N_(
                "There is no phone number or email address on record by which the customer could "
                "have been reached this way. Enter it in the record first, or record a visit."
            ),
            field="method",
        )
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
    detail = {"method": method, "note": text.strip(), **({"tried": tried} if tried else {})}
    advance(case, Action.ATTEMPT, detail=detail)


def _tried(case: Case, method: str) -> str | None:
    """The number or address by which the customer was tried; None where none is known."""
    complaint, customer = case.complaint, case.complaint.customer
    phone = complaint.contact_phone or customer.phone
    email = complaint.contact_email or customer.email
    return {"phone": phone, "message": phone, "email": email}.get(method) or None

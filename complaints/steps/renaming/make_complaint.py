"""Make a contact a complaint: every word goes along, and the clocks run from its own receipt."""

from dataclasses import dataclass

from complaints.domain.errors import N_, Refused
from complaints.domain.other_contacts.acts import ContactState
from complaints.domain.permissions import Permission, require
from complaints.domain.short_reason import require_reason
from complaints.models import Complaint
from complaints.people.customers import CustomerGiven
from complaints.steps.amend import Amendment, amend_record
from complaints.steps.case import Case, open_case
from complaints.steps.close import reopen_complaint
from complaints.steps.other_contacts.back import became_complaint
from complaints.steps.other_contacts.record import ContactCase
from complaints.steps.receive import ComplaintGiven, receive_complaint


@dataclass(frozen=True, slots=True)
class MadeComplaint:
    """What the complaint needs beside the contact; only the reason is sure.

    `customer` is who complains, where the contact did not say.
    """

    reason: str
    category: str | None = None
    customer: CustomerGiven | None = None


def make_complaint(contact_case: ContactCase, made: MadeComplaint) -> Case:
    """Record the contact as a complaint, received when the contact was; an ended one too.

    One that had been recorded as a complaint before is opened again, with the deadlines it had; a
    category that is told corrects its own.
    Raises Refused where it is a complaint already, and what receiving one raises.
    """
    require(contact_case.by, Permission.INTAKE)
    contact = contact_case.contact
    if contact.state == ContactState.COMPLAINT:
        raise Refused(N_("This contact has been made a complaint already."))
    reason = require_reason(made.reason, N_("Enter why this is a complaint."))
    if contact.came_from_id is not None:
        case = _open_before(contact_case, contact.came_from_id)
        if case.complaint.contact_id == contact.id:
            reopen_complaint(case, reason=reason)
            if made.category and made.category != case.complaint.category:
                amend_record(case, Amendment(category=made.category))
            return case
    case = receive_complaint(
        contact_case.session,
        contact_case.rules,
        _given(contact_case, made),
        by=contact_case.by,
        at=contact_case.at,
    )
    became_complaint(contact_case, case, reason)
    return case


def _open_before(contact_case: ContactCase, complaint_id: int) -> Case:
    session, rules = contact_case.session, contact_case.rules
    complaint = session.get_one(Complaint, complaint_id)
    number = rules.numbers.write(complaint.year, complaint.id)
    return open_case(session, number, by=contact_case.by, at=contact_case.at, is_now=True)


def _given(contact_case: ContactCase, made: MadeComplaint) -> ComplaintGiven:
    contact = contact_case.contact
    customer = made.customer or CustomerGiven(
        name=contact.customer_name,
        salutation=contact.customer_salutation,
        phone=contact.customer_phone or "",
        email=contact.customer_email or "",
        number=contact.customer_number,
        language=contact.language,
        known_id=contact.customer_id,
    )
    return ComplaintGiven(
        customer=customer,
        channel=contact.channel,
        story=contact.words,
        branch=contact_case.rules.branches[contact.branch_id].code,
        received_at=contact.received_at,
        category=made.category,
        source=contact.source,
        is_unchecked=contact.taken_by_id is None,
        came_as=contact_case.number,
    )

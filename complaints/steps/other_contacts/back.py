"""A contact becomes a complaint, or is one again; the complaint's own step does the rest."""

from complaints.domain.other_contacts.acts import ContactAct, ContactState
from complaints.models import OtherContact
from complaints.steps.case import Case
from complaints.steps.other_contacts.files import take_files_along
from complaints.steps.other_contacts.record import ContactCase, note_act


def note_complaint_again(case: Case) -> None:
    """A complaint that is opened again is no other contact any more; both keep that it was."""
    contact_id = case.complaint.contact_id
    if contact_id is None:
        return
    case.complaint.contact_id = None
    contact = case.session.get_one(OtherContact, contact_id, with_for_update=True)
    became_complaint(ContactCase(case.session, case.rules, contact, case.by, case.at), case)


def became_complaint(contact_case: ContactCase, case: Case, reason: str = "") -> None:
    """Note on the contact that it goes on as this complaint; its files go along."""
    contact = contact_case.contact
    if contact.state == ContactState.COMPLAINT:
        return
    contact.state, contact.became_id = ContactState.COMPLAINT.value, case.complaint.id
    take_files_along(contact.id, case)
    note_act(contact_case, ContactAct.MAKE_COMPLAINT, {"complaint": case.number, "reason": reason})

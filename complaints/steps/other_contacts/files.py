"""Files of a contact that is no complaint: attached, and taken along when it becomes one."""

from complaints.domain.errors import N_, Refused
from complaints.domain.lifecycle import PERMISSION_FOR, Action
from complaints.domain.other_contacts.acts import ContactAct, ContactState
from complaints.domain.permissions import require
from complaints.files.keep import KeptFile
from complaints.models import ContactFile
from complaints.queries.other_contacts.files import files_of_contact
from complaints.steps.case import Case
from complaints.steps.files.attach import attach_file, require_room
from complaints.steps.other_contacts.record import ContactCase, note_act


def attach_to_contact(
    case: ContactCase, kept: KeptFile, *, source: str, from_customer: bool
) -> ContactFile:
    """Put a file that `keep_file` has stored on the contact, with one line in its history.

    `source` is the way it came in; `from_customer` says that they sent it themselves. Raises
    Invalid beyond what one contact may hold, and Refused where it goes on as a complaint.
    """
    require(case.by, PERMISSION_FOR[Action.ATTACH])
    contact = case.contact
    if contact.state == ContactState.COMPLAINT:
        raise Refused(
            N_("This contact has been made a complaint. Attach the file to the complaint.")
        )
    require_room(case.session, ContactFile, ContactFile.contact_id == contact.id, kept)
    row = ContactFile(
        contact_id=contact.id,
        sha256=kept.sha256,
        size=kept.size,
        type=kept.type,
        name=kept.name,
        source=source,
        from_customer=from_customer,
        at=case.at,
        by_id=case.by.id,
        by_name=case.by.name,
    )
    case.session.add(row)
    detail = {"name": kept.name, "sha256": kept.sha256, "size": kept.size, "source": source}
    note_act(case, ContactAct.ATTACH, detail)
    return row


def take_files_along(contact_id: int, case: Case) -> None:
    """Put the files of a contact on the complaint that it has become, each once.

    The customer sees what they sent themselves; what a colleague attached stays internal, also
    where the customer says that it is a complaint. None is refused for want of room.
    """
    # What was done is that it became a complaint; that its files go along goes without saying.
    taken, noted = case.taken, case.noted
    for row in files_of_contact(case.session, contact_id):
        kept = KeptFile(row.sha256, row.size, row.type, row.name)
        shown = row.from_customer
        attach_file(case, kept, shown_to_customer=shown, source=row.source, came_with=row)
    case.taken, case.noted = taken, noted

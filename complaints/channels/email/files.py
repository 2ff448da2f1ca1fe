"""The files of a message: kept before its transaction, attached within it, and missed by nobody."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from complaints.domain.errors import Refused
from complaints.domain.mail.message import MailMessage
from complaints.files.keep import KeptFile, keep_file
from complaints.models import Note
from complaints.people.signers import handler_of
from complaints.steps.case import Case
from complaints.steps.files.attach import attach_file
from complaints.steps.notify import tell_people
from complaints.steps.other_contacts.files import attach_to_contact
from complaints.steps.other_contacts.record import ContactCase

#: So many files of one message are attached; the others stay with the message as it came.
MOST_FILES = 30
_SOURCE = "email"


@dataclass(slots=True)
class MailFiles:
    """The files of a message that the store holds, and the names of those that it does not."""

    kept: Sequence[KeptFile] = ()
    left_out: list[str] = field(default_factory=list)


def keep_files(mail: MailMessage) -> MailFiles:
    """Keep the files of a message; those refused (size, virus, no room) are named, never raised."""
    kept: list[KeptFile] = []
    left_out = [each.name for each in mail.attachments[MOST_FILES:]]
    for each in mail.attachments[:MOST_FILES]:
        data = each.data()
        if not data:
            continue
        try:
            kept.append(keep_file(data, name=each.name))
        except Refused:
            left_out.append(each.name)
    return MailFiles(kept, left_out)


def attach_to_new_contact(case: ContactCase, files: MailFiles) -> None:
    """Attach what was kept to the contact; the rest stays with the message as it came."""
    for each in files.kept:
        with suppress(Refused):
            attach_to_contact(case, each, source=_SOURCE, from_customer=True)


def attach_files(
    case: Case, files: MailFiles, mail: Callable[[], int], note: Note | None = None
) -> None:
    """Attach what was kept to the complaint, as the customer's; who handles it hears of the rest.

    `mail` says the id of the message, which is looked for only where somebody is told.

    The message as it came holds every file, so that nothing is lost with one that is refused.
    """
    left_out = list(files.left_out)
    for each in files.kept:
        try:
            attach_file(case, each, shown_to_customer=True, source=_SOURCE, note=note)
        except Refused:
            left_out.append(each.name)
    if left_out:
        names = ", ".join(left_out[:10]) + (" …" if left_out[10:] else "")
        facts = {"names": names[:500], "mail": mail()}
        tell_people(case, [handler_of(case.complaint)], "mail_files_left", facts=facts)

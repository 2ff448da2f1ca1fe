"""What a person decides about a message that waits: whose it is, that it is new, or nobody's."""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from complaints.channels.email.files import (
    MailFiles,
    attach_files,
    attach_to_new_contact,
    keep_files,
)
from complaints.channels.email.reading import read_mail
from complaints.channels.email.write_down import given_of, shown_of, story_of
from complaints.contacts import normalise_email
from complaints.domain.errors import N_, Invalid, NotFound, Refused
from complaints.domain.mail.kinds import Kind
from complaints.domain.mail.message import MailMessage
from complaints.domain.permissions import Actor, Permission, require
from complaints.domain.short_reason import require_reason
from complaints.models import InboundMessage
from complaints.queries.mail.raw import raw_message
from complaints.queries.mail.sorting import lock_message
from complaints.rulebook import current_rules
from complaints.steps.by_customer.by_mail import EMAIL, keep_automatic, shortened
from complaints.steps.casework.converse import record_message
from complaints.steps.casework.pause import open_now
from complaints.steps.other_contacts.take import ContactGiven, take_contact
from complaints.steps.receive import receive_complaint

#: What may be decided → as it is kept.
DECISIONS = {"attach": "attached", "create": "created", "contact": "contact", "ignore": "ignored"}


@dataclass(frozen=True, slots=True)
class Opened:
    """A message read again from its raw bytes, its files kept, before anything is locked."""

    mail: MailMessage
    files: MailFiles


def open_message(session: Session, message: int, decision: str) -> Opened:
    """Read a message that is about to be decided on; files are kept where they will be attached."""
    raw = raw_message(session, message) or b""
    mail = read_mail(raw, ())
    return Opened(mail, MailFiles() if decision == "ignore" else keep_files(mail))


def decide_message(
    session: Session,
    message: int,
    opened: Opened,
    *,
    decision: str,
    number: str = "",
    reason: str = "",
    kind: str = "",
    branch: str = "",
    by: Actor,
    at: datetime,
) -> str | None:
    """Do with a message what a person says; returns the number it is on. The caller commits.

    - attach: the sender's words, or a machine's, are kept on that complaint;
    - create: a new complaint of the sender, taken by whoever decides;
    - contact: it is no complaint but a question, a request and so on, of that `kind`;
    - ignore: it stays where it is, with the reason.

    What becomes new is of the `branch` that is named, else of the one that the message came to;
    where that one takes nothing new any more the message goes on waiting until one is named.

    Raises NotFound for a message of another branch, Refused where somebody has decided already,
    and what the steps raise.
    """
    require(by, Permission.INTAKE)
    row = lock_message(session, by, message)
    if row is None:
        raise NotFound(N_("There is no such message."))
    if row.reviewed_at is not None or row.complaint_id is not None or row.contact_id is not None:
        raise Refused(N_("Somebody has already decided on this message."))
    if row.emptied_at is not None:
        raise Refused(N_("The words of this message are no longer kept."))
    if decision == "attach":
        found = _attach(session, row, opened, number, by, at)
    elif decision == "create":
        found = _create(session, row, opened, branch, by, at)
    elif decision == "contact":
        found = _take_contact(session, row, opened, kind, branch, by, at)
    elif decision == "ignore":
        row.decision_reason = require_reason(
            reason, N_("Enter why nothing has to be done with this message.")
        )
        found = None
    else:
        raise Invalid(N_("Choose what is to be done with this message."), field="decision")
    row.decision = DECISIONS[decision]
    row.reviewed_at, row.reviewed_by_id, row.reviewed_by_name = at, by.id, by.name
    return found


def _attach(
    session: Session, row: InboundMessage, opened: Opened, number: str, by: Actor, at: datetime
) -> str:
    if not number.strip():
        raise Invalid(N_("Enter the number of the complaint."), field="number")
    try:
        case = open_now(session, number.strip(), by=by, at=at)
    except NotFound as error:
        raise Invalid(error.sentence, field="number", **error.params) from None
    if row.kind == Kind.PERSON:
        text = story_of(opened.mail, is_answer=True) or shown_of(opened.mail)
        note = record_message(case, text=shortened(text), direction="in", method=EMAIL)
        attach_files(case, opened.files, lambda: row.id, note)
    else:
        keep_automatic(case, text=shown_of(opened.mail), mail=row.id)
    row.complaint_id = case.complaint.id
    return case.number


def _create(
    session: Session, row: InboundMessage, opened: Opened, branch: str, by: Actor, at: datetime
) -> str:
    rules, mail = current_rules(session), opened.mail
    if normalise_email(mail.sender.address) is None:
        raise Refused(
            N_(
                "This message has no address that can be answered. Record it under New complaint "
                "with what you know of the customer."
            )
        )
    given = given_of(rules, row, mail, story_of(mail) or shown_of(mail), at)
    given = replace(given, branch=branch.strip() or given.branch)
    case = receive_complaint(session, rules, given, by=by, at=at)
    attach_files(case, opened.files, lambda: row.id)
    row.complaint_id = case.complaint.id
    return case.number


def _take_contact(
    session: Session,
    row: InboundMessage,
    opened: Opened,
    kind: str,
    branch: str,
    by: Actor,
    at: datetime,
) -> str:
    """What the sender wrote as a contact that is no complaint, with its files."""
    if not kind.strip():
        raise Invalid(N_("Choose what it is."), field="kind")
    rules, mail = current_rules(session), opened.mail
    told = given_of(rules, row, mail, story_of(mail) or shown_of(mail), at)
    given = ContactGiven(
        kind=kind.strip(),
        channel=told.channel,
        words=told.story,
        branch=branch.strip() or told.branch,
        received_at=told.received_at,
        customer=told.customer,
        source=told.source,
    )
    case = take_contact(session, rules, given, by=by, at=at)
    attach_to_new_contact(case, opened.files)
    row.contact_id = case.contact.id
    return case.number

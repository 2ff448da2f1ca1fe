"""What a message becomes on a complaint, through the same steps as everything else."""

from dataclasses import replace
from datetime import datetime

from complaints.actions.new_complaint import ComplaintBody
from complaints.actions.reading import read_body
from complaints.channels.email.answering import may_answer
from complaints.channels.email.arrival import Arrival
from complaints.channels.email.files import attach_files
from complaints.channels.email.keep import Outcome
from complaints.contacts import normalise_email
from complaints.domain.mail.message import MailMessage
from complaints.domain.permissions import CUSTOMER, SYSTEM
from complaints.domain.words.web_address import names_web_address
from complaints.models import InboundMessage
from complaints.outbox.on_the_way import Undelivered
from complaints.people.undelivered import tell_undelivered
from complaints.queries.mail.belonging import OwnLetter
from complaints.rulebook import RuleBook
from complaints.steps.by_customer.by_mail import EMAIL, keep_automatic, shortened, write_by_mail
from complaints.steps.by_customer.complain import complain
from complaints.steps.case import Case
from complaints.steps.casework.letters import note_return
from complaints.steps.casework.pause import open_now
from complaints.steps.receive import MAX_STORY, ComplaintGiven


def open_complaint(arrival: Arrival) -> Outcome:
    """A new complaint in the sender's own words; nothing is proven that people have to do."""
    row, mail = arrival.row, arrival.mail
    address = normalise_email(mail.sender.address)
    if address is None:
        return arrival.waits("no_sender")
    given = given_of(arrival.rules, row, mail, story_of(mail), arrival.at)
    # Anybody can write under anybody's address.
    given = replace(given, is_unchecked=True)
    case = complain(
        arrival.session,
        arrival.rules,
        given,
        at=arrival.at,
        is_answered=may_answer(arrival.session, mail.sender, arrival.at),
    )
    attach_files(case, arrival.files, arrival.row_id)
    return Outcome("created", "new", case.number, case.complaint.id)


def given_of(
    rules: RuleBook, row: InboundMessage, mail: MailMessage, story: str, at: datetime
) -> ComplaintGiven:
    """The complaint that a message is, of its sender and in the branch that it came to."""
    branch = rules.branches[row.branch_id or rules.default_branch.id]
    told = {
        "customer": {
            "name": name_of(mail),
            "email": mail.sender.address,
            "language": row.language,
        },
        "channel": EMAIL,
        "story": story,
        "received_at": row.received_at,
        "category": row.category,
    }
    return read_body(ComplaintBody, told).given(branch=branch.code, now=at, source=EMAIL)


def append_message(arrival: Arrival, number: str) -> Case:
    """The sender's words as a message of the complaint, or of the one that goes on from it."""
    case = open_now(arrival.session, number, by=CUSTOMER, at=arrival.at)
    text, address = story_of(arrival.mail, is_answer=True), arrival.mail.sender.address
    written = write_by_mail(case, text=text, address=address)
    attach_files(written.case, arrival.files, arrival.row_id, written.note)
    return written.case


def keep_machine(arrival: Arrival, number: str) -> None:
    """What a machine wrote, as a line among colleagues."""
    case = open_now(arrival.session, number, by=SYSTEM, at=arrival.at)
    keep_automatic(case, text=shown_of(arrival.mail), mail=arrival.row_id())


def note_bounce(arrival: Arrival, number: str, letter: OwnLetter | None) -> None:
    """A letter given up is undeliverable and what it proved is open again; who wrote it hears so.

    One that is only delayed, or of which nobody can say which it was, is a line and no more.
    """
    mail, bounce = arrival.mail, arrival.mail.bounce
    case = open_now(arrival.session, number, by=SYSTEM, at=arrival.at)
    keep_automatic(case, text=shown_of(mail), mail=arrival.row_id())
    if letter is None or bounce is None or not bounce.is_final or letter.state != "sent":
        return
    case = open_now(arrival.session, number, by=SYSTEM, at=arrival.at)
    note_return(case, letter=letter.id, reason=_reason(mail, letter))
    tell_undelivered(
        arrival.session,
        Undelivered("letter_lost", letter.id, letter.complaint_id, letter.key, number, arrival.at),
    )


def name_of(mail: MailMessage) -> str:
    """What the sender is called: as told, else what stands before the @.

    Anybody writes under anybody's address, and our answer goes there: no link goes with it.
    """
    name = mail.sender.name
    if not name or "@" in name or names_web_address(name):
        name = mail.sender.address.partition("@")[0]
    return name[:200]


def story_of(mail: MailMessage, *, is_answer: bool = False) -> str:
    """The sender's words: the whole text, with the subject above it where that says more.

    Of an answer the text alone, unless there is none. What is quoted stays; screens fold it.
    """
    text, subject = mail.text.strip(), mail.subject.strip()
    if not text or (not is_answer and subject and subject.lower() not in text.lower()):
        text = f"{subject}\n\n{text}".strip()
    return shortened(text, MAX_STORY)


def shown_of(mail: MailMessage) -> str:
    """A message in one text: from whom, about what, and its words as far as there are any."""
    head = " – ".join(filter(None, (mail.sender.address or mail.sender.name, mail.subject)))
    return f"{head}\n\n{mail.text.strip()}".strip() or "–"


def _reason(mail: MailMessage, letter: OwnLetter) -> str:
    """Why the letter came back, in the words of the server that said so."""
    return f"{mail.subject}: {letter.to_address}"[:500]

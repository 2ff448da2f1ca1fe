"""What a letter will look like: the act is taken, its letters are read, and it is let go again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from complaints.actions.recording import ActGiven, Uploads, record_given
from complaints.domain.permissions import Actor
from complaints.extensions import db
from complaints.models import OutboxMessage
from complaints.outbox.delivery_settings import DeliverySettings
from complaints.outbox.mail.envelope import marked
from complaints.outbox.mail.letters import LetterContext, write_letter
from complaints.queries.complaint.letters import letters_written_since, newest_letter
from complaints.steps.case import Case, view_case


@dataclass(frozen=True, slots=True)
class Preview:
    """One letter as it will leave: to whom, in which language, by which way."""

    via: str
    to: str
    subject: str
    text: str
    language: str


def preview_letters(
    number: str,
    act: ActGiven,
    *,
    by: Actor,
    now: datetime,
    office: DeliverySettings,
    enclosing: Uploads | None = None,
) -> Sequence[Preview]:
    """The letters that the act would write now; none where somebody has to approve it first.

    Raises what taking the act raises. Nothing is kept, whatever happens.
    """
    session: Session = db.session
    case = view_case(session, number, by=by, at=now)
    before = newest_letter(session, case.complaint.id)
    try:
        case = record_given(
            session, number, act.noun, act.given, by=by, now=now, enclosing=enclosing
        )
        session.flush()
        rows = letters_written_since(session, case.complaint.id, before, case.letters.values())
        return [_preview(case, row, office) for row in rows]
    finally:
        session.rollback()


def _preview(case: Case, row: OutboxMessage, office: DeliverySettings) -> Preview:
    is_mail = row.via == "email"
    number = str(row.facts.get("number", ""))
    letter = write_letter(
        row.kind,
        row.facts,
        row.language,
        LetterContext(case.rules, office.base_url, reads_mail=bool(office.mailbox)),
        follow_link=office.follow_link(case.complaint.id, case.complaint.follow_nonce),
        on_sheet=not is_mail,
        takes_replies=is_mail and row.to_address == case.complaint.contact_email,
    )
    subject = marked(letter.subject, number) if is_mail else letter.subject
    return Preview(row.via, row.to_address, subject, letter.text, row.language)

"""Tell everybody who is part of an incident: the words, and the list of who is to hear them.

Both are written in one transaction. Each customer is then told in one of its own
(`tell_one.py`), so that one who cannot be told holds up no other, and a process that dies leaves
the rest waiting.
"""

from datetime import datetime

from sqlalchemy import literal, select, update
from sqlalchemy.dialects.postgresql import insert as insert_once
from sqlalchemy.orm import Session

from complaints.db import UTCDateTime
from complaints.domain.errors import N_, Invalid
from complaints.domain.incidents.rules import Telling, digest_of
from complaints.domain.lifecycle import OPEN
from complaints.domain.permissions import Actor, Permission, require
from complaints.models import (
    Complaint,
    Incident,
    IncidentLink,
    IncidentMessage,
    IncidentTelling,
)
from complaints.queries.incidents.single import find_incident
from complaints.rulebook import RuleBook
from complaints.steps.incidents.open import (
    note_telling,
    read_words,
    require_decider,
    require_open,
)


def tell_all(
    session: Session,
    rules: RuleBook,
    number: str,
    *,
    text: str = "",
    text_en: str = "",
    by: Actor,
    at: datetime,
) -> IncidentMessage:
    """Write down that all who are part of an incident are to be told, each once.

    Without `text` it is the approved words, which everybody may tell; other words need somebody
    who may approve them. The same words again reach only those who have joined since, and those
    whose letter had failed.
    """
    require(by, Permission.INCIDENT)
    incident = find_incident(session, number, lock=True)
    require_open(incident)
    text, text_en = _words(rules, incident, text, text_en, by)
    message = _message(session, incident, text, text_en, by, at)
    count = _list(session, incident, message, by, at)
    if count:
        detail = {"message": message.id, "text": text, "text_en": text_en, "count": count}
        note_telling(session, incident, by, at, detail)
    return message


def _words(
    rules: RuleBook, incident: Incident, text: str, text_en: str, by: Actor
) -> tuple[str, str]:
    """The words to be told, and in English where there are any."""
    is_approved = incident.words_at is not None
    if not text.strip():
        if not incident.words:
            raise Invalid(N_("Write what customers are to be told."), field="text")
        if not is_approved:
            require_decider(by, incident)
        return incident.words, incident.words_en
    same = digest_of(incident.words, "") == digest_of(text, "")
    if same and not text_en.strip():
        text_en = incident.words_en
    text = read_words(rules, text, "text")
    text_en = read_words(rules, text_en, "text_en") if text_en.strip() else ""
    if not (same and is_approved and text_en == incident.words_en):
        require_decider(by, incident)
    return text, text_en


def _message(
    session: Session, incident: Incident, text: str, text_en: str, by: Actor, at: datetime
) -> IncidentMessage:
    """The message of these words; whoever has the incident locked makes it alone."""
    digest = digest_of(text, text_en)
    query = select(IncidentMessage).where(
        IncidentMessage.incident_id == incident.id, IncidentMessage.digest == digest
    )
    found = session.scalar(query)
    if found is None:
        found = IncidentMessage(
            incident_id=incident.id,
            digest=digest,
            text=text,
            text_en=text_en,
            at=at.replace(microsecond=0),
            by_id=by.id,
            by_name=by.name,
        )
        session.add(found)
        session.flush()
    return found


def _list(
    session: Session, incident: Incident, message: IncidentMessage, by: Actor, at: datetime
) -> int:
    """Let everybody wait for their turn who has not had these words; how many they are."""
    at = at.replace(microsecond=0)
    open_ones = [each.value for each in OPEN]
    linked = (
        select(
            literal(message.id),
            IncidentLink.complaint_id,
            literal(Telling.WAITING.value),
            literal(by.id),
            literal(0),
            literal(at, UTCDateTime),
            literal(""),
        )
        .join(Complaint, Complaint.id == IncidentLink.complaint_id)
        .where(
            IncidentLink.incident_id == incident.id,
            IncidentLink.ended_at.is_(None),
            Complaint.status.in_(open_ones),
        )
        .order_by(IncidentLink.complaint_id)
    )
    columns = [
        "message_id",
        "complaint_id",
        "state",
        "by_id",
        "attempts",
        "next_try_at",
        "last_error",
    ]
    statement = (
        insert_once(IncidentTelling)
        .from_select(columns, linked)
        .on_conflict_do_nothing()
        .returning(IncidentTelling.id)
    )
    added = session.connection().execute(statement).all()
    again = session.execute(
        update(IncidentTelling)
        .where(
            IncidentTelling.message_id == message.id,
            IncidentTelling.state == Telling.FAILED.value,
        )
        .values(state=Telling.WAITING.value, attempts=0, next_try_at=at, last_error="")
        .returning(IncidentTelling.id)
    ).all()
    return len(added) + len(again)

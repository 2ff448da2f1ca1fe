"""What the pages beside the lists show: an incident, a contact, a customer's own page.

Made by the steps in a database that `life` has filled, each once.
"""

from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.orm import Session

from complaints import clock
from complaints.channels.incident_acts import link_each
from complaints.domain.permissions import SYSTEM
from complaints.models import Complaint, Incident, OtherContact, User
from complaints.rulebook import current_rules
from complaints.signing import follow_token
from complaints.steps.incidents.open import IncidentGiven, number_of, open_incident
from complaints.steps.other_contacts.take import ContactGiven, take_contact
from tests.bench.place import BRANCH, Place

#: So many complaints are part of the incident.
IN_INCIDENT = 40
_TITLE = "Kabel laut terputus"
_WORDS = "Sebaiknya jadwal pemeliharaan diumumkan seminggu sebelumnya."


@dataclass(frozen=True, slots=True)
class Beside:
    """Numbers and secret addresses: of the incident, the contact, a customer, an open complaint."""

    incident: str
    contact: str
    follows: str
    open_complaint: str


def made_beside(place: Place, secret_key: str) -> Beside:
    """The same rows at every run over a database that is kept."""
    now = clock.now()
    with Session(place.engine) as session:
        rules = current_rules(session)
        contacts = rules.numbers.of_contacts
        supervisor = session.get(User, place.cast.supervisor_id)
        assert supervisor is not None
        wanted = session.query(Complaint).filter_by(
            branch_id=supervisor.branch_id, status="in_handling", source="bench"
        )
        open_ones = wanted.order_by(Complaint.id.desc()).limit(IN_INCIDENT).all()
        numbers = [rules.numbers.write(each.year, each.id) for each in open_ones]
        incident = session.query(Incident).filter_by(title=_TITLE).first()
        if incident is None:
            given = IncidentGiven(title=_TITLE, category="GANGGUAN", cause="Jangkar kapal")
            incident = open_incident(session, rules, given, by=supervisor.actor, at=now)
            session.commit()
            link_each(session, number_of(incident), numbers, by=SYSTEM, at=now)
            session.commit()
        contact = session.query(OtherContact).filter_by(words=_WORDS).first()
        if contact is None:
            told = ContactGiven("SARAN", "call", _WORDS, BRANCH, now)
            contact = take_contact(session, rules, told, by=supervisor.actor, at=now).contact
            session.commit()
        own = open_ones[0]
        if not own.follow_nonce:
            session.execute(
                text("UPDATE complaints SET follow_nonce = 'bench' WHERE id = :id"), {"id": own.id}
            )
            session.commit()
            session.refresh(own)
        token = follow_token(secret_key, own.id, own.follow_nonce)
        return Beside(
            number_of(incident),
            contacts.write(contact.year, contact.id),
            f"/portal/{token}",
            numbers[0],
        )

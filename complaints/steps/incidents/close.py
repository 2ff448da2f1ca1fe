"""Close an incident; whoever handles complaints of it hears once, of all of theirs."""

from datetime import datetime

from sqlalchemy.orm import Session

from complaints.domain.permissions import Actor
from complaints.models import Incident
from complaints.outbox.queue import notify
from complaints.people.staff import Staff
from complaints.queries.incidents.single import open_by_handler
from complaints.queries.incidents.waiting import number_to_tell
from complaints.rulebook import RuleBook
from complaints.steps.incidents.open import close_incident, number_of


def close_and_tell_handlers(
    session: Session, rules: RuleBook, number: str, *, text: str, by: Actor, at: datetime
) -> Incident:
    """Close it, and tell whoever handles open complaints of it; once, however often it is closed.

    Complaints are closed by nobody but their handlers: each customer has their own promise.
    """
    incident, is_new = close_incident(session, number, text=text, by=by, at=at)
    if not is_new:
        return incident
    staff = Staff.read(session, at)
    told = []
    for row in open_by_handler(session, incident.id):
        person = staff.by_id.get(row.handler_id)
        if person is None or not person.is_active or person.id == by.id:
            continue
        facts = {
            "incident": number_of(incident),
            "by": by.name,
            "count": row.many,
            "number": number_to_tell(session, rules, row.first_id),
        }
        told.append((f"incident_closed:{incident.id}:{person.id}", person, facts))
    if told:
        notify(session, "incident_closed", told, complaint_id=None, at=at)
    return incident

"""What pages and API do with an incident, each with its transactions: link, tell, close."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from complaints.channels.incident_telling import tell_waiting
from complaints.channels.one_by_one import RowResult, take_each
from complaints.domain.incidents.rules import How
from complaints.domain.permissions import Actor
from complaints.models import Incident
from complaints.queries.incidents.single import Told, find_incident, told_of
from complaints.rulebook import current_rules
from complaints.steps.casework.pause import open_now
from complaints.steps.incidents.close import close_and_tell_handlers
from complaints.steps.incidents.link import join_incident, leave_incident
from complaints.steps.incidents.tell import tell_all


def link_each(
    session: Session,
    number: str,
    numbers: Sequence[str],
    *,
    by: Actor,
    at: datetime,
    how: How = How.BY_HAND,
    removes: bool = False,
) -> list[RowResult]:
    """Link each complaint by itself, or take it out; raises NotFound without such an incident."""
    find_incident(session, number)

    def take(complaint: str) -> bool:
        case = open_now(session, complaint, by=by, at=at)
        incident = find_incident(session, number)
        if removes:
            return leave_incident(case, incident)
        return join_incident(case, incident, how=how)

    return take_each(session, numbers, take)


def tell(
    session: Session, number: str, *, text: str, text_en: str, by: Actor, at: datetime
) -> Told:
    """Write down who is to be told, tell the first of them at once, and say how far that is."""
    rules = current_rules(session)
    message = tell_all(session, rules, number, text=text, text_en=text_en, by=by, at=at)
    message_id, incident_id = message.id, message.incident_id
    session.commit()
    tell_waiting(session, at=at, message_id=message_id)
    return next(each for each in told_of(session, incident_id) if each.message.id == message_id)


def close(session: Session, number: str, *, text: str, by: Actor, at: datetime) -> Incident:
    """Close it, and let the handlers of its complaints know."""
    rules = current_rules(session)
    incident = close_and_tell_handlers(session, rules, number, text=text, by=by, at=at)
    session.commit()
    return incident

"""The incidents, open ones first, and the alarms that nobody has looked at."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from complaints.domain.incidents.rules import Telling
from complaints.domain.permissions import Actor
from complaints.models import Incident, IncidentLink, IncidentMessage, IncidentTelling, Spike
from complaints.queries.paging import LARGEST_ID, at_most

#: Closed incidents of a page, open ones and alarms that are shown.
ROWS = 50
#: An alarm that nobody has looked at is shown no longer than this.
ALARMS = 20


@dataclass(frozen=True, slots=True)
class IncidentLine:
    """One incident in the list, with how many complaints are part of it and who still waits."""

    incident: Incident
    count: int
    waiting: int


@dataclass(frozen=True, slots=True)
class IncidentPage:
    """Open ones first, then the closed ones, newest first; `older` begins the next page."""

    open: Sequence[IncidentLine]
    closed: Sequence[IncidentLine]
    older: int | None


def list_incidents(
    session: Session, *, before: int | None = None, limit: int = ROWS
) -> IncidentPage:
    """A page of the incidents; open ones stand on the first page only. Four queries."""
    query = select(Incident).order_by(Incident.id.desc())
    live: Sequence[Incident] = ()
    if before is None:
        live = session.scalars(
            query.where(Incident.closed_at.is_(None)).limit(at_most(limit))
        ).all()
    ended = session.scalars(
        query.where(Incident.closed_at.is_not(None), Incident.id < (before or LARGEST_ID)).limit(
            at_most(limit + 1)
        )
    ).all()
    shown = [*live, *ended[:limit]]
    counts, waiting = _counts(session, shown), _waiting(session, live)

    def line(each: Incident) -> IncidentLine:
        return IncidentLine(each, counts.get(each.id, 0), waiting.get(each.id, 0))

    older = ended[limit - 1].id if len(ended) > limit else None
    return IncidentPage(
        [line(each) for each in live], [line(each) for each in ended[:limit]], older
    )


def alarms_for(session: Session, actor: Actor, *, since: datetime) -> Sequence[Spike]:
    """Alarms since then that nobody has looked at, at places that the person sees."""
    query = (
        select(Spike)
        .where(Spike.last_at >= since, Spike.settled_at.is_(None))
        .order_by(Spike.last_at.desc(), Spike.id.desc())
        .limit(at_most(ALARMS))
    )
    if actor.branch_id is not None:
        query = query.where(Spike.branch_id == actor.branch_id)
    return session.scalars(query).all()


def _counts(session: Session, incidents: Sequence[Incident]) -> dict[int, int]:
    """How many complaints are part of each."""
    if not incidents:
        return {}
    query = (
        select(IncidentLink.incident_id, func.count().label("many"))
        .where(
            IncidentLink.incident_id.in_([each.id for each in incidents]),
            IncidentLink.ended_at.is_(None),
        )
        .group_by(IncidentLink.incident_id)
    )
    return {row.incident_id: row.many for row in session.execute(query)}


def _waiting(session: Session, incidents: Sequence[Incident]) -> dict[int, int]:
    """How many customers of each wait for their turn."""
    if not incidents:
        return {}
    query = (
        select(IncidentMessage.incident_id, func.count().label("many"))
        .join(IncidentTelling, IncidentTelling.message_id == IncidentMessage.id)
        .where(
            IncidentMessage.incident_id.in_([each.id for each in incidents]),
            IncidentTelling.state == Telling.WAITING.value,
        )
        .group_by(IncidentMessage.incident_id)
    )
    return {row.incident_id: row.many for row in session.execute(query)}

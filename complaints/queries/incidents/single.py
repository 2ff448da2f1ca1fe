"""One incident: how many are part of it, what was told to how many, and its complaints."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Integer, Row, ScalarSelect, bindparam, func, select
from sqlalchemy.orm import Session

from complaints.domain.errors import N_, NotFound
from complaints.domain.incidents.rules import Telling, read_number
from complaints.domain.lifecycle import OPEN
from complaints.domain.permissions import Actor
from complaints.models import (
    Complaint,
    Incident,
    IncidentEntry,
    IncidentLink,
    IncidentMessage,
    IncidentTelling,
    User,
)
from complaints.queries.paging import at_most
from complaints.queries.scope import in_scope, sees_all
from complaints.rulebook import RuleBook

#: Complaints of a page of one incident.
ROWS = 50
#: So many complaints of an incident are counted; a page says that there are more.
MOST_COUNTED = 9_999
#: Messages and entries that its page shows; there are few.
MOST_SHOWN = 50


class Linked(NamedTuple):
    """A complaint that is part of an incident, and how it stands with the latest words."""

    number: str
    status: str
    customer: str
    handler: str | None
    has_email: bool
    how: str
    at: datetime
    by: str
    #: State of the latest message to its customer; None where there was none.
    told: str | None
    link_id: int


@dataclass(frozen=True, slots=True)
class LinkedPage:
    """Newest first; `older` is where the next page begins. Counts are of all, in sight or not."""

    items: Sequence[Linked]
    older: int | None
    count: int
    hidden: int


class Told(NamedTuple):
    """Words that were told, and to how many they were, by state."""

    message: IncidentMessage
    states: Mapping[str, int]

    def how_many(self, *states: Telling) -> int:
        """How many are in one of these states."""
        return sum(self.states.get(each.value, 0) for each in states)


def find_incident(session: Session, number: str, *, lock: bool = False) -> Incident:
    """The incident with this number, locked where it is about to change; raises NotFound."""
    read = read_number(number)
    if read is not None:
        query = select(Incident).where(Incident.id == read[1], Incident.year == read[0])
        if lock:
            query = query.with_for_update().execution_options(populate_existing=True)
        found = session.scalar(query)
        if found is not None:
            return found
    raise NotFound(N_("There is no incident %(number)s."), number=number[:40])


_OF_COMPLAINT = (
    select(Incident.id, Incident.year, Incident.title, Incident.closed_at)
    .join(IncidentLink, IncidentLink.incident_id == Incident.id)
    .where(
        IncidentLink.complaint_id == bindparam("complaint_id", type_=Integer),
        IncidentLink.ended_at.is_(None),
    )
    .order_by(IncidentLink.id.desc())
    .limit(at_most(1))
)


def incident_of_complaint(session: Session, complaint_id: int) -> Row[Any] | None:
    """The latest incident that a complaint is part of: its id, year and title."""
    found: Row[Any] | None
    found = session.execute(_OF_COMPLAINT, {"complaint_id": complaint_id}).first()  # type: ignore[assignment]
    return found


def is_part_of(session: Session, incident_id: int, complaint_id: int) -> bool:
    """Whether a complaint is part of this incident now."""
    query = select(IncidentLink.id).where(
        IncidentLink.complaint_id == complaint_id,
        IncidentLink.incident_id == incident_id,
        IncidentLink.ended_at.is_(None),
    )
    return session.scalar(query.limit(at_most(1))) is not None


def count_linked(session: Session, incident_id: int) -> int:
    """How many complaints are part of it, up to MOST_COUNTED."""
    some = (
        select(IncidentLink.id)
        .where(IncidentLink.incident_id == incident_id, IncidentLink.ended_at.is_(None))
        .limit(at_most(MOST_COUNTED))
        .subquery()
    )
    return session.scalar(select(func.count()).select_from(some)) or 0


def linked_page(
    session: Session,
    actor: Actor,
    incident: Incident,
    rules: RuleBook,
    *,
    before: int | None = None,
    limit: int = ROWS,
) -> LinkedPage:
    """The complaints of an incident that the person may see; three queries."""
    standing = (IncidentLink.incident_id == incident.id, IncidentLink.ended_at.is_(None))
    seen = [] if sees_all(actor) else [in_scope(actor)]
    query = (
        select(
            Complaint.id,
            Complaint.year,
            Complaint.status,
            Complaint.contact_name,
            Complaint.contact_email,
            User.name.label("handler"),
            IncidentLink.id.label("link_id"),
            IncidentLink.how,
            IncidentLink.at,
            IncidentLink.by_name,
            _latest_told(incident.id).label("told"),
        )
        .select_from(IncidentLink)
        .join(Complaint, Complaint.id == IncidentLink.complaint_id)
        .outerjoin(User, User.id == Complaint.handler_id)
        .where(*standing, *seen)
        .order_by(IncidentLink.id.desc())
        .limit(at_most(limit + 1))
    )
    if before is not None:
        query = query.where(IncidentLink.id < before)
    rows = session.execute(query).all()
    items = [
        Linked(
            rules.numbers.write(row.year, row.id),
            row.status,
            row.contact_name,
            row.handler,
            bool(row.contact_email),
            row.how,
            row.at,
            row.by_name,
            row.told,
            row.link_id,
        )
        for row in rows[:limit]
    ]
    count = count_linked(session, incident.id)
    visible = count if not seen else _count_seen(session, incident.id, actor)
    older = items[-1].link_id if len(rows) > limit else None
    return LinkedPage(items, older, count, count - visible)


def _latest_told(incident_id: int) -> ScalarSelect[Any]:
    """How far the latest message of an incident has come with each of its complaints."""
    latest = (
        select(IncidentMessage.id)
        .where(IncidentMessage.incident_id == incident_id)
        .order_by(IncidentMessage.id.desc())
        .limit(at_most(1))
        .scalar_subquery()
    )
    return (
        select(IncidentTelling.state)
        .where(
            IncidentTelling.complaint_id == IncidentLink.complaint_id,
            IncidentTelling.message_id == latest,
        )
        .scalar_subquery()
    )


class Reach(NamedTuple):
    """How many open complaints are part of an incident: with an e-mail address, and without."""

    by_email: int
    by_task: int


def reach_of(session: Session, incident_id: int) -> Reach:
    """Whom words would reach now, and how."""
    has_none = func.coalesce(Complaint.contact_email, "") == ""
    query = (
        select(has_none.label("has_none"), func.count().label("many"))
        .join(IncidentLink, IncidentLink.complaint_id == Complaint.id)
        .where(
            IncidentLink.incident_id == incident_id,
            IncidentLink.ended_at.is_(None),
            Complaint.status.in_([each.value for each in OPEN]),
        )
        .group_by(has_none)
    )
    many = {bool(row.has_none): row.many for row in session.execute(query)}
    return Reach(many.get(False, 0), many.get(True, 0))


def told_of(session: Session, incident_id: int) -> list[Told]:
    """What was told, the newest first, and how it stands with each."""
    messages = session.scalars(
        select(IncidentMessage)
        .where(IncidentMessage.incident_id == incident_id)
        .order_by(IncidentMessage.id.desc())
        .limit(at_most(MOST_SHOWN))
    ).all()
    if not messages:
        return []
    states: dict[int, dict[str, int]] = {}
    query = (
        select(IncidentTelling.message_id, IncidentTelling.state, func.count().label("many"))
        .where(IncidentTelling.message_id.in_([each.id for each in messages]))
        .group_by(IncidentTelling.message_id, IncidentTelling.state)
    )
    for row in session.execute(query):
        states.setdefault(row.message_id, {})[row.state] = row.many
    return [Told(each, states.get(each.id, {})) for each in messages]


def entries_of(session: Session, incident_id: int) -> Sequence[IncidentEntry]:
    """The history of an incident, the newest first."""
    query = (
        select(IncidentEntry)
        .where(IncidentEntry.incident_id == incident_id)
        .order_by(IncidentEntry.id.desc())
        .limit(at_most(MOST_SHOWN))
    )
    return session.scalars(query).all()


def open_by_handler(session: Session, incident_id: int) -> list[Row[Any]]:
    """Who handles open complaints of an incident, how many, and the first of them."""
    handler = func.coalesce(Complaint.handler_id, Complaint.received_by_id).label("handler_id")
    query = (
        select(
            handler,
            func.count().label("many"),
            func.min(Complaint.id).label("first_id"),
        )
        .join(IncidentLink, IncidentLink.complaint_id == Complaint.id)
        .where(
            IncidentLink.incident_id == incident_id,
            IncidentLink.ended_at.is_(None),
            Complaint.status.in_([each.value for each in OPEN]),
        )
        .group_by(handler)
    )
    rows: Sequence[Any] = session.execute(query).all()
    return list(rows)


def _count_seen(session: Session, incident_id: int, actor: Actor) -> int:
    some = (
        select(IncidentLink.id)
        .join(Complaint, Complaint.id == IncidentLink.complaint_id)
        .where(
            IncidentLink.incident_id == incident_id,
            IncidentLink.ended_at.is_(None),
            in_scope(actor),
        )
        .limit(at_most(MOST_COUNTED))
        .subquery()
    )
    return session.scalar(select(func.count()).select_from(some)) or 0

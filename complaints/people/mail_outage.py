"""Mail that cannot leave because its way out is closed: noted, and told once for each outage.

A mail server that refuses one letter is another matter; see `people.undelivered`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, delete, func, select
from sqlalchemy.orm import Session

from complaints.db import take_turns
from complaints.domain.permissions import Role
from complaints.domain.words.letter_state import tells_promise
from complaints.models import Complaint, Notice, OutboxMessage, Sighting
from complaints.outbox.queue import notice_row, queue_notices
from complaints.people.reaching import reach
from complaints.people.staff import Assignment, Staff
from complaints.people.undelivered import authors_of
from complaints.queries.mail_outage import (
    MAIL_CLOSED,
    MAIL_TOLD,
    MAIL_TRIED,
    MailOutage,
    noted_outage,
)
from complaints.rows import Row
from complaints.rulebook import current_rules

#: So long mail may wait for its way out before those who wrote it, and the administrators, hear.
#: A letter with a promised date is told with the first attempt that does not get through.
PATIENCE = timedelta(minutes=30)
#: A letter may become visible so long after the time that stands in it.
SLACK = timedelta(minutes=1)
#: Attempts further apart than this belong to two outages; while mail waits one is made each minute.
LONGEST_GAP = timedelta(hours=1)

_NAMES = (MAIL_CLOSED, MAIL_TRIED, MAIL_TOLD)


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A letter to a customer that waits for the way out."""

    key: str
    complaint_id: int
    number: str
    place: Assignment


def note_closed_way(session: Session, at: datetime) -> None:
    """Note that an attempt did not get through, and tell whoever has to know by now."""
    take_turns(session, MAIL_CLOSED)
    before = noted_outage(session)
    if before is not None and not before.tried_at - SLACK <= at <= before.tried_at + LONGEST_GAP:
        # The clock was set, or nothing was tried for so long: who knows what was meanwhile?
        note_open_way(session)
        before = None
    outage = before or MailOutage(at, at, None)
    _keep(session, MAIL_CLOSED, outage.since)
    _keep(session, MAIL_TRIED, at)
    _tell_authors(session, outage, _with_promise(session, before), at)
    if at - outage.since < PATIENCE:
        return
    until = at - PATIENCE
    _tell_authors(session, outage, _written(session, after=outage.told_until, until=until), at)
    if outage.told_until is None:
        _tell_administrators(session, outage, at)
    _keep(session, MAIL_TOLD, until)


def note_open_way(session: Session) -> None:
    """Forget the outage: the way out is open again, or nobody knows."""
    session.execute(delete(Sighting).where(Sighting.name.in_(_NAMES)))
    session.expire_all()


def _with_promise(session: Session, before: MailOutage | None) -> list[_Waiting]:
    """The letters with a promised date that were written since the attempt before."""
    after = before.tried_at - SLACK if before else None
    return _written(session, after=after, with_promise=True)


def _written(
    session: Session,
    *,
    after: datetime | None,
    until: datetime | None = None,
    with_promise: bool = False,
) -> list[_Waiting]:
    """The waiting letters to customers that were written in a span; its ends belong to it."""
    query: Select[Any] = (
        select(
            OutboxMessage.key,
            OutboxMessage.facts,
            Complaint.id,
            Complaint.branch_id,
            Complaint.team_id,
            Complaint.handler_id,
            Complaint.received_by_id,
        )
        .join(Complaint, Complaint.id == OutboxMessage.complaint_id)
        .where(
            OutboxMessage.state == "queued",
            OutboxMessage.kind != "notice",
            # One that was refused before has been told of and stands on its complaint.
            OutboxMessage.attempts == 0,
        )
        .order_by(OutboxMessage.id)
    )
    if after is not None:
        query = query.where(OutboxMessage.created_at >= after)
    if until is not None:
        query = query.where(OutboxMessage.created_at <= until)
    return [
        _Waiting(key, complaint_id, str(facts.get("number", "")), Assignment(*place))
        for key, facts, complaint_id, *place in session.execute(query)
        if not with_promise or tells_promise(facts)
    ]


def _tell_authors(
    session: Session, outage: MailOutage, letters: Sequence[_Waiting], at: datetime
) -> None:
    """Notify who wrote them and who handles their complaints, each person once an outage."""
    if not letters:
        return
    staff = Staff.read(session, at)
    authors = authors_of(session, [(each.key, each.complaint_id) for each in letters])
    rows: dict[int, Row] = {}
    for letter in letters:
        handler = letter.place.handler_id or letter.place.received_by_id
        reached = reach(staff, [handler, authors.get(letter.key)], letter.place)
        for person in reached.people.values():
            if person.id not in rows:
                facts = {"number": letter.number, **reached.why(person)}
                row = _notice(session, "letter_held_up", outage, person.id, at, facts)
                rows[person.id] = {**row, "complaint_id": letter.complaint_id}
    _queue(session, [row for _, row in sorted(rows.items())])


def _tell_administrators(session: Session, outage: MailOutage, at: datetime) -> None:
    count = session.scalar(select(func.count()).where(OutboxMessage.state == "queued"))
    rows = [
        _notice(session, "mail_closed", outage, each.id, at, {"count": count})
        for each in Staff.read(session).by_id.values()
        if each.role == Role.ADMIN and each.is_active
    ]
    _queue(session, rows)


def _notice(
    session: Session,
    kind: str,
    outage: MailOutage,
    user_id: int,
    at: datetime,
    facts: dict[str, Any],
) -> Row:
    zone = current_rules(session).home_zone.key
    return notice_row(
        kind,
        f"{kind}:{int(outage.since.timestamp())}:{user_id}",
        user_id=user_id,
        complaint_id=None,
        facts={"since": outage.since.isoformat(), "zone": zone, **facts},
        at=at,
    )


def _queue(session: Session, rows: Sequence[Row]) -> None:
    query = select(Notice.key).where(Notice.key.in_([row["key"] for row in rows]))
    known = set(session.scalars(query)) if rows else set()
    queue_notices(session, [row for row in rows if row["key"] not in known])


def _keep(session: Session, name: str, at: datetime) -> None:
    session.merge(Sighting(name=name, at=at))
    session.flush()

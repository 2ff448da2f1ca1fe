"""Tell the administrators that the engine stands still, and that it runs again: once each.

The row `standstill` among the signs of life is the alarm: whoever opens or closes it writes the
letters, however many are watching.
"""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from complaints.domain.permissions import Role
from complaints.models import Heartbeat, OutboxMessage, User
from complaints.outbox.queue import letter_row, queue_letters

ALARM = "standstill"


def raise_alarm(session: Session, *, since: datetime, zone: str, at: datetime) -> bool:
    """Open the alarm and write to every administrator; False when it is open already."""
    if not _open(session, since):
        return False
    _write(session, ALARM, {"since": since.isoformat(), "zone": zone}, since, at)
    return True


def sound_all_clear(session: Session, *, zone: str, at: datetime) -> bool:
    """Close an open alarm and write to those who were alarmed; False when none is open."""
    since = open_alarm(session)
    if since is None:
        return False
    statement = (
        update(Heartbeat).where(Heartbeat.job == ALARM, Heartbeat.handled == 1).values(handled=0)
    )
    if not getattr(session.execute(statement), "rowcount", 0):
        return False
    facts = {"since": since.isoformat(), "until": at.isoformat(), "zone": zone}
    _write(session, "standstill_over", facts, since, at)
    return True


def open_alarm(session: Session) -> datetime | None:
    """Since when the engine has stood still as the administrators were told, or None."""
    query = select(Heartbeat.at).where(Heartbeat.job == ALARM, Heartbeat.handled == 1)
    return session.scalar(query)


def alarm_keys(session: Session, since: datetime) -> list[str]:
    """The outbox keys of the letters that raise this alarm."""
    return [_key(ALARM, since, each.id) for each in _administrators(session)]


def _open(session: Session, since: datetime) -> bool:
    statement = (
        update(Heartbeat)
        .where(Heartbeat.job == ALARM, Heartbeat.handled == 0)
        .values(at=since, handled=1)
    )
    if getattr(session.execute(statement), "rowcount", 0):
        return True
    try:
        with session.begin_nested():
            session.execute(insert(Heartbeat).values(job=ALARM, at=since, handled=1))
    except IntegrityError:
        # It is open already, or somebody else has opened it a moment ago.
        return False
    return True


def _write(
    session: Session, kind: str, facts: dict[str, str], since: datetime, at: datetime
) -> None:
    rows = [
        letter_row(
            kind,
            _key(kind, since, person.id),
            to=person.email,
            language=person.language,
            complaint_id=None,
            facts={"name": person.name, **facts},
            at=at,
        )
        for person in _administrators(session)
    ]
    query = select(OutboxMessage.key).where(OutboxMessage.key.in_([row["key"] for row in rows]))
    written = set(session.scalars(query))
    queue_letters(session, [row for row in rows if row["key"] not in written])


def _administrators(session: Session) -> Iterable[User]:
    query = select(User).where(User.role == Role.ADMIN, User.is_active.is_(True))
    return session.scalars(query.order_by(User.id)).all()


def _key(kind: str, since: datetime, user_id: int) -> str:
    """One letter per kind, standstill and person."""
    return f"{kind}:{int(since.timestamp())}:{user_id}"

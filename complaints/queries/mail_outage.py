"""Whether mail leaves at all: since when the way out is closed, and who has been told of it.

Kept as sightings; `people.mail_outage` writes them.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from complaints.models import OutboxMessage, Sighting

#: Since when no attempt has reached the mail server.
MAIL_CLOSED = "mail_closed"
#: When it was tried last.
MAIL_TRIED = "mail_tried"
#: Letters written until then have waited so long that those who wrote them are told.
MAIL_TOLD = "mail_told"

_SOMETHING_WAITS = select(OutboxMessage.id).where(OutboxMessage.state == "queued").exists()
#: For a query that asks more: whether the last attempt did not reach the mail server.
IS_MAIL_CLOSED = select(Sighting.name).where(Sighting.name == MAIL_CLOSED).exists()


@dataclass(frozen=True, slots=True)
class MailOutage:
    """No mail leaves, since `since`.

    `told_until` is None until it has lasted so long that it is told; then letters written until
    that instant count as stuck.
    """

    since: datetime
    tried_at: datetime
    told_until: datetime | None


def mail_outage(session: Session) -> MailOutage | None:
    """The outage that goes on now, as far as the last attempt tells.

    While nothing waits nothing is tried, and nobody knows of one.
    """
    return _read(session, _SOMETHING_WAITS)


def noted_outage(session: Session) -> MailOutage | None:
    """The outage that the last attempt noted, whether anything waits since or not."""
    return _read(session)


def _read(session: Session, *only_if: ColumnElement[bool]) -> MailOutage | None:
    names = (MAIL_CLOSED, MAIL_TRIED, MAIL_TOLD)
    query = select(Sighting.name, Sighting.at).where(Sighting.name.in_(names), *only_if)
    rows = session.execute(query)
    seen: dict[str, datetime] = {row.name: row.at for row in rows}
    since = seen.get(MAIL_CLOSED)
    if since is None:
        return None
    return MailOutage(since, seen.get(MAIL_TRIED, since), seen.get(MAIL_TOLD))

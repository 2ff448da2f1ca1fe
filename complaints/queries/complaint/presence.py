"""Who else is at a complaint at this moment."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from complaints.db import UTCDateTime
from complaints.domain.permissions import Actor
from complaints.domain.presence import HERE_FOR, Doing
from complaints.models import Presence, User
from complaints.queries.paging import at_most

#: So many are named.
MOST_NAMED = 5


@dataclass(frozen=True, slots=True)
class Here:
    """A colleague at the complaint; without another sign they count as gone from `until` on."""

    name: str
    since: datetime
    doing: Doing
    until: datetime


_INSTANT = UTCDateTime()
_OTHERS = (
    select(User.name, Presence.since, Presence.doing, Presence.seen_at)
    .join(User, User.id == Presence.user_id)
    .where(
        Presence.complaint_id == bindparam("complaint_id"),
        Presence.user_id != bindparam("user_id"),
        Presence.seen_at > bindparam("after", type_=_INSTANT),
        Presence.seen_at <= bindparam("before", type_=_INSTANT),
    )
    .order_by(Presence.since, User.id)
    .limit(at_most(MOST_NAMED))
)


def others_here(session: Session, complaint_id: int, me: Actor, *, now: datetime) -> Sequence[Here]:
    """Who but this person is at the complaint, whoever came first on top."""
    asked = {
        "complaint_id": complaint_id,
        "user_id": me.id,
        "after": now - HERE_FOR,
        "before": now + HERE_FOR,
    }
    rows = session.connection().execute(_OTHERS, asked)
    return [Here(name, since, Doing(doing), seen + HERE_FOR) for name, since, doing, seen in rows]

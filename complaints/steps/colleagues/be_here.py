"""Being at a complaint: colleagues who may read it see so, for as long as it lasts.

Nothing of the complaint changes, so there is no entry in its history, and no lock.
"""

from datetime import datetime

from sqlalchemy import case, delete, or_
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from complaints.db import as_stored
from complaints.domain.presence import HERE_FOR, Doing
from complaints.models import Presence
from complaints.steps.case import Case


def be_here(opened: Case, doing: Doing) -> None:
    """Note that the person of the case is at the complaint, which they may read."""
    now = as_stored(opened.at)
    # A sign from the future was left before the clock was set back.
    is_over = or_(Presence.seen_at <= now - HERE_FOR, Presence.seen_at > now + HERE_FOR)
    # SQLite and PostgreSQL understand the same words here.
    fresh = insert(Presence).values(
        complaint_id=opened.complaint.id,
        user_id=opened.by.id,
        since=now,
        seen_at=now,
        doing=doing.value,
    )
    noting = fresh.on_conflict_do_update(
        index_elements=[Presence.complaint_id, Presence.user_id],
        set_={
            "since": case((is_over, now), else_=Presence.since),
            "seen_at": now,
            "doing": doing.value,
        },
    )
    opened.session.connection().execute(noting)


def forget_absent(session: Session, at: datetime) -> int:
    """Delete who is not here any more; returns how many. The caller commits."""
    now = as_stored(at)
    gone = session.execute(
        delete(Presence).where(
            or_(Presence.seen_at <= now - HERE_FOR, Presence.seen_at > now + HERE_FOR)
        )
    )
    return int(getattr(gone, "rowcount", 0))

"""How often somebody may do something: counted in one table, across processes, without names.

Whom a row counts for is kept as a pseudonym only this installation can make, never in clear.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Integer, Row, bindparam, case, delete, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session
from sqlalchemy.sql.dml import ReturningInsert

from complaints.db import as_stored
from complaints.models import RateLimit
from complaints.signing import pseudonym


@dataclass(frozen=True, slots=True)
class Taken:
    """Whether one more was allowed, how many are left, and when counting begins anew."""

    is_allowed: bool
    limit: int
    remaining: int
    resets_at: datetime

    def seconds_to_wait(self, now: datetime) -> int:
        """Whole seconds until the next is allowed for certain, 0 when it is now."""
        if self.remaining:
            return 0
        return max(0, -(-(self.resets_at - now) // timedelta(seconds=1)))


def _taking() -> ReturningInsert[int, datetime]:
    """The statement of `take_one`, which takes longer to put together than to run."""
    at, ends = (bindparam(name, type_=RateLimit.resets_at.type) for name in ("at", "ends"))
    is_over = or_(RateLimit.resets_at <= at, RateLimit.resets_at > ends)
    # SQLite and PostgreSQL understand the same words here.
    fresh = insert(RateLimit).values(key=bindparam("named"), used=1, resets_at=ends)
    return fresh.on_conflict_do_update(
        index_elements=[RateLimit.key],
        set_={
            "used": case((is_over, 1), else_=RateLimit.used + 1),
            "resets_at": case((is_over, ends), else_=RateLimit.resets_at),
        },
        where=or_(is_over, RateLimit.used < bindparam("most", type_=Integer)),
    ).returning(RateLimit.used, RateLimit.resets_at)


_TAKING = _taking()


def take_one(session: Session, key: str, *, limit: int, per: timedelta, now: datetime) -> Taken:
    """Take one of the `limit` that `key` may have within `per`, counted from the first of them.

    `key` says what for and for whom, such as `complain:address:192.0.2.1`; whoever keeps to the
    limit may at the turn of two windows have twice as many within a short time. A refused one is
    not counted. A window that would end later than `per` from now was begun before the clock was
    set back, and is over.

    One statement where it is allowed, two where not. The row is held until the caller's
    transaction ends: commit before work that takes long or may fail, where that is to count as
    well. What the database raises is passed on; whether nothing or everything is then allowed is
    the caller's to say.
    """
    now = as_stored(now)
    name = pseudonym("rate-limit", key)
    row = _take(session, name, limit, per, now)
    if row is not None:
        return Taken(True, limit, limit - row.used, row.resets_at)
    query = select(RateLimit.resets_at).where(RateLimit.key == name)
    return Taken(False, limit, 0, session.connection().scalar(query) or now + per)


def may_take(session: Session, key: str, *, limit: int, per: timedelta, now: datetime) -> bool:
    """Take one as `take_one` does, for whoever only has to know whether it was allowed."""
    return _take(session, pseudonym("rate-limit", key), limit, per, as_stored(now)) is not None


def _take(
    session: Session, name: str, limit: int, per: timedelta, now: datetime
) -> Row[int, datetime] | None:
    asked = {"named": name, "at": now, "ends": now + per, "most": limit}
    return session.connection().execute(_TAKING, asked).first()


def forget_old_limits(session: Session, at: datetime) -> int:
    """Delete what counts for nothing any more; how many rows. The caller commits."""
    gone = session.execute(delete(RateLimit).where(RateLimit.resets_at <= at))
    return int(getattr(gone, "rowcount", 0))

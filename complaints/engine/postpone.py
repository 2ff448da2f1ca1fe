"""Putting aside what cannot be fired: tried again in an hour, while the others go on.

What is kept of an error tells where to look and holds nobody's data.
"""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from traceback import extract_tb

from sqlalchemy import bindparam, update
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.orm import Session

from complaints.domain.firing import POSTPONED_FOR
from complaints.engine.outcome import Claimed
from complaints.models import Timer
from complaints.rows import table_of

#: Deadlines that could not be fired, each with what stood in the way.
Failed = list[tuple[Claimed, Exception]]


def reraise_if_db_down(error: Exception) -> Exception:
    """The error, unless the database itself is in trouble: then the batch has to end."""
    if isinstance(error, OperationalError | InterfaceError):
        raise error
    return error


def postpone(
    session: Session, failed: Sequence[tuple[Claimed, Exception]], at: datetime
) -> list[str]:
    """Try these again in an hour; returns a line for the log on each."""
    if not failed:
        return []
    table = table_of(Timer)
    statement = (
        update(table)
        .where(table.c.id == bindparam("timer"))
        .values(
            fire_at=at + POSTPONED_FOR,
            attempts=table.c.attempts + 1,
            last_error=bindparam("why"),
        )
    )
    rows = [{"timer": each.timer_id, "why": _where(error)} for each, error in failed]
    session.execute(statement, rows)
    return [f"timer {row['timer']}: {row['why']}" for row in rows]


def _where(error: Exception) -> str:
    """The kind of error and the line it came from; its words may name a customer."""
    cause = getattr(error, "orig", None) or error
    frames = extract_tb(error.__traceback__)
    ours = [frame for frame in frames if "complaints" in Path(frame.filename).parts]
    place = f" in {Path(ours[-1].filename).name}:{ours[-1].lineno}" if ours else ""
    return f"{type(cause).__name__}{place}"

"""Putting aside what cannot be fired: tried again in an hour, while the others go on.

What is kept of an error tells where to look and holds nobody's data.
"""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from traceback import extract_tb

from sqlalchemy import update
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.orm import Session

from complaints.clocks.store import postpone_timers
from complaints.domain.firing import POSTPONED_FOR
from complaints.engine.expiries import Expired
from complaints.engine.outcome import DueTimer
from complaints.models import Escalation

#: Deadlines that could not be fired, each with what stood in the way.
Failed = list[tuple[DueTimer, Exception]]
#: Expiries that could not be stored, likewise.
FailedExpiries = list[tuple[Expired, Exception]]


def reraise_if_db_down(error: Exception) -> Exception:
    """The error, unless the database itself is in trouble: then the batch has to end."""
    if isinstance(error, OperationalError | InterfaceError):
        raise error
    return error


def postpone(
    session: Session, failed: Sequence[tuple[DueTimer, Exception]], at: datetime
) -> list[str]:
    """Try these again in an hour; returns a line for the log on each."""
    mishaps = {each.id: _where(error) for each, error in failed}
    postpone_timers(session, mishaps, at + POSTPONED_FOR)
    return [f"timer {key}: {why}" for key, why in mishaps.items()]


def postpone_expiries(
    session: Session, failed: Sequence[tuple[Expired, Exception]], at: datetime
) -> list[str]:
    """Try these again in an hour; returns a line for the log on each complaint."""
    if not failed:
        return []
    ids = [each.id for one, _ in failed for each in one.acknowledged]
    postponed = update(Escalation).values(expiry_postponed_until=at + POSTPONED_FOR)
    session.execute(
        postponed.where(Escalation.id.in_(ids)), execution_options={"synchronize_session": False}
    )
    return [f"expiry, complaint {one.complaint.id}: {_where(error)}" for one, error in failed]


def _where(error: Exception) -> str:
    """The kind of error and the line it came from; its words may name a customer."""
    cause = getattr(error, "orig", None) or error
    frames = extract_tb(error.__traceback__)
    ours = [frame for frame in frames if "complaints" in Path(frame.filename).parts]
    place = f" in {Path(ours[-1].filename).name}:{ours[-1].lineno}" if ours else ""
    return f"{type(cause).__name__}{place}"

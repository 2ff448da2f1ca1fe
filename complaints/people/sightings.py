"""What a process sees and the operator has to know: kept for `doctor` and the pages."""

from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from complaints.db import take_turns
from complaints.models import Sighting

#: What is seen all the time is noted once in so long.
_PACE = timedelta(hours=1)


def note_sighting(session: Session, name: str, at: datetime) -> bool:
    """Note that something was seen; whether that is worth a line in the log again."""
    kept = session.get(Sighting, name)
    if kept is not None and timedelta(0) <= at - kept.at < _PACE:
        return False
    take_turns(session, f"sighting:{name}")
    kept = session.get(Sighting, name, populate_existing=True)
    if kept is None:
        session.add(Sighting(name=name, at=at))
    else:
        kept.at = at
    return True


def forget_sighting(session: Session, name: str) -> None:
    """What was seen has been mended."""
    if session.get(Sighting, name) is not None:
        session.execute(delete(Sighting).where(Sighting.name == name))

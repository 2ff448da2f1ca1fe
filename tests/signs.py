"""Signs of life as a worker leaves them, for tests of those who look at them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session, sessionmaker

from complaints.models import Heartbeat


def leave_sign(sessions: sessionmaker[Session], job: str, at: datetime) -> None:
    """Let a job have given a sign of life at this time."""
    with sessions.begin() as session:
        beat = session.get(Heartbeat, job) or Heartbeat(job=job, lags={})
        beat.at = at
        session.add(beat)

"""How the engine is doing: timers waiting, post waiting, when each job last finished."""

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from complaints.models import Complaint, Deadline, Heartbeat, OutboxMessage, Timer

#: A timer this long overdue means that nobody fires them.
STANDSTILL = timedelta(minutes=2)


def engine_state(session: Session, now: datetime) -> dict[str, tuple[str, float]]:
    """Metric name → (what it says, value); lags in seconds."""
    oldest = session.scalar(select(func.min(Timer.fire_at)))
    post = session.execute(
        select(func.count(), func.min(OutboxMessage.created_at)).where(
            OutboxMessage.state == "queued"
        )
    ).one()
    failed = session.scalar(select(func.count()).where(OutboxMessage.state == "failed")) or 0
    due = session.scalar(select(func.count()).where(Timer.fire_at <= now)) or 0
    live = session.scalar(select(func.count()).where(Deadline.ended_at.is_(None))) or 0
    complaints = session.scalar(select(func.count()).select_from(Complaint)) or 0
    state = {
        "timer_lag_seconds": ("How late the oldest due timer is", seconds_since(oldest, now)),
        "timers_due": ("Timers that are due now", float(due)),
        "deadlines_live": ("Deadlines that still run", float(live)),
        "complaints": ("Complaints recorded", float(complaints)),
        "outbox_waiting": ("Messages waiting to be sent", float(post[0])),
        "outbox_failed": ("Messages given up", float(failed)),
        "outbox_lag_seconds": (
            "How old the oldest waiting message is",
            seconds_since(post[1], now),
        ),
    }
    for beat in session.scalars(select(Heartbeat)):
        state[f"heartbeat_age_seconds_{beat.job}"] = (
            f"How long ago job {beat.job} finished",
            seconds_since(beat.at, now),
        )
    return state


def has_stopped(session: Session, now: datetime) -> bool:
    """Whether due timers have been waiting so long that the worker cannot be running."""
    oldest = session.scalar(select(func.min(Timer.fire_at)))
    return oldest is not None and now - oldest > STANDSTILL


def seconds_since(then: datetime | None, now: datetime) -> float:
    """Whole seconds since an instant; 0 when there is none or it lies ahead."""
    return max(0.0, (now - then).total_seconds()) if then else 0.0

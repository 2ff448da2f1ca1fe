"""What `complaints doctor` says of the sums of the reports."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from complaints import clock
from complaints.commands.finding import Finding
from complaints.models import Heartbeat
from complaints.queries.reports.summaries.state import MOST_STALE, stale_ids


def examine_sums(session: Session) -> Finding:
    """What the worker's checks of the reports' sums found, and how much is still to be computed."""
    beat = session.scalar(select(Heartbeat).where(Heartbeat.job == "sumcheck"))
    found = beat.lags if beat else {}
    waiting = len(stale_ids(session, clock.now()))
    behind = f"more than {MOST_STALE}" if waiting > MOST_STALE else str(waiting)
    what = (
        f"{found.get('compared', 0)} complaints and {found.get('days', 0)} days compared with "
        f"their rows, {found.get('differing', 0)} complaints differed and were computed again, "
        f"{behind} changed since their sums were computed"
    )
    days = found.get("days_differing", 0)
    if days:
        what += f"; {days} days differ from their rows, run complaints report rebuild"
    return Finding(
        "sums of the reports",
        not days,
        what,
        is_warning=not days and (bool(found.get("differing")) or waiting > MOST_STALE),
    )

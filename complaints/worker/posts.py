"""Public posts whose reply is nearly due or late: those whom the ladder names hear of it."""

from collections import Counter
from datetime import datetime

from complaints.steps.public_posts.remind import BATCH, remind_of_posts
from complaints.worker.sweeps import JobResult, WorkerContext


def fire_posts(context: WorkerContext, at: datetime) -> JobResult:
    """Take every step that is due, a batch in a transaction."""
    done = JobResult()
    while not context.is_stopping():
        with context.sessions.begin() as session:
            lags = remind_of_posts(session, at=at)
        done.handled += len(lags)
        done.lags.update(Counter(lags))
        done.lag_seconds = max([done.lag_seconds, *lags])
        if len(lags) < BATCH:
            break
    return done

"""Corrective actions that are not done in time: their owners and superiors hear of it once."""

from collections import Counter
from datetime import datetime

from complaints.steps.improvement.remind import BATCH, remind_of_actions
from complaints.worker.sweeps import JobResult, WorkerContext


def fire_actions(context: WorkerContext, at: datetime) -> JobResult:
    """Tell of every one that is due, a batch in a transaction."""
    done = JobResult()
    while not context.is_stopping():
        with context.sessions.begin() as session:
            lags = remind_of_actions(session, at=at)
        done.handled += len(lags)
        done.lags.update(Counter(lags))
        done.lag_seconds = max([done.lag_seconds, *lags])
        if len(lags) < BATCH:
            break
    return done

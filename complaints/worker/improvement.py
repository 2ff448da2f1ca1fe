"""Corrective actions that are not done in time: their owners and superiors hear of it."""

from datetime import datetime

from complaints.steps.improvement.remind import BATCH, remind_of_actions
from complaints.worker.sweeps import JobResult, WorkerContext, take_batches


def fire_actions(context: WorkerContext, at: datetime) -> JobResult:
    """Tell of every one that is due, a batch in a transaction."""
    return take_batches(context, remind_of_actions, at, BATCH)

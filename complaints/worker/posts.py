"""Public posts whose reply is nearly due or late: those whom the ladder names hear of it."""

from datetime import datetime

from complaints.steps.public_posts.remind import BATCH, remind_of_posts
from complaints.worker.sweeps import JobResult, WorkerContext, take_batches


def fire_posts(context: WorkerContext, at: datetime) -> JobResult:
    """Take every step that is due, a batch in a transaction."""
    return take_batches(context, remind_of_posts, at, BATCH)

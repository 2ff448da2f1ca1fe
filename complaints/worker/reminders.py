"""What has a day of its own beside complaints: public posts, corrective actions, reviews."""

from datetime import datetime

from complaints.put_off import BATCH
from complaints.steps.improvement.remind import remind_of_actions
from complaints.steps.management_review.remind import remind_of_reviews
from complaints.steps.public_posts.remind import remind_of_posts
from complaints.worker.rounds import take_batches
from complaints.worker.sweeps import JobResult, WorkerContext


def fire_posts(context: WorkerContext, at: datetime) -> JobResult:
    """Take every step that is due of posts whose reply is nearly due or late."""
    return take_batches(context, remind_of_posts, at, BATCH)


def fire_actions(context: WorkerContext, at: datetime) -> JobResult:
    """Tell of every corrective action that is late, or can be verified."""
    return take_batches(context, remind_of_actions, at, BATCH)


def fire_reviews(context: WorkerContext, at: datetime) -> JobResult:
    """Remind of every management review that is due."""
    return take_batches(context, remind_of_reviews, at, BATCH)

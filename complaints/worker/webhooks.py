"""The round of the webhooks: who has something due is called, and nobody is waited for."""

from datetime import datetime

from complaints import clock
from complaints.outbox.webhooks.deliver import endpoints_waiting
from complaints.worker.sweeps import JobResult, WorkerContext, reading


def call_webhooks(context: WorkerContext, at: datetime) -> JobResult:
    """Begin to call every endpoint that may be called; tells of the calls that have ended."""
    if context.callers is None:
        return JobResult()
    with reading(context.sessions) as session:
        waiting = endpoints_waiting(session, at)
    context.callers.call(context.sessions, waiting, now=clock.now, is_stopping=context.is_stopping)
    return JobResult(context.callers.take_count())

"""The recalculations that administrators ordered, carried out batch by batch until none waits."""

import time
from collections.abc import Callable
from datetime import datetime

import structlog
from sqlalchemy.orm import Session, sessionmaker

from complaints.recalculation.jobs import postpone_job, run_next_batch, waiting_jobs
from complaints.rulebook import current_rules
from complaints.worker.sweeps import ROUND_SECONDS, JobResult, WorkerContext, reading

#: Between two batches SQLite's write lock is left to whoever waits for it at a desk: a batch is
#: short, and the breather as long as the longest pause between two looks at the lock.
BATCH = 200
BREATHER_SECONDS = 0.1

log = structlog.get_logger()


def recalculate_clocks(context: WorkerContext, at: datetime) -> JobResult:
    """Recalculate batch by batch, as long as an order waits and the round's time is not over."""
    began = time.monotonic()

    def is_over() -> bool:
        return context.is_stopping() or time.monotonic() - began > ROUND_SECONDS

    return JobResult(run_recalculations(context.sessions, at, is_over))


def run_recalculations(
    sessions: sessionmaker[Session], at: datetime, is_over: Callable[[], bool] = lambda: False
) -> int:
    """Carry out what waits, each batch in its own transaction; returns how many batches.

    A batch that fails is put off, and the other recalculations go on.
    """
    batches = 0
    while True:
        with reading(sessions) as session:
            waiting = waiting_jobs(session, at)
        before = batches
        for order_id in waiting:
            while not is_over() and _run_batch(sessions, order_id, at):
                batches += 1
                time.sleep(BREATHER_SECONDS)
        if batches == before or is_over():
            return batches


def _run_batch(sessions: sessionmaker[Session], order_id: int, at: datetime) -> bool:
    """Carry out one batch of one recalculation; whether there was one to carry out."""
    try:
        with sessions.begin() as session:
            rules = current_rules(session)
            return run_next_batch(session, rules, order_id, at=at, limit=BATCH) is not None
    except Exception as error:
        # The words of an error may hold a customer's name; its kind tells enough.
        kind = type(error).__name__
        log.error("recalculation put off", recalculation=order_id, error=kind)
        with sessions.begin() as session:
            postpone_job(session, order_id, error=kind, at=at)
        return False

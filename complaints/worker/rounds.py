"""How a job goes through what is due: complaint by complaint, or a batch at a time."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

import structlog

from complaints.domain.errors import Refused
from complaints.domain.permissions import SYSTEM
from complaints.steps.case import Case
from complaints.steps.casework.pause import open_now
from complaints.worker.sweeps import JobResult, WorkerContext

log = structlog.get_logger()


def take_each(
    context: WorkerContext,
    numbers: Iterable[str],
    take: Callable[[Case], int],
    at: datetime,
    refused: str,
) -> JobResult:
    """Let the system take a step on each complaint, in a transaction of its own.

    `take` says how much there was to do. What is refused has changed a moment ago, and is logged
    as `refused`. One that fails holds up no other, and the job fails when all have had their turn.
    """
    done, failure = JobResult(), None
    for number in numbers:
        if context.is_stopping():
            break
        try:
            with context.sessions.begin() as session:
                done.handled += take(open_now(session, number, by=SYSTEM, at=at))
        except Refused as error:
            log.info(refused, reason=error.kind)
        except Exception as error:
            failure = error
    if failure is not None:
        raise failure
    return done


def take_batches(
    context: WorkerContext, take: Callable[..., Sequence[int]], at: datetime, most: int
) -> JobResult:
    """Take all that is due, a batch of `most` in a transaction; `take` says how late each was."""
    done = JobResult()
    while not context.is_stopping():
        with context.sessions.begin() as session:
            lags = take(session, at=at)
        done.handled += len(lags)
        done.lags.update(Counter(lags))
        done.lag_seconds = max([done.lag_seconds, *lags])
        if len(lags) < most:
            break
    return done

"""Requests for an approval pass on while whoever was asked is away, so that none lies unseen."""

from datetime import datetime

import structlog

from complaints.domain.errors import Refused
from complaints.domain.permissions import SYSTEM
from complaints.queries.engine.stranded_requests import stranded_requests
from complaints.rulebook import current_rules
from complaints.steps.casework.approve import ask_somebody_else
from complaints.steps.casework.pause import open_now
from complaints.worker.sweeps import JobResult, WorkerContext, reading

log = structlog.get_logger()


def pass_requests_on(context: WorkerContext, at: datetime) -> JobResult:
    """Ask whoever may decide now, each complaint in its own transaction."""
    done = JobResult()
    with reading(context.sessions) as session:
        waiting = stranded_requests(session, at)
    for each in waiting:
        if context.is_stopping():
            break
        try:
            with context.sessions.begin() as session:
                number = current_rules(session).numbers.write(each.year, each.complaint_id)
                done.handled += ask_somebody_else(open_now(session, number, by=SYSTEM, at=at))
        except Refused as error:
            # Decided or ended a moment ago, or written on by a clock that runs ahead.
            log.info("request not passed on", reason=error.kind)
    return done

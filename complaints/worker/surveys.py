"""Some days after the end customers are asked how it was, or the history says why not."""

from datetime import datetime

import structlog

from complaints.domain.errors import Refused
from complaints.domain.permissions import SYSTEM
from complaints.queries.complaint.unasked import due_surveys
from complaints.rulebook import current_rules
from complaints.steps.casework.pause import open_now
from complaints.steps.letters.survey import ask_by_itself
from complaints.worker.sweeps import JobResult, WorkerContext, reading

log = structlog.get_logger()


def ask_customers(context: WorkerContext, at: datetime) -> JobResult:
    """Ask of each complaint whose time has come, each in its own transaction.

    One that fails holds up no other, and the job fails when all have had their turn.
    """
    done, failure = JobResult(), None
    with reading(context.sessions) as session:
        rules = current_rules(session)
        numbers = [rules.numbers.write(*each) for each in due_surveys(session, rules, at)]
    for number in numbers:
        if context.is_stopping():
            break
        try:
            with context.sessions.begin() as session:
                done.handled += ask_by_itself(open_now(session, number, by=SYSTEM, at=at))
        except Refused as error:
            # Opened again, or asked, a moment ago.
            log.info("customer not asked", reason=error.kind)
        except Exception as error:
            failure = error
    if failure is not None:
        raise failure
    return done

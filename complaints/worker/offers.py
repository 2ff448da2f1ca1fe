"""Offers that nobody answers: their customers are reminded once, or the handler is asked to."""

from datetime import datetime

import structlog

from complaints.domain.errors import Refused
from complaints.domain.permissions import SYSTEM
from complaints.queries.complaint.unanswered_offers import due_reminders
from complaints.rulebook import current_rules
from complaints.steps.casework.pause import open_now
from complaints.steps.casework.remind import remind_or_ask
from complaints.worker.sweeps import JobResult, WorkerContext, reading

log = structlog.get_logger()


def remind_of_offers(context: WorkerContext, at: datetime) -> JobResult:
    """Write what reminders are due, each complaint in its own transaction.

    One that fails holds up no other, and the job fails when all have had their turn.
    """
    done, failure = JobResult(), None
    with reading(context.sessions) as session:
        rules = current_rules(session)
        due = due_reminders(session, rules, at)
        numbers = [rules.numbers.write(each.year, each.id) for each in due]
    for number in numbers:
        if context.is_stopping():
            break
        try:
            with context.sessions.begin() as session:
                done.handled += remind_or_ask(open_now(session, number, by=SYSTEM, at=at))
        except Refused as error:
            # Answered or ended a moment ago.
            log.info("offer not reminded of", reason=error.kind)
        except Exception as error:
            failure = error
    if failure is not None:
        raise failure
    return done

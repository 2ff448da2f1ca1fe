"""Offers that nobody answers: their customers are reminded once, or the handler is asked to."""

from datetime import datetime

from complaints.queries.complaint.unanswered_offers import due_reminders
from complaints.rulebook import current_rules
from complaints.steps.casework.remind import remind_or_ask
from complaints.worker.rounds import take_each
from complaints.worker.sweeps import JobResult, WorkerContext, reading


def remind_of_offers(context: WorkerContext, at: datetime) -> JobResult:
    """Write what reminders are due; an offer answered or a complaint ended just now is left."""
    with reading(context.sessions) as session:
        rules = current_rules(session)
        due = due_reminders(session, rules, at)
        numbers = [rules.numbers.write(each.year, each.id) for each in due]
    return take_each(context, numbers, remind_or_ask, at, "offer not reminded of")

"""Some days after the end customers are asked how it was, or the history says why not."""

from datetime import datetime

from complaints.queries.complaint.unasked import due_surveys
from complaints.rulebook import current_rules
from complaints.steps.letters.survey import ask_by_itself
from complaints.worker.rounds import take_each
from complaints.worker.sweeps import JobResult, WorkerContext, reading


def ask_customers(context: WorkerContext, at: datetime) -> JobResult:
    """Ask of each complaint whose time has come; one opened again or asked just now is left."""
    with reading(context.sessions) as session:
        rules = current_rules(session)
        numbers = [rules.numbers.write(*each) for each in due_surveys(session, rules, at)]
    return take_each(context, numbers, ask_by_itself, at, "customer not asked")

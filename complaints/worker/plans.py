"""Planned changes of the rules come into force at their instant, also while nobody opens a page."""

from datetime import datetime

from complaints.domain.errors import Invalid
from complaints.rulebook import current_rules
from complaints.rules.planned import put_in_force
from complaints.worker.sweeps import JobResult, WorkerContext, reading


def put_plans_in_force(context: WorkerContext, at: datetime) -> JobResult:
    """Look whether one is due, which costs one small query, and make it the version in force."""
    with reading(context.sessions) as session:
        try:
            due = current_rules(session).next_plan_at
        except Invalid:
            # Nothing has been loaded yet.
            return JobResult()
    if due is None or due > at:
        return JobResult()
    with context.sessions.begin() as session:
        return JobResult(put_in_force(session, at))

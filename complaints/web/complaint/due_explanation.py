"""Why this due time? Every clock of a complaint counted in front of the customer, line by line."""

from dataclasses import dataclass

from flask import Blueprint, render_template

from complaints import clock
from complaints.clocks.expected import awaiting_documents
from complaints.domain.deadlines import OUTCOME_KINDS
from complaints.domain.permissions import Permission
from complaints.extensions import db
from complaints.queries.complaint.due_explanation import DueExplanation, explain_due
from complaints.queries.paused_until import paused_until
from complaints.rulebook import RuleBook
from complaints.steps.case import view_case
from complaints.web.complaint.deadline import Due, read_due
from complaints.web.complaint.due_explanation_lines import (
    ExplanationLine,
    change_lines,
    counting_lines,
)
from complaints.web.frame.filters import label
from complaints.web.frame.guards import actor, guarded, planned_once
from complaints.web.frame.translations import lang
from complaints.web.rules.rule_words import say_clause

blueprint = Blueprint("due_explanation", __name__)


@dataclass(frozen=True, slots=True)
class ExplainedClock:
    """One clock as the page tells it."""

    why: DueExplanation
    due: Due
    amount: str
    policy: str
    calendar: str
    counting: list[ExplanationLine]
    changes: list[ExplanationLine]

    @property
    def is_live(self) -> bool:
        """Whether the clock still runs or stands still."""
        return self.why.deadline.ended_at is None


@blueprint.get("/complaints/<number>/deadlines")
@guarded(Permission.VIEW)
@planned_once()
def deadlines(number: str) -> str:
    """How each due time of a complaint came about."""
    now = clock.now()
    case = view_case(db.session, number, by=actor(), at=now)
    rules = case.rules
    waits = case.complaint.waiting_customer
    until = paused_until(db.session, case.complaint.id) if waits else None
    told = [
        _tell(rules, each, read_due(rules, each.deadline, now, lang(), until))
        for each in explain_due(db.session, rules, case.complaint.id)
    ]
    told.sort(key=_order)
    return render_template(
        "complaint/deadlines.html",
        number=case.number,
        told=told,
        waiting=awaiting_documents(rules, case.complaint, [each.why.deadline for each in told]),
        zone=rules.calendar_of(case.complaint.branch_id).value.tz,
        is_admin=case.by.has(Permission.REPORTS),
    )


def _tell(rules: RuleBook, why: DueExplanation, due: Due) -> ExplainedClock:
    calendar = rules.calendar_versions[why.deadline.calendar_version_id]
    return ExplainedClock(
        why=why,
        due=due,
        amount=say_clause(why.clause),
        policy=label(why.policy),
        calendar=label(calendar) or why.calendar,
        counting=counting_lines(rules, why),
        changes=change_lines(why, calendar.tz),
    )


def _order(told: ExplainedClock) -> tuple[bool, bool, float, int]:
    """What the customer waits for first, then what else runs, then what has ended."""
    deadline = told.why.deadline
    is_outcome = deadline.kind in OUTCOME_KINDS
    return (not told.is_live, not is_outcome, deadline.due_at.timestamp(), deadline.id)

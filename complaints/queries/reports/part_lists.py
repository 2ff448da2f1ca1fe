"""The complaints behind the figures by owner, level and person: a line for each thing counted.

Each figure is a query for what it counts, with the conditions that its number is counted by; the
list adds the lines of the complaints to it.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, false, literal_column, select

from complaints.domain.permissions import Actor
from complaints.models import Complaint, Escalation, Offer, User
from complaints.queries.lists.filters import NONE
from complaints.queries.reports.approvals import (
    DECIDER_ID,
    IS_AGREED,
    IS_APPROVED,
    IS_GIVEN,
    IS_REJECTED,
    IS_REQUEST,
)
from complaints.queries.reports.period import Period
from complaints.queries.reports.undertaken import STANDS, all_owed, owned_by
from complaints.queries.scope import joined_in_scope
from complaints.rulebook import RuleBook

_COMMITMENT = "commitment_"

#: Figure of the escalations → what is asked of one beside its level.
_ESCALATIONS: Mapping[str, list[ColumnElement[bool]]] = {
    "escalation_raised": [],
    "escalation_by_hand": [Escalation.deadline_id.is_(None)],
    "escalation_acknowledged": [Escalation.acknowledged_at.is_not(None)],
    "escalation_unanswered": [Escalation.acknowledged_at.is_(None)],
}
#: Figure of the amounts → whose it is, and what is asked of the offer.
_MONEY: Mapping[str, tuple[Any, list[ColumnElement[bool]]]] = {
    "money_given": (Offer.by_id, [IS_GIVEN]),
    "money_agreed": (Offer.by_id, [IS_GIVEN, IS_AGREED]),
    "money_asked": (Offer.by_id, [IS_REQUEST]),
    "money_approved": (DECIDER_ID, [IS_REQUEST, IS_APPROVED]),
    "money_rejected": (DECIDER_ID, [IS_REQUEST, IS_REJECTED]),
}
PART_FIGURES = (*(_COMMITMENT + name for name in STANDS), *_ESCALATIONS, *_MONEY)


def counted_in_part(
    figure: str, line: str | None, actor: Actor, period: Period, rules: RuleBook, now: datetime
) -> Subquery:
    """What the figure counts in a line of the report, or in all of them: id, complaint and time."""
    if figure.startswith(_COMMITMENT):
        owed = all_owed(actor, period, now)
        query: Select[Any] = select(owed.c.id, owed.c.complaint_id, owed.c.due_at.label("at"))
        query = query.where(owed.c.stands == figure.removeprefix(_COMMITMENT))
        if line:
            query = query.where(owned_by(owed, line, rules))
    elif figure in _ESCALATIONS:
        query = _of(Escalation, Escalation.raised_at, actor, period).where(*_ESCALATIONS[figure])
        if line:
            is_level = line.isdecimal() and len(line) < 4
            query = query.where(Escalation.level == int(line) if is_level else false())
    else:
        person_id, conditions = _MONEY[figure]
        query = _of(Offer, Offer.at, actor, period)
        query = query.where(Offer.amount > literal_column("0"), *conditions)
        if line == NONE:
            query = query.where(person_id.is_(None))
        elif line:
            person = select(User.id).where(User.email == line).scalar_subquery()
            query = query.where(person_id == person)
    return query.subquery("counted")


def _of(table: Any, at: Any, actor: Actor, period: Period) -> Select[Any]:
    """Rows of a table that belong to complaints within the scope, by a time in the period."""
    return (
        select(table.id, table.complaint_id, at.label("at"))
        .join(Complaint, Complaint.id == table.complaint_id)
        .where(period.holds(at), joined_in_scope(actor))
    )

"""Corrective actions as a management review keeps them, and those of the review before."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from complaints.domain.improvement.acts import is_late
from complaints.domain.improvement.effect import to_keep
from complaints.domain.management_review.acts import ReviewState
from complaints.models import CorrectiveAction, ManagementReview
from complaints.queries.improvement.effect import read_effect
from complaints.queries.management_review.scope import same_scope
from complaints.queries.paging import at_most
from complaints.queries.reports.period import instants_of
from complaints.rulebook import RuleBook

#: So many corrective actions are kept with the figures, the oldest first.
MOST_KEPT = 100


def actions_of_period(
    session: Session,
    rules: RuleBook,
    branch_id: int | None,
    from_on: date,
    to_on: date,
    *,
    now: datetime,
) -> tuple[Sequence[dict[str, Any]], bool]:
    """The corrective actions that were open on some day of the period, with their effect.

    Those of a branch, of all of them for None; and whether there are more than are kept.
    """
    zone = rules.own_calendar(branch_id).tz
    since, until = instants_of(from_on, to_on, zone)
    ended = CorrectiveAction.ended_at
    query = (
        select(CorrectiveAction)
        .where(CorrectiveAction.raised_at < until, or_(ended.is_(None), ended >= since))
        .order_by(CorrectiveAction.id)
        .limit(at_most(MOST_KEPT + 1))
    )
    if branch_id is not None:
        query = query.where(CorrectiveAction.branch_id == branch_id)
    rows = session.scalars(query).all()
    kept = []
    for action in rows[:MOST_KEPT]:
        effect = read_effect(session, rules, action, now=now)
        kept.append({**facts_of(rules, action, now), "effect": to_keep(effect) if effect else None})
    return kept, len(rows) > MOST_KEPT


def facts_of(rules: RuleBook, action: CorrectiveAction, now: datetime) -> dict[str, Any]:
    """A corrective action as plain values, as it stands."""
    return {
        "number": rules.numbers.of_actions.write(action.year, action.id),
        "what": action.what,
        "owner": action.owner_name,
        "due_on": action.due_on.isoformat(),
        "state": action.state,
        "done_on": action.done_on.isoformat() if action.done_on else None,
        "was_late": action.late_at is not None
        or is_late(action.due_at, action.done_at or action.ended_at, now),
    }


def facts_of_all(
    session: Session, rules: RuleBook, ids: Collection[int], now: datetime
) -> Sequence[dict[str, Any]]:
    """The same of these, in the order in which they were raised."""
    if not ids:
        return []
    query = select(CorrectiveAction).where(CorrectiveAction.id.in_(sorted(ids)))
    found = session.scalars(query.order_by(CorrectiveAction.id))
    return [facts_of(rules, each, now) for each in found]


def last_review(
    session: Session, branch_id: int | None, *conditions: ColumnElement[bool]
) -> ManagementReview | None:
    """The review of just this branch that was held last and is concluded; None before the first."""
    query = (
        select(ManagementReview)
        .where(
            same_scope(branch_id),
            ManagementReview.state == ReviewState.CONCLUDED.value,
            *conditions,
        )
        .order_by(ManagementReview.held_on.desc(), ManagementReview.id.desc())
        .limit(1)
    )
    return session.scalar(query)


def follow_up(
    session: Session, rules: RuleBook, review: ManagementReview, now: datetime
) -> dict[str, Any]:
    """The review before this one, and its corrective actions as they stand; empty where none is.

    Of one that is concluded they are those of then, which the record keeps.
    """
    if review.state == ReviewState.CONCLUDED:
        return review.followed
    conditions = [ManagementReview.id != review.id]
    if review.held_on is not None:
        # A record that is written late does not follow what was held after it.
        conditions.append(ManagementReview.held_on <= review.held_on)
    before = last_review(session, review.branch_id, *conditions)
    if before is None:
        return {}
    assert before.held_on is not None
    return {
        "number": rules.numbers.of_reviews.write(before.year, before.id),
        "held_on": before.held_on.isoformat(),
        "actions": [*facts_of_all(session, rules, before.action_ids, now)],
    }

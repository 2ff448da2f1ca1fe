"""Recalculations as orders: booked when a rule is applied to all, carried out one batch at a time.

An order keeps the place where its next batch begins and moves it in the batch's own transaction,
so whoever is killed leaves nothing half done and nothing is counted twice. The row's lock is the
lease: it ends with the transaction, and with the process.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from complaints.db import take_turns
from complaints.domain.permissions import Actor, Permission, Role, require
from complaints.domain.policies.whatif import Change, RuleKind
from complaints.models import RecalculationJob
from complaints.recalculation.recalculate import (
    BATCH,
    change_in_force,
    count_concerned,
    recalculate,
)
from complaints.rulebook import RuleBook

#: After a vain try the next one waits as many minutes as there have been, at most so many.
LONGEST_WAIT_MINUTES = 30


def order_recalculation(
    session: Session, rules: RuleBook, change: Change, *, by: Actor, at: datetime
) -> RecalculationJob:
    """Order a saved change to be applied; asked twice, the order that is not done is returned."""
    require(by, Permission.ADMINISTER)
    change = change_in_force(rules, change)
    data = _as_data(change)
    take_turns(session, "recalculations")
    for waiting in session.scalars(
        select(RecalculationJob).where(RecalculationJob.ended_at.is_(None))
    ):
        if (waiting.kind, waiting.code, waiting.change) == (change.kind.value, change.code, data):
            return waiting
    order = RecalculationJob(
        kind=change.kind.value,
        code=change.code,
        change=data,
        reason=_reason(rules, change),
        by_id=by.id,
        by_name=by.name,
        booked_at=at,
        total=count_concerned(session, rules, change),
        try_at=at,
    )
    session.add(order)
    session.flush()
    return order


def waiting_jobs(session: Session, at: datetime) -> Sequence[int]:
    """The orders that can be gone on with, in the order in which they were booked."""
    query = select(RecalculationJob.id).where(
        RecalculationJob.ended_at.is_(None), RecalculationJob.try_at <= at
    )
    return session.scalars(query.order_by(RecalculationJob.id)).all()


def run_next_batch(
    session: Session, rules: RuleBook, order_id: int, *, at: datetime, limit: int = BATCH
) -> RecalculationJob | None:
    """Carry out the next batch of an order; None when it has ended or somebody else is at it.

    The caller commits each batch.
    """
    query = select(RecalculationJob).where(
        RecalculationJob.id == order_id, RecalculationJob.ended_at.is_(None)
    )
    order = session.scalar(
        query.with_for_update(skip_locked=True).execution_options(populate_existing=True)
    )
    if order is None:
        return None
    done = recalculate(
        session,
        rules,
        _change_of(rules, order),
        reason=order.reason,
        by=Actor(order.by_id, order.by_name, Role.ADMIN),
        at=at,
        since=order.booked_at,
        after=order.after_id,
        limit=limit,
    )
    order.done += done.complaints
    order.clocks += done.totals.clocks
    order.moved += done.totals.moved
    order.started += done.totals.started
    order.ended += done.totals.ended
    order.attempts, order.last_error = 0, ""
    if done.last_id is None:
        order.ended_at = at
    else:
        order.after_id = done.last_id
    session.flush()
    return order


def postpone_job(session: Session, order_id: int, *, error: str, at: datetime) -> None:
    """Note that a batch could not be counted, and wait before the next try."""
    order = session.get(RecalculationJob, order_id, with_for_update=True)
    if order is not None and order.ended_at is None:
        order.attempts += 1
        order.last_error = error
        order.try_at = at + timedelta(minutes=min(order.attempts, LONGEST_WAIT_MINUTES))


def _as_data(change: Change) -> dict[str, Any]:
    """What tells an order's change, to be read again by `_change_of`."""
    return {
        "version": change.version,
        "added": sorted(change.added),
        "on": [policy.code for policy in change.switched_on],
        "off": sorted(change.switched_off),
    }


def _change_of(rules: RuleBook, order: RecalculationJob) -> Change:
    data = order.change
    on = tuple(policy for policy in rules.all_policies if policy.code in data["on"])
    change = Change(
        RuleKind(order.kind),
        order.code,
        switched_on=on,
        switched_off=frozenset(data["off"]),
        added=frozenset(data["added"]),
    )
    return change_in_force(rules, change, data["version"])


def _reason(rules: RuleBook, change: Change) -> str:
    """What the ledger keeps as the reason: the rule and its version, not in anybody's language."""
    if change.kind is RuleKind.SWITCHES:
        on = "".join(f" +{policy.code}" for policy in change.switched_on)
        return f"policies{on}" + "".join(f" -{code}" for code in sorted(change.switched_off))
    number = rules.versions_of(change.kind, change.code).index(change.version) + 1
    return f"{change.kind.value} {change.code} {number}"

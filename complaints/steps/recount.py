"""Count running clocks anew under a changed rule: a batch of complaints at a time, all or none.

Clocks in time are counted from their original start with all pauses kept; a breach stays a breach.
The edge calls this until it is done and commits each batch, so a crash loses nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from complaints.domain.permissions import Actor, Permission, require
from complaints.domain.whatif import Change, RuleKind
from complaints.models import Complaint, Customer, Deadline
from complaints.models.running import FACTS, OPEN_VALUES, Facts, concerned, read_clocks
from complaints.rulebook import RuleBook
from complaints.steps.book_recount import book_recount
from complaints.steps.recounting import Counted, Recounting, Tail

#: Complaints counted anew in one transaction: few enough that nobody waits for it for long.
BATCH = 500


@dataclass(slots=True)
class Recounted:
    """What batches did so far; `last_id` is where the next one goes on, None when all is done."""

    counted: Counted
    last_id: int | None = None


def recount(
    session: Session,
    rules: RuleBook,
    change: Change,
    *,
    reason: str,
    by: Actor,
    at: datetime,
    after: int = 0,
    limit: int = BATCH,
) -> Recounted:
    """Apply a saved change to the clocks of up to `limit` complaints behind the id `after`.

    `change` is one of `change_in_force`. Clocks that already run under it are left alone, so a
    batch may be repeated.

    1. lock the complaints, in the order of their ids;
    2. read their live clocks and count each anew, in memory;
    3. write due times, ledger rows and timers, and one history entry where a due time moved.
    """
    require(by, Permission.ADMINISTER)
    ids = _complaints_concerned(session, rules, change, after, limit)
    batch = Recounting(session, rules, change, reason, by, at.replace(microsecond=0))
    if ids:
        tails = _lock(session, ids)
        older = older_versions(rules, change)
        if conditions := concerned(change, older):
            inside = [*conditions, Deadline.complaint_id.in_(ids)]
            for row in read_clocks(session, inside):
                if row.complaint_id in tails:
                    batch.take(tails[row.complaint_id], row)
        if change.starting:
            batch.start_what_is_owed(tails)
        book_recount(session, batch, tails)
    return Recounted(batch.counted, ids[-1] if len(ids) == limit else None)


def change_in_force(rules: RuleBook, change: Change) -> Change:
    """The same change with the versions that are now in force, as `recount` wants it."""
    match change.kind:
        case RuleKind.CALENDAR:
            return replace(change, calendar=rules.calendars[change.code].value)
        case RuleKind.POLICY:
            newest = rules.versions_of("policy", change.code)[-1]
            return replace(change, policy=rules.policy_versions[newest])
        case RuleKind.LADDER:
            newest = rules.versions_of("ladder", change.code)[-1]
            return replace(change, ladder=rules.ladder_versions[newest])
    codes = {policy.code for policy in change.switched_on}
    on = tuple(policy for policy in rules.policies if policy.code in codes)
    return replace(change, switched_on=on)


def older_versions(rules: RuleBook, change: Change) -> Sequence[int]:
    """The versions before the one in force, that running clocks may still have."""
    return rules.versions_of(change.kind, change.code)[:-1]


def _complaints_concerned(
    session: Session, rules: RuleBook, change: Change, after: int, limit: int
) -> list[int]:
    is_open = Complaint.status.in_(OPEN_VALUES)
    query = select(Complaint.id).where(Complaint.id > after, is_open)
    if not change.starting:
        conditions = concerned(change, older_versions(rules, change))
        if not conditions:
            return []
        has_clock = select(Deadline.id).where(*conditions, Deadline.complaint_id == Complaint.id)
        query = query.where(has_clock.exists())
    return list(session.scalars(query.order_by(Complaint.id).limit(limit)))


def _lock(session: Session, ids: Sequence[int]) -> dict[int, Tail]:
    """Lock open complaints, as every step does first, so that nobody changes a clock meanwhile."""
    query = (
        select(
            Complaint.id,
            Complaint.status,
            Complaint.cycle,
            Complaint.received_at,
            Complaint.documents_complete_at,
            Complaint.history_seq,
            Complaint.history_hash,
            *FACTS,
        )
        .join(Customer, Customer.id == Complaint.customer_id)
        .where(Complaint.id.in_(ids), Complaint.status.in_(OPEN_VALUES))
        .order_by(Complaint.id)
        .with_for_update(of=(Complaint,))
    )
    tails = {}
    for row in session.execute(query):
        values = tuple(row)
        own: list[Any] = [*values[:7], Facts(*values[7:])]
        tails[row.id] = Tail(*own)
    return tails

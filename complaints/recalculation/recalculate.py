"""Count running clocks anew under a changed rule: a batch of complaints at a time, all or none.

Clocks in time are counted from their original start with all pauses kept; a breach stays a breach.
The edge calls this until it is done and commits each batch, so a crash loses nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from complaints.domain.permissions import Actor, Permission, require
from complaints.domain.policies.whatif import Change, RuleKind
from complaints.models import Complaint, Customer, Deadline
from complaints.models.shapes import FACTS, HEAD
from complaints.queries.engine.running_clocks import OPEN_VALUES, concerned, read_clocks
from complaints.recalculation.batch import LockedComplaint, Recalculation, Totals
from complaints.recalculation.store import store_batch
from complaints.recalculation.switch_policies import switch_policies
from complaints.recalculation.tell_called import tell_called
from complaints.rulebook import RuleBook

#: Complaints counted anew in one transaction: few enough that nobody waits for it for long.
BATCH = 500


@dataclass(slots=True)
class Recalculated:
    """What a batch did with how many complaints.

    `last_id` is where the next one goes on, None when all is done.
    """

    totals: Totals
    complaints: int = 0
    last_id: int | None = None


def recalculate(
    session: Session,
    rules: RuleBook,
    change: Change,
    *,
    reason: str,
    by: Actor,
    at: datetime,
    since: datetime | None = None,
    after: int = 0,
    limit: int = BATCH,
) -> Recalculated:
    """Apply a saved change to the clocks of up to `limit` complaints behind the id `after`.

    `since` is when the first of several batches began at the earliest; this one without it.

    `change` is one of `change_in_force`. Clocks that already run under it are left alone, so a
    batch may be repeated.

    1. lock the complaints, in the order of their ids;
    2. read their live clocks and count each anew, in memory;
    3. write due times, ledger rows and timers, and one history entry where a due time moved;
    4. with the last batch, tell whoever was called for a deadline that has ended.
    """
    require(by, Permission.ADMINISTER)
    ids = _complaints_concerned(session, rules, change, after, limit)
    batch = Recalculation(session, rules, change, reason, by, at.replace(microsecond=0))
    if ids:
        locked = _lock(session, ids)
        older = older_versions(rules, change)
        if conditions := concerned(change, older):
            inside = [*conditions, Deadline.complaint_id.in_(ids)]
            for row in read_clocks(session, inside):
                if row.clock.complaint_id in locked:
                    batch.take(locked[row.clock.complaint_id], row)
        if change.starting:
            batch.start_what_is_owed(locked)
        batch.keep_promises()
        store_batch(session, batch, locked)
        if change.kind is RuleKind.SWITCHES:
            switch_policies(session, rules, change, list(locked))
    last_id = ids[-1] if len(ids) == limit else None
    if last_id is None:
        begun_at = (since or at).replace(microsecond=0)
        tell_called(session, rules, reason=reason, since=begun_at, by=by, at=batch.at)
    return Recalculated(batch.totals, len(ids), last_id)


def count_concerned(session: Session, rules: RuleBook, change: Change) -> int:
    """How many complaints `recalculate` would go through."""
    query = _concerned(rules, change)
    if query is None:
        return 0
    return session.scalar(select(func.count()).select_from(query.subquery())) or 0


def change_in_force(rules: RuleBook, change: Change, version: int = 0) -> Change:
    """The same change with its stored version, as `recalculate` wants it: the newest, or this one.

    A policy that has been switched back meanwhile is left out.
    """
    if change.kind is RuleKind.SWITCHES:
        codes = {policy.code for policy in change.switched_on}
        on = tuple(policy for policy in rules.policies if policy.code in codes)
        off = change.switched_off - {policy.code for policy in rules.policies}
        return replace(change, switched_on=on, switched_off=off)
    version = version or rules.versions_of(change.kind, change.code)[-1]
    match change.kind:
        case RuleKind.CALENDAR:
            return replace(change, calendar=rules.calendar_versions[version], version=version)
        case RuleKind.POLICY:
            return replace(change, policy=rules.policy_versions[version], version=version)
    return replace(change, ladder=rules.ladder_versions[version], version=version)


def older_versions(rules: RuleBook, change: Change) -> Sequence[int]:
    """The versions before the one the change leads to, that running clocks may still have."""
    return [each for each in rules.versions_of(change.kind, change.code) if each < change.version]


def _complaints_concerned(
    session: Session, rules: RuleBook, change: Change, after: int, limit: int
) -> list[int]:
    query = _concerned(rules, change)
    if query is None:
        return []
    page = query.where(Complaint.id > after).order_by(Complaint.id).limit(limit)
    return list(session.scalars(page))


def _concerned(rules: RuleBook, change: Change) -> Select[int] | None:
    """Open complaints with a clock that the change concerns, or all of them; None for none."""
    query = select(Complaint.id).where(Complaint.status.in_(OPEN_VALUES))
    if change.starting or change.kind is RuleKind.SWITCHES:
        return query
    conditions = concerned(change, older_versions(rules, change))
    if not conditions:
        return None
    has_clock = select(Deadline.id).where(*conditions, Deadline.complaint_id == Complaint.id)
    return query.where(has_clock.exists())


def _lock(session: Session, ids: Sequence[int]) -> dict[int, LockedComplaint]:
    """Lock open complaints, as every step does first, so that nobody changes a clock meanwhile."""
    query = (
        select(
            Complaint.id,
            Complaint.status,
            Complaint.cycle,
            Complaint.received_at,
            Complaint.documents_complete_at,
            HEAD,
            FACTS,
        )
        .join(Customer, Customer.id == Complaint.customer_id)
        .where(Complaint.id.in_(ids), Complaint.status.in_(OPEN_VALUES))
        .order_by(Complaint.id)
        .with_for_update(of=(Complaint,))
    )
    locked = {}
    for row in session.execute(query):
        locked[row.id] = LockedComplaint(
            id=row.id,
            status=row.status,
            cycle=row.cycle,
            received_at=row.received_at,
            documents_complete_at=row.documents_complete_at,
            head=row.HistoryHead,
            facts=row.Facts,
        )
    return locked

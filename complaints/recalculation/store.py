"""Booking a batch of recounted clocks: many rows with few statements.

Written past the session's objects on purpose, as a sweep does, and without a new `version` of the
complaints: a recount must not make the form stale that somebody is filling in.
"""

from collections.abc import Collection, Mapping
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from complaints.domain.history import chain_hash
from complaints.domain.lifecycle import Action
from complaints.models import Complaint, Deadline, HistoryEntry, LedgerEntry, Timer
from complaints.outbox.queue import Row
from complaints.recalculation.batch import Recounting, Tail
from complaints.rows import insert_rows, reserve_ids, table_of, update_rows

#: What a recount changes of a stored deadline, and which one it is.
_CHANGING = (
    "id",
    "clause",
    "policy_version_id",
    "calendar_version_id",
    "ladder_version_id",
    "due_at",
    "state",
    "ended_at",
    "fired",
)


def book_recount(session: Session, batch: Recounting, tails: Mapping[int, Tail]) -> None:
    """Store everything: clocks, ledger, timers, history, the complaints' next due times."""
    keys = reserve_ids(session, Deadline, len(batch.new)) if batch.new else []
    for clock, key in zip(batch.new, keys, strict=True):
        clock.id = key
    insert_rows(session, Deadline, [asdict(clock) for clock in batch.new])
    kept = [{name: getattr(each, name) for name in _CHANGING} for each in batch.kept]
    update_rows(session, Deadline, kept)
    for clock, entry in batch.entries:
        entry |= {"deadline_id": clock.id, "due_at": clock.due_at}
    insert_rows(session, LedgerEntry, [entry for _, entry in batch.entries])
    _set_timers(session, batch)
    _keep_complaints(session, batch, tails)
    batch.counted.complaints = len(batch.touched)


def soonest_due(
    session: Session, complaint_ids: Collection[int]
) -> dict[int, tuple[datetime, str]]:
    """Complaint id → the earliest due time among its live clocks, and the kind of that clock."""
    query = (
        select(Deadline.complaint_id, Deadline.due_at, Deadline.kind)
        .where(Deadline.complaint_id.in_(complaint_ids), Deadline.ended_at.is_(None))
        .order_by(Deadline.due_at.desc(), Deadline.id.desc())
    )
    return {row[0]: (row[1], row[2]) for row in session.execute(query)}


def _set_timers(session: Session, batch: Recounting) -> None:
    """Put new timers in the place of the old ones; a clock that ended needs none."""
    stale = {deadline.id for deadline, _ in batch.ahead}
    stale |= {each.id for each in batch.kept if each.ended_at is not None}
    if stale:
        table = table_of(Timer)
        session.execute(delete(table).where(table.c.deadline_id.in_(stale)))
    timers = [
        {
            "deadline_id": clock.id,
            "complaint_id": clock.complaint_id,
            "fire_at": ahead[0],
            "firing": ahead[1],
            "attempts": 0,
            "last_error": "",
        }
        for clock, ahead in batch.ahead
        if ahead is not None
    ]
    insert_rows(session, Timer, timers)


def _keep_complaints(session: Session, batch: Recounting, tails: Mapping[int, Tail]) -> None:
    """Repeat the next due time on the complaints, and say in their history what moved."""
    if not batch.touched:
        return
    ids = sorted(batch.touched)
    soonest = soonest_due(session, ids)
    entries = [_history(batch, tails[key]) for key in ids if tails[key].moves]
    insert_rows(session, HistoryEntry, entries)
    rows = []
    for key in ids:
        due, kind = soonest.get(key, (None, None))
        seq, digest = tails[key].history_seq, tails[key].history_hash
        ahead = {"next_due_at": due, "next_due_kind": kind}
        rows.append({"id": key, **ahead, "history_seq": seq, "history_hash": digest})
    update_rows(session, Complaint, rows)


def _history(batch: Recounting, tail: Tail) -> Row:
    """The next entry of a complaint's chain; the tail counts it."""
    detail = {"reason": batch.reason, "moves": tail.moves}
    seq, previous = tail.history_seq + 1, tail.history_hash
    digest = chain_hash(
        previous,
        complaint_id=tail.id,
        seq=seq,
        what=Action.RECOUNT.value,
        at=batch.at,
        by_id=batch.by.id,
        detail=detail,
    )
    tail.history_seq, tail.history_hash = seq, digest
    return {
        "complaint_id": tail.id,
        "seq": seq,
        "what": Action.RECOUNT.value,
        "at": batch.at,
        "by_id": batch.by.id,
        "by_name": batch.by.name,
        "detail": detail,
        "prev_hash": previous,
        "hash": digest,
    }

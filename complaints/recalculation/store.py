"""Storing a batch of recalculated clocks: many rows with few statements.

Written past the session's objects on purpose, as a sweep does, and without a new `version` of the
complaints: a recalculation must not make the form stale that somebody is filling in.
"""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from complaints.clocks.store import next_dues, store_changes
from complaints.domain.lifecycle import Action
from complaints.history import append, head_columns, store_history
from complaints.models import Complaint
from complaints.recalculation.batch import LockedComplaint, Recalculation
from complaints.rows import Row, update_rows


def store_batch(
    session: Session, batch: Recalculation, locked: Mapping[int, LockedComplaint]
) -> None:
    """Store everything: clocks with ledger and timers, history, the complaints' next due times."""
    store_changes(session, batch.changes)
    _keep_complaints(session, batch, locked)
    batch.totals.complaints = len(batch.touched)


def _keep_complaints(
    session: Session, batch: Recalculation, locked: Mapping[int, LockedComplaint]
) -> None:
    """Repeat the next due time on the complaints, and say in their history what moved."""
    if not batch.touched:
        return
    ids = sorted(batch.touched)
    ahead = next_dues(session, ids)
    store_history(session, [_history(batch, locked[key]) for key in ids if locked[key].moves])
    rows = [{"id": key, **ahead[key], **head_columns(locked[key].head)} for key in ids]
    update_rows(session, Complaint, rows)


def _history(batch: Recalculation, complaint: LockedComplaint) -> Row:
    """The next entry of a complaint's history; its head moves on."""
    detail = {"reason": batch.reason, "moves": complaint.moves}
    row, complaint.head = append(
        complaint.head, complaint.id, Action.RECALCULATE, by=batch.by, at=batch.at, detail=detail
    )
    return row

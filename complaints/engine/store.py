"""Storing what a batch has fired: the rows of many deadlines written with few statements.

Written past the session's objects on purpose: a sweep of thousands must not cost thousands of
round trips, and must not make the form stale that somebody is filling in (no new `version`).
"""

from collections.abc import Collection, Mapping, Sequence
from types import MappingProxyType

from sqlalchemy import select
from sqlalchemy.orm import Session

from complaints.clocks.store import drop_timers, reset_timers, store_progress
from complaints.engine.outcome import DueComplaint, Outcome
from complaints.history import head_columns, note_heads, store_history
from complaints.models import Complaint, Escalation
from complaints.outbox.queue import queue_letters, queue_notices
from complaints.rows import Row, insert_rows, update_rows


def store_batch(session: Session, outcomes: Sequence[Outcome]) -> None:
    """Store everything these outcomes say; several of one complaint stand in their order."""
    store_history(session, [row for out in outcomes for row in out.history])
    store_progress(
        session,
        [out.clock for out in outcomes if out.clock.fired != out.due.clock.fired],
        [(out.clock, entry) for out in outcomes for entry in out.entries],
    )
    escalations = [row for out in outcomes for row in out.escalations]
    insert_rows(session, Escalation, _unraised(session, escalations))
    queue_notices(session, [row for out in outcomes for row in out.notices])
    queue_letters(session, [row for out in outcomes for row in out.letters])
    last = {out.complaint.id: out.complaint for out in outcomes if out.history}
    levels = {out.complaint.id: out.due.complaint.level for out in outcomes}
    keep_complaints(session, last.values(), levels)
    reset_timers(session, [(out.due.id, out.ahead) for out in outcomes if out.ahead])
    drop_timers(session, [out.due.id for out in outcomes if not out.ahead])


def keep_complaints(
    session: Session,
    complaints: Collection[DueComplaint],
    levels: Mapping[int, int] = MappingProxyType({}),
) -> None:
    """Keep the end of each complaint's history, and its level unless that is the one stored.

    `levels` are those that are stored, by complaint, as far as they are known.
    """
    raised, steady = [], []
    for each in complaints:
        row = {"id": each.id, **head_columns(each.head)}
        if levels.get(each.id) == each.level:
            steady.append(row)
        else:
            raised.append({**row, "escalation_level": each.level})
    update_rows(session, Complaint, raised)
    update_rows(session, Complaint, steady)
    note_heads(session, {each.id: each.head for each in complaints})


def _unraised(session: Session, rows: Sequence[Row]) -> Sequence[Row]:
    """The escalations that have not been raised before, as when a moved deadline is missed."""
    if not rows:
        return rows
    keys = [row["key"] for row in rows]
    raised = set(session.scalars(select(Escalation.key).where(Escalation.key.in_(keys))))
    return [row for row in rows if row["key"] not in raised]

"""Booking what a batch has fired: the rows of many deadlines written with few statements.

Written past the session's objects on purpose: a sweep of thousands must not cost thousands of
round trips, and must not make the form stale that somebody is filling in (no new `version`).
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from complaints.domain.deadlines import DeadlineState
from complaints.engine.outcome import Outcome, Tail
from complaints.models import Complaint, Deadline, Escalation, HistoryEntry, LedgerEntry, Timer
from complaints.outbox.queue import Row, queue_letters, queue_notices
from complaints.rows import insert_rows, table_of, update_rows


def book(session: Session, outcomes: Sequence[Outcome]) -> None:
    """Store everything these outcomes say; several of one complaint stand in their order."""
    insert_rows(session, HistoryEntry, [row for out in outcomes for row in out.history])
    insert_rows(session, LedgerEntry, [row for out in outcomes for row in out.ledger])
    escalations = [row for out in outcomes for row in out.escalations]
    insert_rows(session, Escalation, _unraised(session, escalations))
    queue_notices(session, [row for out in outcomes for row in out.notices])
    queue_letters(session, [row for out in outcomes for row in out.letters])
    _keep_deadlines(session, outcomes)
    keep_tails(session, {out.claimed.complaint_id: out.tail for out in outcomes if out.history})
    set_timers(
        session,
        [
            (
                out.claimed.timer_id,
                out.next_at or out.next_step.ripe_at,
                out.next_step.firing.value,
            )
            for out in outcomes
            if out.next_step
        ],
    )
    drop_timers(session, [out.claimed.timer_id for out in outcomes if not out.next_step])


def set_timers(session: Session, timers: Sequence[tuple[int, datetime, str]]) -> None:
    """Set timers (id, when, what) anew; an earlier mishap is forgotten."""
    anew = {"attempts": 0, "last_error": ""}
    rows = [{"id": key, "fire_at": when, "firing": what, **anew} for key, when, what in timers]
    update_rows(session, Timer, rows)


def drop_timers(session: Session, ids: Sequence[int]) -> None:
    """Delete timers that have nothing left to do."""
    if ids:
        table = table_of(Timer)
        session.execute(delete(table).where(table.c.id.in_(ids)))


def keep_tails(session: Session, tails: Mapping[int, Tail]) -> None:
    """Keep the end of each complaint's history and its level."""
    rows = [
        {
            "id": key,
            "history_seq": tail.seq,
            "history_hash": tail.hash,
            "escalation_level": tail.level,
        }
        for key, tail in tails.items()
    ]
    update_rows(session, Complaint, rows)


def _unraised(session: Session, rows: Sequence[Row]) -> Sequence[Row]:
    """The escalations that have not been raised before, as when a moved deadline is missed."""
    if not rows:
        return rows
    keys = [row["key"] for row in rows]
    raised = set(session.scalars(select(Escalation.key).where(Escalation.key.in_(keys))))
    return [row for row in rows if row["key"] not in raised]


def _keep_deadlines(session: Session, outcomes: Sequence[Outcome]) -> None:
    """Keep how far each has come; most of a batch have come equally far."""
    table = table_of(Deadline)
    alike: dict[tuple[int, bool], list[int]] = defaultdict(list)
    for out in outcomes:
        if out.fired != out.claimed.fired:
            alike[out.fired, out.has_breached].append(out.claimed.deadline_id)
    for (fired, has_breached), ids in alike.items():
        values: dict[str, Any] = {"fired": fired}
        if has_breached:
            values |= {"state": DeadlineState.BREACHED.value, "breached_at": table.c.due_at}
        session.execute(update(table).where(table.c.id.in_(ids)).values(values))

"""Clocks rebuilt from their ledgers before anything is fired, many with one query.

What is stored of a deadline only repeats its ledger, so that the sweep can go by an index. When
the two differ, something is wrong with the row, and it must not be acted upon.
"""

from collections.abc import Collection
from itertools import groupby
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from complaints.domain.clock_state import ClockState
from complaints.domain.ledger import LedgerState, rebuild
from complaints.models import LedgerEntry
from complaints.rows import among
from complaints.rulebook import ENTRY, RuleBook, read_entry


def read_ledgers(session: Session, deadline_ids: Collection[int]) -> dict[int, list[Row[Any]]]:
    """Deadline id → the rows of its ledger in their order, with one query."""
    if not deadline_ids:
        return {}
    query = (
        select(LedgerEntry.deadline_id, *ENTRY)
        .where(among(session, LedgerEntry.deadline_id, deadline_ids))
        .order_by(LedgerEntry.deadline_id, LedgerEntry.id)
    )
    rows = session.execute(query)
    return {key: list(own) for key, own in groupby(rows, key=lambda row: row.deadline_id)}


def rebuild_clock(rules: RuleBook, rows: Collection[Row[Any]]) -> LedgerState:
    """What the ledger says of a clock; ValueError when it does not begin with a start."""
    return rebuild(read_entry(rules, row) for row in rows)


def is_as_stored(clock: ClockState, ledger: LedgerState) -> bool:
    """Whether the row of a live clock repeats its ledger."""
    return (
        ledger.due_at == clock.due_at
        and ledger.state == clock.state
        and ledger.started_at == clock.started_at
        and ledger.breached_at == clock.breached_at
        and ledger.ended_at is None
    )

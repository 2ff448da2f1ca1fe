"""Clocks rebuilt from their ledgers before anything is fired, many with one query.

What is stored of a deadline only repeats its ledger, so that the sweep can go by an index. When
the two differ, something is wrong with the row, and it must not be acted upon.
"""

from collections.abc import Collection
from datetime import datetime
from itertools import groupby
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from complaints.domain.ledger import LedgerState, rebuild
from complaints.engine.outcome import Claimed
from complaints.models import LedgerEntry
from complaints.rulebook import RuleBook, read_entry


class LedgerLine(NamedTuple):
    """A ledger row as far as a due time hangs on it."""

    what: str
    at: datetime
    until: datetime | None
    detail: dict[str, Any]


def read_ledgers(session: Session, deadline_ids: Collection[int]) -> dict[int, list[LedgerLine]]:
    """Deadline id → the lines of its ledger in their order, with one query."""
    if not deadline_ids:
        return {}
    query = (
        select(
            LedgerEntry.deadline_id,
            LedgerEntry.what,
            LedgerEntry.at,
            LedgerEntry.until,
            LedgerEntry.detail,
        )
        .where(LedgerEntry.deadline_id.in_(deadline_ids))
        .order_by(LedgerEntry.deadline_id, LedgerEntry.id)
    )
    rows = session.execute(query)
    return {
        key: [LedgerLine(*tuple(row)[1:]) for row in lines]
        for key, lines in groupby(rows, key=lambda row: row.deadline_id)
    }


def rebuild_clock(rules: RuleBook, lines: Collection[LedgerLine]) -> LedgerState:
    """What the ledger says of a clock; ValueError when it does not begin with a start."""
    return rebuild(read_entry(rules, line) for line in lines)


def is_as_stored(claimed: Claimed, ledger: LedgerState) -> bool:
    """Whether the row of a live deadline repeats its ledger."""
    return (
        ledger.due_at == claimed.due_at
        and ledger.state == claimed.state
        and ledger.started_at == claimed.started_at
        and ledger.breached_at == claimed.breached_at
        and ledger.ended_at is None
    )

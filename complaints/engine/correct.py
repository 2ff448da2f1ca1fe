"""Correcting deadlines whose rows differ from their ledgers: the ledger is believed.

Nothing is fired here. The timers stay due, so that the next batch finds sound clocks and does
whatever is to be done by then.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from complaints.domain.ladder_position import position_after
from complaints.domain.ledger import LedgerState
from complaints.domain.lifecycle import Action
from complaints.engine.outcome import Claimed, Tail, history_row
from complaints.engine.store import keep_tails
from complaints.models import Complaint, Deadline, HistoryEntry
from complaints.outbox.queue import Row
from complaints.recalculation.store import soonest_due
from complaints.rows import insert_rows, update_rows
from complaints.rulebook import RuleBook


@dataclass(frozen=True, slots=True)
class Drifted:
    """A claimed deadline of which the row says something else than its ledger.

    `fired` counts the steps that lie behind it by its ledger.
    """

    claimed: Claimed
    ledger: LedgerState
    fired: int

    @classmethod
    def between(
        cls, rules: RuleBook, claimed: Claimed, ledger: LedgerState, at: datetime
    ) -> "Drifted":
        """The difference, with the position that follows from the ledger."""
        schedule = rules.ladder_versions[claimed.ladder_version_id].schedule(
            claimed.kind, ledger.started_at, ledger.due_at, ledger.terms.calendar
        )
        unnoted = ledger.breached_at if claimed.breached_at is None else None
        fired = position_after(schedule, claimed.fired, at, unnoted_breach=unnoted)
        return cls(claimed, ledger, fired)

    def __str__(self) -> str:
        claimed, ledger = self.claimed, self.ledger
        stored = f"{claimed.state}, due {claimed.due_at.isoformat()}"
        true = f"{ledger.state}, due {ledger.due_at.isoformat()}"
        return f"deadline {claimed.deadline_id} was stored as {stored}; by its ledger it is {true}"


def correct_clocks(session: Session, drifted: Sequence[Drifted], at: datetime) -> None:
    """Store what the ledgers say, and say so in the histories; the complaints are locked.

    1. due time, state and the steps taken are set to what follows from the ledger;
    2. each complaint's history tells what had been stored;
    3. the complaints repeat their next due time anew.
    """
    _keep_deadlines(session, drifted)
    tails: dict[int, Tail] = {}
    rows: list[Row] = []
    for each in drifted:
        claimed = each.claimed
        tail = tails.get(claimed.complaint_id) or claimed.tail
        row, tail = history_row(claimed, tail, Action.RECOUNT, at, _told(each))
        tails[claimed.complaint_id] = tail
        rows.append(row)
    insert_rows(session, HistoryEntry, rows)
    keep_tails(session, tails)
    _keep_next_due(session, list(tails))


def _told(each: Drifted) -> Mapping[str, Any]:
    claimed, ledger = each.claimed, each.ledger
    told: dict[str, Any] = {"is_correction": True, "due_at": ledger.due_at.isoformat()}
    if ledger.due_at != claimed.due_at:
        told["stored"] = claimed.due_at.isoformat()
    if ledger.state != claimed.state:
        told |= {"stored_state": claimed.state, "state": ledger.state.value}
    return told


def _keep_deadlines(session: Session, drifted: Sequence[Drifted]) -> None:
    rows = [
        {
            "id": each.claimed.deadline_id,
            "started_at": each.ledger.started_at,
            "due_at": each.ledger.due_at,
            "state": each.ledger.state.value,
            "breached_at": each.ledger.breached_at,
            "ended_at": each.ledger.ended_at,
            "fired": each.fired,
        }
        for each in drifted
    ]
    update_rows(session, Deadline, rows)


def _keep_next_due(session: Session, complaint_ids: Sequence[int]) -> None:
    soonest = soonest_due(session, complaint_ids)
    rows = [
        {"id": key, "next_due_at": due, "next_due_kind": kind}
        for key in complaint_ids
        for due, kind in [soonest.get(key, (None, None))]
    ]
    update_rows(session, Complaint, rows)

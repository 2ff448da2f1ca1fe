"""Correcting deadlines whose rows differ from their ledgers: the ledger is believed.

Nothing is fired here. The timers stay due, so that the next batch finds sound clocks and does
whatever is to be done by then.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from complaints.clocks.store import ClockChanges, next_dues, store_changes
from complaints.domain.clock_state import ClockState
from complaints.domain.ladder_position import position_after
from complaints.domain.ledger import LedgerState
from complaints.domain.lifecycle import Action
from complaints.engine.outcome import DueComplaint, DueTimer
from complaints.engine.store import keep_complaints
from complaints.history import store_history
from complaints.models import Complaint
from complaints.rows import Row, update_rows
from complaints.rulebook import RuleBook


@dataclass(frozen=True, slots=True)
class Drifted:
    """A claimed clock of which the row says something else than its ledger: `clock`."""

    stored: DueTimer
    clock: ClockState

    @classmethod
    def between(
        cls, rules: RuleBook, stored: DueTimer, ledger: LedgerState, at: datetime
    ) -> "Drifted":
        """The difference, with the position on the ladder that follows from the ledger."""
        before = stored.clock
        schedule = rules.ladder_versions[before.ladder_version_id].schedule(
            before.kind, ledger.started_at, ledger.due_at, ledger.terms.calendar
        )
        unnoted = ledger.breached_at if before.breached_at is None else None
        clock = replace(
            before,
            started_at=ledger.started_at,
            due_at=ledger.due_at,
            state=ledger.state.value,
            breached_at=ledger.breached_at,
            ended_at=ledger.ended_at,
            fired=position_after(schedule, before.fired, at, unnoted_breach=unnoted),
        )
        return cls(stored, clock)

    def __str__(self) -> str:
        before, after = self.stored.clock, self.clock
        stored = f"{before.state}, due {before.due_at.isoformat()}"
        true = f"{after.state}, due {after.due_at.isoformat()}"
        return f"deadline {before.id} was stored as {stored}; by its ledger it is {true}"


def correct_clocks(session: Session, drifted: Sequence[Drifted], at: datetime) -> None:
    """Store what the ledgers say, and say so in the histories; the complaints are locked.

    1. due time, state and the steps taken are set to what follows from the ledger;
    2. each complaint's history tells what had been stored;
    3. the complaints repeat their next due time anew.
    """
    store_changes(session, ClockChanges(changed=[each.clock for each in drifted]))
    complaints: dict[int, DueComplaint] = {}
    rows: list[Row] = []
    for each in drifted:
        complaint = complaints.get(each.clock.complaint_id, each.stored.complaint)
        row, complaint = complaint.append(each.clock, Action.RECALCULATE, at, _told(each))
        complaints[complaint.id] = complaint
        rows.append(row)
    store_history(session, rows)
    keep_complaints(session, complaints.values())
    ahead = next_dues(session, complaints)
    update_rows(session, Complaint, [{"id": key, **ahead[key]} for key in complaints])


def _told(each: Drifted) -> Mapping[str, Any]:
    before, after = each.stored.clock, each.clock
    told: dict[str, Any] = {"is_correction": True, "due_at": after.due_at.isoformat()}
    if after.due_at != before.due_at:
        told["stored"] = before.due_at.isoformat()
    if after.state != before.state:
        told |= {"stored_state": before.state, "state": after.state}
    return told

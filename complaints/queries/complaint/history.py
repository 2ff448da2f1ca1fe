"""Proving the history: every complaint's chain of hashes, recomputed from its rows."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from complaints.domain.history import GENESIS, chain_hash
from complaints.models import Complaint, HistoryEntry
from complaints.rulebook import current_rules

#: How many entries are read at a time; memory stays the same for any history.
BATCH = 1000


def verify_history(session: Session) -> dict[str, Any]:
    """Check every chain: ``{"checked": entries, "bad": [{"number", "seq", "why"}, …]}``.

    A changed entry no longer matches its hash, a removed one leaves a gap in the sequence, and a
    chain cut at its end no longer reaches what the complaint says is its last entry.
    """
    checked = 0
    bad: list[dict[str, Any]] = []
    previous: tuple[int, int, str] | None = None
    entries = session.scalars(
        select(HistoryEntry)
        .order_by(HistoryEntry.complaint_id, HistoryEntry.seq)
        .execution_options(yield_per=BATCH)
    )
    ends: dict[int, tuple[int, str]] = {}
    for entry in entries:
        checked += 1
        is_first = previous is None or previous[0] != entry.complaint_id
        seq, digest = (0, GENESIS) if is_first or previous is None else previous[1:]
        why = _what_is_wrong(entry, seq, digest)
        if why:
            bad.append({"complaint": entry.complaint_id, "seq": entry.seq, "why": why})
        previous = (entry.complaint_id, entry.seq, entry.hash)
        ends[entry.complaint_id] = (entry.seq, entry.hash)
        session.expunge(entry)
    for row in session.execute(
        select(Complaint.id, Complaint.history_seq, Complaint.history_hash)
    ).yield_per(BATCH):
        if ends.get(row.id, (0, GENESIS)) != (row.history_seq, row.history_hash):
            bad.append({"complaint": row.id, "seq": row.history_seq, "why": "end is missing"})
    return {"checked": checked, "bad": _with_numbers(session, bad)}


def _what_is_wrong(entry: HistoryEntry, seq: int, previous: str) -> str | None:
    if entry.seq != seq + 1:
        return "an entry before it is missing"
    if entry.prev_hash != previous:
        return "it does not follow the entry before it"
    expected = chain_hash(
        previous,
        complaint_id=entry.complaint_id,
        seq=entry.seq,
        what=entry.what,
        at=entry.at,
        by_id=entry.by_id,
        detail=entry.detail,
    )
    said = entry.detail.get("recorded_at")
    recorded_at = datetime.fromisoformat(said).replace(microsecond=0) if said else None
    is_whole = expected == entry.hash and recorded_at == entry.recorded_at
    return None if is_whole else "it was changed"


def _with_numbers(session: Session, bad: list[dict[str, Any]]) -> list[dict[str, Any]]:
    if not bad:
        return []
    numbers = current_rules(session).numbers
    ids = {each["complaint"] for each in bad}
    query = select(Complaint.id, Complaint.year).where(Complaint.id.in_(ids))
    years = {row.id: row.year for row in session.execute(query)}
    return [
        {
            "number": numbers.write(years.get(each["complaint"], 0), each["complaint"]),
            "seq": each["seq"],
            "why": each["why"],
        }
        for each in bad
    ]

"""The tamper-evident history: each entry's hash covers the entry before it in the complaint."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

#: What the first entry of every complaint hangs on.
GENESIS = "0" * 64


@dataclass(frozen=True, slots=True)
class HistoryHead:
    """Where a complaint's history ends: what the next entry hangs on; a new one begins at 0."""

    seq: int = 0
    hash: str = GENESIS


def chain_hash(
    previous: str,
    *,
    complaint_id: int,
    seq: int,
    what: str,
    at: datetime,
    by_id: int | None,
    detail: Mapping[str, object],
) -> str:
    """SHA-256 over the entry in canonical JSON and the previous hash, as 64 hex digits."""
    entry = json.dumps(
        [previous, complaint_id, seq, what, at.astimezone(UTC).isoformat(), by_id, detail],
        ensure_ascii=False,
        sort_keys=True,
        separators=(",", ":"),
    )
    return hashlib.sha256(entry.encode()).hexdigest()

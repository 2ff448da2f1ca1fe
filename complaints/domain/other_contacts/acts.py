"""What can be done to a contact that is no complaint, and the chain its history hangs on."""

from collections.abc import Mapping
from datetime import UTC, datetime
from enum import StrEnum

from complaints.domain.history import sign


class ContactState(StrEnum):
    """Where a contact stands."""

    OPEN = "open"
    ENDED = "ended"
    COMPLAINT = "complaint"  # it was made a complaint, and goes on as that


class ContactAct(StrEnum):
    """What an entry in the history of a contact tells of."""

    TAKE = "take"
    HAND_OVER = "hand_over"
    END = "end"
    NOTE = "note"
    MAKE_COMPLAINT = "make_complaint"


def contact_hash(
    key: bytes,
    previous: str,
    *,
    contact_id: int,
    seq: int,
    what: str,
    at: datetime,
    by_id: int | None,
    by_name: str,
    detail: Mapping[str, object],
) -> str:
    """The signature of an entry and of the entry before it, as 64 hex digits."""
    when = at.astimezone(UTC).isoformat()
    return sign(key, ["contact", previous, contact_id, seq, what, when, by_id, by_name, detail])

"""The histories beside the complaints': a contact's, a public post's; each on its own chain."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from complaints.domain.history import chained
from complaints.domain.permissions import Actor
from complaints.models import OtherContact, OtherContactEntry, PublicPost, PublicPostEntry
from complaints.signing import history_key


def append_entry(
    session: Session,
    owner: OtherContact | PublicPost,
    entries: type[OtherContactEntry] | type[PublicPostEntry],
    mark: str,
    what: str,
    detail: Mapping[str, Any] | None,
    *,
    by: Actor,
    at: datetime,
) -> None:
    """Append an entry, in the transaction of the act itself.

    The caller holds the owner. What is empty in `detail` is left out.
    """
    session.flush()
    key, seq = history_key(), owner.history_seq + 1
    entry: dict[str, Any] = {
        "seq": seq,
        "what": what,
        "at": at.replace(microsecond=0),
        "by_id": by.id,
        "by_name": by.name,
        "detail": {name: value for name, value in (detail or {}).items() if value},
    }
    digest = chained(key.key, mark, owner.history_hash, owner_id=owner.id, **entry)
    of = {entries.OWNER: owner.id}
    row = entries(**of, **entry, prev_hash=owner.history_hash, hash=digest, key_id=key.id)
    session.add(row)
    owner.history_seq, owner.history_hash = seq, digest
    session.flush()

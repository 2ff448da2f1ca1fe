"""One-time keys: a form sent twice or a call repeated does the thing once and answers the same.

The key's row is written first, in the transaction of the thing itself. A second request with the
same key waits for that transaction; then it finds the answer, or, had it failed, may do the thing.
"""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from complaints.domain.errors import N_, Refused
from complaints.models import OneTimeKey


class KeyReused(Refused):
    """The same key came with something else."""

    kind = "key-reused"


def claim_key(
    session: Session,
    key: str,
    *,
    user_id: int,
    action: str,
    body: object,
    at: datetime,
) -> Mapping[str, Any] | None:
    """Take the key for this action, or return what the first call with it kept.

    None means: nobody has done this yet, do it and call `keep_answer` before the commit. Keys
    belong to a person, so nobody can guess another's. Raises KeyReused when the key came before
    with another action or body.
    """
    stored_key, body_hash = _stored(key, user_id), _hash_of(body)
    # SQLite and PostgreSQL understand the same words here; PostgreSQL waits for a transaction
    # that holds the same key.
    claimed = session.connection().execute(
        insert(OneTimeKey)
        .values(
            key=stored_key,
            user_id=user_id,
            action=action[:60],
            body_hash=body_hash,
            created_at=at,
        )
        .on_conflict_do_nothing()
        .returning(OneTimeKey.key)
    )
    if claimed.first() is not None:
        return None
    earlier = session.get_one(OneTimeKey, stored_key)
    if earlier.action != action[:60] or earlier.body_hash != body_hash:
        raise KeyReused(
            N_("This key was already used for something else. Use a new key for a new request.")
        )
    return earlier.result or {}


def keep_answer(
    session: Session, key: str, *, user_id: int, complaint_id: int | None, answer: Mapping[str, Any]
) -> None:
    """Keep what a repetition of the call is to be answered."""
    session.execute(
        update(OneTimeKey)
        .where(OneTimeKey.key == _stored(key, user_id))
        .values(result=dict(answer), complaint_id=complaint_id)
    )


def _stored(key: str, user_id: int) -> str:
    return hashlib.sha256(f"{user_id}:{key}".encode()).hexdigest()


def _hash_of(body: object) -> str:
    text = json.dumps(body, ensure_ascii=True, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()

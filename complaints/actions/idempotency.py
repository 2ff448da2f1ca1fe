"""Doing a thing once: a form sent twice or a call repeated is done once and answered the same.

The key's row is written first, in the transaction of the thing itself. A second request with the
same key waits for that transaction; then it finds the answer, or, had it failed, may do the thing.
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from complaints.domain.errors import N_, Refused, Stale
from complaints.models import OneTimeKey


class KeyReused(Refused):
    """The same key came with something else; at that time the first one made `complaint_id`."""

    kind = "key-reused"

    def __init__(
        self, sentence: str, complaint_id: int | None = None, at: datetime | None = None
    ) -> None:
        super().__init__(sentence)
        self.complaint_id = complaint_id
        self.at = at


@dataclass(frozen=True, slots=True)
class OneTime:
    """What tells a repetition from a new request: one person's key, for one action and body.

    Keys belong to a person, so nobody can guess another's. Without a key, or for nobody in
    particular, every request is a new one; what comes without an account names a `door`, and its
    keys have to be hard to guess. `body` is anything that JSON can hold.
    """

    key: str
    user_id: int | None
    action: str
    body: object
    door: str = ""

    @property
    def stored_key(self) -> str | None:
        """The key as its row names it, or None when every request is a new one."""
        whose = self.door if self.user_id is None else str(self.user_id)
        if not self.key or not whose:
            return None
        return hashlib.sha256(f"{whose}:{self.key}".encode()).hexdigest()

    @property
    def body_hash(self) -> str:
        """The same for the same body, whatever the order of its fields."""
        text = json.dumps(self.body, ensure_ascii=True, sort_keys=True, default=str)
        return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Done:
    """What was done: the answer to it, now and whenever it is asked for again."""

    answer: Mapping[str, Any]
    complaint_id: int | None = None
    is_repeat: bool = False


def do_once(session: Session, do: Callable[[], Done], once: OneTime, *, at: datetime) -> Done:
    """Do it in one transaction and commit; with a key only the first time.

    1. the key is claimed; when that was done before, its answer is returned as a repeat;
    2. `do` does it, and its answer is kept with the key;
    3. everything is committed together.

    `do` is called a second time when two requests made the same new thing (a customer, say) at
    the same moment: by then it is there and will be found. Raises KeyReused when the key came
    before with another action or body, Stale when somebody else changed the same rows meanwhile,
    and what `do` raises; then nothing is kept, and the key is free.
    """
    try:
        try:
            return _attempt(session, do, once, at)
        except IntegrityError:
            session.rollback()
            return _attempt(session, do, once, at)
    except StaleDataError:
        session.rollback()
        raise Stale(
            N_("Someone else recorded something at the same time. Check the changes and try again.")
        ) from None
    except Refused:
        session.rollback()
        raise


def _attempt(session: Session, do: Callable[[], Done], once: OneTime, at: datetime) -> Done:
    key = once.stored_key
    earlier = _claim(session, key, once, at) if key else None
    if earlier is not None:
        return earlier
    done = do()
    if key:
        session.execute(
            update(OneTimeKey)
            .where(OneTimeKey.key == key)
            .values(result=dict(done.answer), complaint_id=done.complaint_id)
        )
    session.commit()
    return done


def _claim(session: Session, key: str, once: OneTime, at: datetime) -> Done | None:
    """Take the key and return None, or return what the first request with it came to."""
    action = once.action[:60]
    # SQLite and PostgreSQL understand the same words here; PostgreSQL waits for a transaction
    # that holds the same key.
    claimed = session.connection().execute(
        insert(OneTimeKey)
        .values(
            key=key,
            user_id=once.user_id,
            action=action,
            body_hash=once.body_hash,
            created_at=at,
        )
        .on_conflict_do_nothing()
        .returning(OneTimeKey.key)
    )
    if claimed.first() is not None:
        return None
    earlier = session.get_one(OneTimeKey, key)
    if earlier.action != action or earlier.body_hash != once.body_hash:
        raise KeyReused(
            N_("This key was already used for something else. Use a new key for a new request."),
            earlier.complaint_id,
            earlier.created_at,
        )
    return Done(earlier.result or {}, earlier.complaint_id, is_repeat=True)

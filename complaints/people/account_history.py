"""The history of accounts: every act on an account is an entry of its own, a line in the log, and a
letter to the person where somebody could otherwise act in their name unseen.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy.orm import Session

from complaints.domain.accounts.acts import TOLD, AccountAct, act_hash
from complaints.domain.permissions import Actor
from complaints.models import AccountEntry, User
from complaints.outbox.queue import letter_row, queue_letters
from complaints.signing import history_key

log = structlog.get_logger()


def note_act(
    session: Session,
    user: User,
    act: AccountAct,
    *,
    by: Actor,
    at: datetime,
    detail: Mapping[str, Any] | None = None,
    also_to: str = "",
) -> None:
    """Append an entry to the history of an account, in the transaction of the act itself.

    `also_to` is an e-mail address the person had before, which hears of it as well.
    """
    session.flush()
    session.refresh(user, ["history_seq", "history_hash"], with_for_update=True)
    at = at.replace(microsecond=0)
    kept = dict(detail or {})
    seq, key = user.history_seq + 1, history_key()
    entry: dict[str, Any] = {
        "user_id": user.id,
        "seq": seq,
        "what": act.value,
        "at": at,
        "by_id": by.id,
        "by_name": by.name,
        "detail": kept,
    }
    digest = act_hash(key.key, user.history_hash, **entry)
    session.add(AccountEntry(**entry, prev_hash=user.history_hash, hash=digest, key_id=key.id))
    user.history_seq, user.history_hash = seq, digest
    if act in TOLD and by.id != user.id:
        _tell(session, user, act, by, at, kept, also_to)
    session.flush()
    # Who it is stands in the database; a log is read by more people.
    log.info("account_act", account=user.id, act=act.value, by=by.id)


def _tell(
    session: Session,
    user: User,
    act: AccountAct,
    by: Actor,
    at: datetime,
    detail: Mapping[str, Any],
    also_to: str,
) -> None:
    facts = {
        "name": user.name,
        "act": act.value,
        "by": by.name if by.id is not None else "",
        "at": at.isoformat(),
        "email_now": user.email,
        "fields": sorted(detail.get("changes", ())),
    }
    letters = [
        letter_row(
            "account",
            f"account:{user.id}:{user.history_seq}:{number}",
            to=address,
            language=user.language,
            complaint_id=None,
            facts=facts,
            at=at,
        )
        for number, address in enumerate(filter(None, (user.email, also_to)))
    ]
    queue_letters(session, letters)

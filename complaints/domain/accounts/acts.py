"""What can be done to an account, and the chain of signatures that its history hangs on."""

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime
from enum import StrEnum

from complaints.domain.history import canonical, sign


class AccountAct(StrEnum):
    """What an entry in the history of an account tells of."""

    ADDED = "added"
    EDITED = "edited"
    CLOSED = "closed"
    REOPENED = "reopened"
    PASSWORD_RESET = "password_reset"  # by an administrator
    PASSWORD_CHANGED = "password_changed"  # by the person
    UNLOCKED = "unlocked"
    LEADS = "leads"
    LEADS_NO_MORE = "leads_no_more"
    TOKEN_ADDED = "token_added"
    TOKEN_REVOKED = "token_revoked"


#: What the person is written to about, so that nobody acts in their name unseen.
TOLD = frozenset(
    {
        AccountAct.EDITED,
        AccountAct.REOPENED,
        AccountAct.PASSWORD_RESET,
        AccountAct.TOKEN_ADDED,
    }
)


def act_hash(
    key: bytes | None,
    previous: str,
    *,
    user_id: int,
    seq: int,
    what: str,
    at: datetime,
    by_id: int | None,
    by_name: str,
    detail: Mapping[str, object],
) -> str:
    """The signature of an entry and of the entry before it, as 64 hex digits.

    HMAC-SHA-256 over canonical JSON; without a key the plain hash of an entry of the old kind.
    """
    when = at.astimezone(UTC).isoformat()
    line = ["account", previous, user_id, seq, what, when, by_id, by_name, detail]
    if key is None:
        return hashlib.sha256(canonical(line).encode()).hexdigest()
    return sign(key, line)

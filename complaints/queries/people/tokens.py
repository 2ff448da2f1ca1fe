"""Whose API token this is; only its fingerprint is ever asked for."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from complaints.db import UTCDateTime
from complaints.domain.accounts.tokens import reads_only
from complaints.domain.permissions import Actor, Role
from complaints.models import ApiToken, User
from complaints.rulebook import LATEST, note_latest


@dataclass(frozen=True, slots=True)
class Holder:
    """The person behind a token, the language to speak with them, and whether they only read."""

    token_id: int
    actor: Actor
    email: str
    language: str
    reads_only: bool
    scope: str = ""


#: Asked at every call of the API, so it is put together once, and asks for the newest rules too.
_HOLDER = (
    select(
        ApiToken.id.label("token_id"),
        ApiToken.scope,
        User.id,
        User.email,
        User.name,
        User.role,
        User.branch_id,
        User.team_id,
        User.language,
        LATEST.label("latest_rules"),
    )
    .join(ApiToken.user)
    .where(
        ApiToken.token_hash == bindparam("token_hash"),
        ApiToken.revoked_at.is_(None),
        ApiToken.expires_at > bindparam("at", type_=UTCDateTime),
        User.is_active.is_(True),
    )
)


def find_holder(session: Session, token_hash: str, at: datetime) -> Holder | None:
    """The holder of a token that is valid at `at` and whose account is open, or None."""
    row = session.connection().execute(_HOLDER, {"token_hash": token_hash, "at": at}).first()
    if row is None:
        return None
    note_latest(session, row.latest_rules)
    return Holder(
        token_id=row.token_id,
        actor=Actor(row.id, row.name, Role(row.role), row.branch_id, row.team_id),
        email=row.email,
        language=row.language,
        reads_only=reads_only(row.scope),
        scope=row.scope,
    )

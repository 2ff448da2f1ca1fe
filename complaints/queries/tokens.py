"""Whose API token this is; only its fingerprint is ever asked for."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from complaints.domain.permissions import Actor
from complaints.models import ApiToken, User


@dataclass(frozen=True, slots=True)
class Holder:
    """The person behind a token, the language to speak with them, and whether they only read."""

    actor: Actor
    language: str
    reads_only: bool


def find_holder(session: Session, token_hash: str) -> Holder | None:
    """The holder of a token that is not revoked and whose account is open, or None."""
    row = session.execute(
        select(ApiToken.scope, User)
        .join(ApiToken.user)
        .where(
            ApiToken.token_hash == token_hash,
            ApiToken.revoked_at.is_(None),
            User.is_active.is_(True),
        )
    ).first()
    if row is None:
        return None
    scopes = row.scope.replace(",", " ").split()
    return Holder(
        actor=row.User.actor,
        language=row.User.language,
        reads_only=bool(scopes) and "write" not in scopes,
    )

"""The first start: a link for whoever sits at the console, good until somebody has an account.

Nothing but a fingerprint of the link is kept. The first browser that begins with it owns it; a new
link makes the one before void, and so does a day.
"""

import secrets
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from complaints.db import take_turns
from complaints.domain.accounts.tokens import fingerprint
from complaints.domain.errors import N_, NotFound
from complaints.models import OneTimeKey, User

ACTION = "setup"
LIFETIME = timedelta(hours=24)


def is_anybody_here(session: Session) -> bool:
    """Whether there is any account; then there is nothing to set up."""
    return session.scalar(select(User.id).limit(1)) is not None


def offer_setup(session: Session, at: datetime) -> str:
    """A new token for the set-up; earlier ones are void. NotFound once somebody has an account."""
    if is_anybody_here(session):
        raise NotFound(N_("There are accounts already; there is nothing to set up."))
    token = secrets.token_urlsafe(32)
    session.execute(delete(OneTimeKey).where(OneTimeKey.action == ACTION))
    session.add(OneTimeKey(key=_key(token), action=ACTION, created_at=at))
    session.flush()
    return token


def is_offered(session: Session, token: str, at: datetime) -> bool:
    """Whether a set-up can be begun with this token."""
    row = session.get(OneTimeKey, _key(token))
    return row is not None and not row.body_hash and _is_good(session, row, at)


def begin_setup(session: Session, token: str, at: datetime) -> str:
    """Let one browser own the set-up; what it has to show from now on. NotFound for another."""
    take_turns(session, "setup")
    row = session.get(OneTimeKey, _key(token), populate_existing=True)
    if row is None or row.body_hash or not _is_good(session, row, at):
        raise NotFound(N_("This link is no longer valid. Have a new one printed on the console."))
    owner = secrets.token_urlsafe(32)
    row.body_hash = fingerprint(owner)
    session.flush()
    return owner


def require_owner(session: Session, owner: str, at: datetime) -> None:
    """Raise NotFound for everybody but the browser that began the set-up."""
    query = select(OneTimeKey).where(OneTimeKey.action == ACTION)
    row = session.scalar(query.limit(1))
    is_owner = row is not None and bool(owner) and row.body_hash == fingerprint(owner)
    if row is None or not is_owner or not _is_good(session, row, at):
        raise NotFound(N_("This link is no longer valid. Have a new one printed on the console."))


def end_setup(session: Session) -> None:
    """Forget the link: the organisation is there."""
    session.execute(delete(OneTimeKey).where(OneTimeKey.action == ACTION))


def _is_good(session: Session, row: OneTimeKey, at: datetime) -> bool:
    is_fresh = timedelta(0) <= at - row.created_at <= LIFETIME
    return row.action == ACTION and is_fresh and not is_anybody_here(session)


def _key(token: str) -> str:
    return f"{ACTION}:{fingerprint(token)[:80]}"

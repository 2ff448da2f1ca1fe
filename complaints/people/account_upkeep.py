"""Keeping accounts in order: closing and reopening them, new passwords, ending API tokens."""

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from complaints.db import take_turns
from complaints.domain.accounts.acts import AccountAct
from complaints.domain.errors import N_, Invalid, NotFound, Refused
from complaints.domain.permissions import Actor, Permission, Role, require
from complaints.models import ApiToken, User
from complaints.people.account_history import note_act
from complaints.people.accounts import end_sessions, keep_password, set_password
from complaints.people.failed_logins import forget_account
from complaints.people.staff import top_rung_is_empty
from complaints.rows import Written, note_written
from complaints.rulebook import current_rules

_LAST_ADMINISTRATOR = N_("This is the last administrator; add another one first.")
#: Without the letters and digits that are mistaken for each other when read out.
_READABLE = "abcdefghjkmnpqrstuvwxyz23456789"


def close_account(
    session: Session,
    user_id: int,
    *,
    by: Actor,
    at: datetime,
    detail: Mapping[str, Any] | None = None,
) -> User:
    """Shut somebody out at once, and the programs that act for them; their work stays.

    Nobody can shut out themselves, the last administrator, or the last one on the ladder's top.
    Accounts are closed one after another, so that two who close each other do not both succeed.
    `detail` is what the history keeps beside it.
    """
    require(by, Permission.ADMINISTER)
    take_turns(session, "accounts")
    user = find_account(session, user_id, by)
    # What was read before it was our turn may be what the one before us has changed.
    session.refresh(user)
    if user.id == by.id:
        raise Refused(N_("You cannot deactivate your own account. Ask another administrator."))
    if user.role == Role.ADMIN and _open_admins(session) <= 1:
        raise Refused(_LAST_ADMINISTRATOR)
    ladder = current_rules(session).ladder
    if top_rung_is_empty(session, ladder, without=user.id) and not top_rung_is_empty(
        session, ladder
    ):
        raise Refused(
            N_(
                "Without this user the top step of the escalation ladder is "
                "empty. Add another user first."
            )
        )
    user.is_active = False
    end_sessions(user)
    ended = _end_tokens(session, user, at)
    note_act(
        session, user, AccountAct.CLOSED, by=by, at=at, detail={"tokens": ended, **(detail or {})}
    )
    return user


def refuse_without_administrator(session: Session) -> None:
    """Refuse a change that would leave nobody to administer accounts."""
    if not _open_admins(session):
        raise Refused(_LAST_ADMINISTRATOR)


def reopen_account(session: Session, user_id: int, *, by: Actor, at: datetime) -> User:
    """Let somebody in again with the password they had."""
    user = find_account(session, user_id, by)
    if not user.is_active:
        user.is_active = True
        note_act(session, user, AccountAct.REOPENED, by=by, at=at)
    return user


def reset_password(
    session: Session, user_id: int, *, by: Actor, at: datetime, password: str | None = None
) -> tuple[User, str]:
    """A new password for somebody, random unless one is given, valid until they choose their own.

    Their sessions and API keys end, and they are written to: nobody acts in their name unseen.
    """
    user = find_account(session, user_id, by)
    secret = new_password() if password is None else password
    set_password(user, secret)
    user.must_change_password = True
    ended = _end_tokens(session, user, at)
    note_act(session, user, AccountAct.PASSWORD_RESET, by=by, at=at, detail={"tokens": ended})
    return user, secret


def change_password(session: Session, known: User | None, new_hash: str, at: datetime) -> None:
    """Somebody's own new password; `known` is who gave the old one, throttled as a login is."""
    if known is None:
        raise Invalid(N_("The current password is wrong."), field="old_password")
    keep_password(known, new_hash)
    known.must_change_password = False
    note_act(session, known, AccountAct.PASSWORD_CHANGED, by=known.actor, at=at)


def unlock_account(session: Session, user_id: int, *, by: Actor, at: datetime) -> tuple[User, int]:
    """Forget the failed logins of an account, so that the next one is looked at, and say how many.

    Whoever guessed at it has to wait anew after as many failures.
    """
    user = find_account(session, user_id, by)
    failures = forget_account(session, user.email)
    note_act(session, user, AccountAct.UNLOCKED, by=by, at=at, detail={"failures": failures})
    return user, failures


def revoke_token(session: Session, token_id: int, *, by: Actor, at: datetime) -> None:
    """End an API token; a program that uses it is refused from now on."""
    require(by, Permission.ADMINISTER)
    token = session.get(ApiToken, token_id)
    if token is None:
        raise NotFound(N_("This API key does not exist."))
    if token.revoked_at is None:
        token.revoked_at = at
        user = session.get_one(User, token.user_id)
        detail = {"token": token.id}
        note_act(session, user, AccountAct.TOKEN_REVOKED, by=by, at=at, detail=detail)


def new_password() -> str:
    """Four groups of four letters and digits that can be read out on the phone."""
    return "-".join("".join(secrets.choice(_READABLE) for _ in range(4)) for _ in range(4))


def _end_tokens(session: Session, user: User, at: datetime) -> int:
    """End every API key of an account; how many there were."""
    query = update(ApiToken).where(ApiToken.user_id == user.id, ApiToken.revoked_at.is_(None))
    ended = session.scalars(query.values(revoked_at=at).returning(ApiToken.id)).all()
    note_written(session, Written(ApiToken, ids=ended))
    return len(ended)


def find_account(session: Session, user_id: int, by: Actor) -> User:
    require(by, Permission.ADMINISTER)
    user = session.get(User, user_id)
    if user is None:
        raise NotFound(N_("There is no such account."))
    return user


def _open_admins(session: Session) -> int:
    query = select(func.count()).where(User.role == Role.ADMIN.value, User.is_active.is_(True))
    return session.scalar(query) or 0

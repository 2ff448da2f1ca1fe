"""Keeping accounts in order: closing and reopening them, new passwords, ending API tokens."""

import secrets
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from complaints.db import take_turns
from complaints.domain.errors import N_, Invalid, NotFound, Refused
from complaints.domain.permissions import Actor, Permission, Role, require
from complaints.models import ApiToken, User
from complaints.people.accounts import keep_password, set_password
from complaints.people.failed_logins import forget_account
from complaints.people.staff import top_rung_is_empty
from complaints.rulebook import current_rules

#: Without the letters and digits that are mistaken for each other when read out.
_READABLE = "abcdefghjkmnpqrstuvwxyz23456789"


def close_account(session: Session, user_id: int, *, by: Actor) -> User:
    """Shut somebody out at once; their work stays.

    Nobody can shut out themselves, the last administrator, or the last one on the ladder's top.
    Accounts are closed one after another, so that two who close each other do not both succeed.
    """
    require(by, Permission.ADMINISTER)
    take_turns(session, "accounts")
    user = _account(session, user_id, by)
    # What was read before it was our turn may be what the one before us has changed.
    session.refresh(user)
    if user.id == by.id:
        raise Refused(N_("You cannot deactivate your own account. Ask another administrator."))
    if user.role == Role.ADMIN and _open_admins(session) <= 1:
        raise Refused(N_("This is the last administrator; add another one first."))
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
    user.session_number += 1
    return user


def reopen_account(session: Session, user_id: int, *, by: Actor) -> User:
    """Let somebody in again with the password they had."""
    user = _account(session, user_id, by)
    user.is_active = True
    return user


def reset_password(session: Session, user_id: int, *, by: Actor) -> tuple[User, str]:
    """A new random password for somebody, to be shown once; their sessions end."""
    user = _account(session, user_id, by)
    password = new_password()
    set_password(user, password)
    return user, password


def change_password(known: User | None, new_hash: str) -> None:
    """Somebody's own new password; `known` is who came to the throttled door with the old one."""
    if known is None:
        raise Invalid(N_("The current password is wrong."), field="old_password")
    keep_password(known, new_hash)


def unlock_account(session: Session, user_id: int, *, by: Actor) -> tuple[User, int]:
    """Forget the failed logins of an account, so that the next one is looked at, and say how many.

    Whoever guessed at it has to wait anew after as many failures.
    """
    user = _account(session, user_id, by)
    return user, forget_account(session, user.email)


def revoke_token(session: Session, token_id: int, *, by: Actor, at: datetime) -> None:
    """End an API token; a program that uses it is refused from now on."""
    require(by, Permission.ADMINISTER)
    token = session.get(ApiToken, token_id)
    if token is None:
        raise NotFound(N_("This API key does not exist."))
    if token.revoked_at is None:
        token.revoked_at = at


def new_password() -> str:
    """Four groups of four letters and digits that can be read out on the phone."""
    return "-".join("".join(secrets.choice(_READABLE) for _ in range(4)) for _ in range(4))


def _account(session: Session, user_id: int, by: Actor) -> User:
    require(by, Permission.ADMINISTER)
    user = session.get(User, user_id)
    if user is None:
        raise NotFound(N_("There is no such account."))
    return user


def _open_admins(session: Session) -> int:
    query = select(func.count()).where(User.role == Role.ADMIN.value, User.is_active.is_(True))
    return session.scalar(query) or 0

"""Accounts: staff, passwords (argon2id), API tokens, and the throttle at the login door."""

import hmac
from datetime import datetime, timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from complaints.domain.errors import N_, Invalid, Refused
from complaints.domain.permissions import Role
from complaints.domain.tokens import fingerprint, new_token
from complaints.models import ApiToken, LoginAttempt, User
from complaints.rulebook import RuleBook

_hasher = PasswordHasher()
#: Verified when there is no such account, so that both cases take the same time.
_NOBODY = _hasher.hash("nobody has this password")

#: Failures at one door within the window before it stays shut until the window ends.
MOST_FAILURES = 10
WINDOW = timedelta(minutes=15)
SHORTEST_PASSWORD = 10


def add_user(
    session: Session,
    rules: RuleBook,
    *,
    email: str,
    role: str,
    name: str = "",
    branch: str | None = None,
    team: str | None = None,
    password: str | None = None,
    supervisor: str | None = None,
) -> User:
    """Add a member of staff; without a password the account cannot log in yet."""
    address = email.strip().lower()
    if "@" not in address:
        raise Invalid(N_("This is not an e-mail address."), field="email")
    if role not in set(Role):
        raise Invalid(N_("There is no role %(role)s."), field="role", role=role[:40])
    if session.scalar(select(User.id).where(User.email == address)) is not None:
        raise Invalid(N_("There is already an account with this address."), field="email")
    user = User(email=address, name=name.strip() or address.split("@")[0], role=role)
    if branch:
        user.branch_id = rules.branch_by_code(branch).id
    if team:
        known = rules.teams_by_code.get(team)
        if known is None:
            raise Invalid(N_("There is no team %(code)s."), field="team", code=team[:40])
        user.team_id = known.id
    if supervisor:
        user.supervisor_id = session.scalar(select(User.id).where(User.email == supervisor))
    if password is not None:
        set_password(user, password)
    session.add(user)
    session.flush()
    return user


def set_password(user: User, password: str) -> None:
    """Set a new password; sessions begun with the old one end."""
    if len(password) < SHORTEST_PASSWORD:
        raise Invalid(
            N_("The password needs at least %(count)d characters."),
            field="password",
            count=SHORTEST_PASSWORD,
        )
    user.password_hash = _hasher.hash(password)
    user.session_number = (user.session_number or 0) + 1


def check_login(
    session: Session, *, email: str, password: str, address: str, at: datetime
) -> User | None:
    """The user whose e-mail and password these are, or None; failures are counted per door.

    The doors are the network address and the account. Raises Refused while one of them is shut.
    The caller commits in every case, so that failures count.
    """
    doors = (f"address:{address}"[:80], f"account:{fingerprint(email.strip().lower())[:32]}")
    attempts = {door: session.get(LoginAttempt, door, with_for_update=True) for door in doors}
    for attempt in attempts.values():
        if attempt and attempt.failures >= MOST_FAILURES and at < attempt.window_at + WINDOW:
            raise Refused(N_("Too many failed logins. Wait a quarter of an hour, then try again."))
    user = session.scalar(select(User).where(User.email == email.strip().lower()))
    if _is_right(user, password) and user is not None and user.is_active:
        session.execute(delete(LoginAttempt).where(LoginAttempt.door == doors[1]))
        if _hasher.check_needs_rehash(user.password_hash):
            user.password_hash = _hasher.hash(password)
        return user
    for door in doors:
        note_failure(session, door, at)
    return None


def is_shut(session: Session, door: str, at: datetime) -> bool:
    """Whether a door has been tried in vain so often that it stays shut for now."""
    attempt = session.get(LoginAttempt, door[:80])
    return (
        attempt is not None
        and attempt.failures >= MOST_FAILURES
        and at < attempt.window_at + WINDOW
    )


def note_failure(session: Session, door: str, at: datetime) -> None:
    """Count a vain try at a door; the caller commits."""
    attempt = session.get(LoginAttempt, door[:80], with_for_update=True)
    if attempt is None:
        session.add(LoginAttempt(door=door[:80], window_at=at, failures=1))
    elif at >= attempt.window_at + WINDOW:
        attempt.window_at, attempt.failures = at, 1
    else:
        attempt.failures += 1


def add_token(session: Session, *, email: str, scope: str, at: datetime) -> str:
    """A new API token of a user; returned once, never readable again."""
    user = session.scalar(select(User).where(User.email == email.strip().lower()))
    if user is None:
        raise Invalid(N_("There is no account with this address."), field="email")
    token = new_token()
    session.add(
        ApiToken(user_id=user.id, token_hash=fingerprint(token), scope=scope, created_at=at)
    )
    return token


def _is_right(user: User | None, password: str) -> bool:
    kept = user.password_hash if user and user.password_hash else _NOBODY
    try:
        _hasher.verify(kept, password)
    except (VerificationError, InvalidHashError):
        return False
    return not hmac.compare_digest(kept, _NOBODY)

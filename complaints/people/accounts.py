"""Accounts: staff, passwords (argon2id), API tokens, and the throttle of logins."""

import hmac
import threading
from dataclasses import dataclass
from datetime import datetime, timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from complaints.contacts import normalise_email
from complaints.db import take_turns
from complaints.domain.errors import N_, Invalid, Refused
from complaints.domain.permissions import Role
from complaints.domain.tokens import fingerprint, new_token
from complaints.models import ApiToken, LoginAttempt, User
from complaints.rulebook import RuleBook

_hasher = PasswordHasher()
#: Each hash takes 64 MiB on purpose; fifty logins at once took the machine's memory.
_room = threading.BoundedSemaphore(2)
#: Verified when there is no such account, so that both cases take the same time.
_NOBODY = _hasher.hash("nobody has this password")

#: Failures at one door within the window before it stays shut until the window ends.
MOST_FAILURES = 10
WINDOW = timedelta(minutes=15)
SHORTEST_PASSWORD = 10
_TOO_MANY = N_("Too many failed logins. Wait 15 minutes, then try again.")


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
    address = normalise_email(email)
    if address is None:
        raise Invalid(N_("Enter a valid email address, such as name@example.com."), field="email")
    if role not in set(Role):
        raise Invalid(N_("There is no role %(role)s."), field="role", role=role[:40])
    if session.scalar(select(User.id).where(User.email == address)) is not None:
        raise Invalid(N_("There is already an account with this email address."), field="email")
    user = User(email=address, name=name.strip() or address.split("@")[0], role=role)
    if branch:
        user.branch_id = rules.branch_by_code(branch).id
    if team:
        known = rules.teams_by_code.get(team)
        if known is None:
            raise Invalid(N_("There is no unit %(code)s."), field="team", code=team[:40])
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
    keep_password(user, hash_password(password))


def hash_password(password: str) -> str:
    """What is kept of a password; takes its time, so it is best done before anything is locked."""
    if len(password) < SHORTEST_PASSWORD:
        raise Invalid(
            N_("The password needs at least %(count)d characters."),
            field="password",
            count=SHORTEST_PASSWORD,
        )
    with _room:
        return _hasher.hash(password)


def keep_password(user: User, password_hash: str) -> None:
    """Keep the hash of a new password; sessions begun with the old one end."""
    user.password_hash = password_hash
    user.session_number = (user.session_number or 0) + 1


@dataclass(frozen=True, slots=True)
class BegunLogin:
    """A login under way: the account named, where it comes from, the hash to check against."""

    email: str
    address: str
    password_hash: str

    @property
    def throttle_keys(self) -> tuple[str, str]:
        """The network address and the account, each with failures of its own."""
        account = fingerprint(self.email)[:32]
        return f"address:{self.address}"[:80], f"account:{account}"


def begin_login(session: Session, *, email: str, address: str, at: datetime) -> BegunLogin:
    """Begin a login, only reading; raises Refused while the account or the address is locked out.

    A login is three acts, because the middle one takes its time on purpose and nobody else must
    wait for the database meanwhile: `begin_login`, `check_password`, `finish_login`.
    """
    name = email.strip().lower()
    kept = session.scalar(select(User.password_hash).where(User.email == name))
    begun = BegunLogin(name, address, kept or _NOBODY)
    if any(is_locked_out(session, key, at) for key in begun.throttle_keys):
        raise Refused(_TOO_MANY)
    return begun


@dataclass(frozen=True, slots=True)
class Checked:
    """Whether a password is the account's; `renewed` is a stronger hash of it, where one is due."""

    is_right: bool
    renewed: str = ""


def check_password(begun: BegunLogin, password: str) -> Checked:
    """Check a password without any database; as slow for an account that does not exist."""
    try:
        with _room:
            _hasher.verify(begun.password_hash, password)
    except (VerificationError, InvalidHashError):
        return Checked(False)
    if hmac.compare_digest(begun.password_hash, _NOBODY):
        return Checked(False)
    is_weak = _hasher.check_needs_rehash(begun.password_hash)
    with _room:
        return Checked(True, _hasher.hash(password) if is_weak else "")


def finish_login(
    session: Session, begun: BegunLogin, checked: Checked, at: datetime
) -> User | None:
    """The user who came with the right password, or None; failures are counted per key.

    Of many logins at once none learns anything once the key is locked out, not even that the
    password was right: then this raises Refused too. The caller commits in every other case, so
    that failures count.
    """
    for key in begun.throttle_keys:
        take_turns(session, f"door:{key}")
    if any(is_locked_out(session, key, at) for key in begun.throttle_keys):
        raise Refused(_TOO_MANY)
    user = session.scalar(select(User).where(User.email == begun.email))
    # The password may have been changed while it was checked.
    is_same = user is not None and user.password_hash == begun.password_hash
    if user is not None and checked.is_right and is_same and user.is_active:
        session.execute(delete(LoginAttempt).where(LoginAttempt.door == begun.throttle_keys[1]))
        user.password_hash = checked.renewed or user.password_hash
        return user
    for key in begun.throttle_keys:
        note_failure(session, key, at)
    return None


def is_locked_out(session: Session, key: str, at: datetime) -> bool:
    """Whether a key has failed so often that it stays locked out for now."""
    attempt = session.get(LoginAttempt, key[:80])
    return (
        attempt is not None
        and attempt.failures >= MOST_FAILURES
        and at < attempt.window_at + WINDOW
    )


def note_failure(session: Session, key: str, at: datetime) -> None:
    """Count a failed login of a key; the caller commits."""
    attempt = session.get(LoginAttempt, key[:80], with_for_update=True)
    if attempt is None:
        session.add(LoginAttempt(door=key[:80], window_at=at, failures=1))
    elif at >= attempt.window_at + WINDOW:
        attempt.window_at, attempt.failures = at, 1
    else:
        attempt.failures += 1


def add_token(session: Session, *, email: str, scope: str, at: datetime) -> str:
    """A new API token of a user; returned once, never readable again."""
    user = session.scalar(select(User).where(User.email == email.strip().lower()))
    if user is None:
        raise Invalid(N_("There is no account with this email address."), field="email")
    token = new_token()
    session.add(
        ApiToken(user_id=user.id, token_hash=fingerprint(token), scope=scope, created_at=at)
    )
    return token

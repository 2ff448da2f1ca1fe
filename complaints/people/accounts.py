"""Accounts of staff: adding them, their passwords, and the API keys that act for them."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from complaints.contacts import normalise_email, staff_email
from complaints.domain.accounts.tokens import fingerprint, new_token
from complaints.domain.errors import N_, Invalid
from complaints.domain.permissions import Role
from complaints.models import ApiToken, User
from complaints.people.passwords import hash_password
from complaints.rulebook import RuleBook


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


def user_called(session: Session, email: str) -> User:
    """The account with this email address, active or not; Invalid when there is none."""
    user = session.scalar(select(User).where(User.email == staff_email(email)))
    if user is None:
        raise Invalid(N_("There is no account with this email address."), field="email")
    return user


def set_password(user: User, password: str) -> None:
    """Set a new password; sessions begun with the old one end."""
    keep_password(user, hash_password(password))


def keep_password(user: User, password_hash: str) -> None:
    """Keep the hash of a new password; sessions begun with the old one end."""
    user.password_hash = password_hash
    end_sessions(user)


def end_sessions(user: User) -> None:
    """End every session of an account, on whatever device, also one whose cookie was copied."""
    user.session_number = (user.session_number or 0) + 1


def add_token(session: Session, *, email: str, scope: str, at: datetime) -> str:
    """A new API token of a user; returned once, never readable again."""
    user = session.scalar(select(User).where(User.email == staff_email(email)))
    if user is None:
        raise Invalid(N_("There is no account with this email address."), field="email")
    token = new_token()
    session.add(
        ApiToken(user_id=user.id, token_hash=fingerprint(token), scope=scope, created_at=at)
    )
    return token

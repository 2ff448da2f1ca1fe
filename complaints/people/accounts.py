"""Accounts of staff: adding them, their passwords, and the API keys that act for them."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from complaints.contacts import normalise_email, staff_email
from complaints.db import take_turns
from complaints.domain.accounts.acts import AccountAct
from complaints.domain.accounts.tokens import fingerprint, new_token, read_scope
from complaints.domain.errors import N_, Invalid
from complaints.domain.permissions import LINE_MANAGERS, Actor, Permission, Role, require
from complaints.domain.words.folding import clean
from complaints.models import ApiToken, User
from complaints.people.account_history import note_act
from complaints.people.colleagues import active_user
from complaints.people.passwords import hash_password
from complaints.rulebook import RuleBook

#: How long an API key is valid unless the settings say otherwise.
TOKEN_LIFETIME = timedelta(days=365)
LONGEST_NAME = 120


def add_user(
    session: Session,
    rules: RuleBook,
    *,
    email: str,
    role: str,
    by: Actor,
    at: datetime,
    name: str = "",
    branch: str | None = None,
    team: str | None = None,
    password: str | None = None,
    supervisor: str | None = None,
    must_change_password: bool = False,
) -> User:
    """Add a member of staff; without a password the account cannot log in yet.

    With `must_change_password` the first thing they do is to choose one of their own. Accounts are
    added one after another, so that an address sent twice at once is refused with a sentence.
    """
    require(by, Permission.ADMINISTER)
    take_turns(session, "accounts")
    address = free_address(session, email)
    user = User(
        email=address,
        name=check_name(name.strip() or address.split("@")[0]),
        role=known_role(role),
        branch_id=rules.branch_in_use(branch).id if branch else None,
        team_id=rules.team_by_code(team).id if team else None,
        supervisor_id=find_superior(session, supervisor).id if supervisor else None,
        must_change_password=must_change_password,
    )
    if password is not None:
        set_password(user, password)
    session.add(user)
    session.flush()
    note_act(session, user, AccountAct.ADDED, by=by, at=at, detail={"role": user.role})
    return user


def check_name(name: str) -> str:
    """A name that fits, as it can be seen; Invalid when there is none or it is too long."""
    name = clean(name)
    if not name:
        raise Invalid(N_("Enter the name."), field="name")
    if len(name) > LONGEST_NAME:
        raise Invalid(
            N_("The name may have at most %(count)d characters."), field="name", count=LONGEST_NAME
        )
    return name


def known_role(role: str) -> str:
    """A role there is; Invalid when there is none by this name."""
    if role not in set(Role):
        raise Invalid(N_("There is no role %(role)s."), field="role", role=role[:40])
    return role


def free_address(session: Session, email: str) -> str:
    """An e-mail address that can be used and is nobody's yet; Invalid otherwise."""
    address = normalise_email(email)
    if address is None:
        raise Invalid(N_("Enter a valid email address, such as name@example.com."), field="email")
    if session.scalar(select(User.id).where(User.email == address)) is not None:
        raise Invalid(N_("There is already an account with this email address."), field="email")
    return address


def find_superior(session: Session, email: str) -> User:
    """Whom somebody is to answer to, by e-mail address.

    Invalid when nobody is there by it, and when their role does not answer escalations.
    """
    superior = active_user(session, email)
    if superior is None:
        raise Invalid(
            N_("There is no active user with the email address %(email)s to be the line manager."),
            field="supervisor",
            email=email.strip()[:254],
        )
    require_line_manager(superior, "supervisor")
    return superior


def require_line_manager(user: User, field: str) -> None:
    """Raise Invalid for somebody whose role does not answer escalations."""
    if user.role not in LINE_MANAGERS:
        raise Invalid(
            N_(
                "%(name)s cannot be a line manager: escalations go there first, and only "
                "supervisors and managers answer them. Choose one of those."
            ),
            field=field,
            name=user.name,
        )


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


def add_token(
    session: Session,
    *,
    email: str,
    scope: str,
    by: Actor,
    at: datetime,
    lifetime: timedelta = TOKEN_LIFETIME,
) -> str:
    """A new API token of a user; returned once, never readable again, and valid for `lifetime`."""
    require(by, Permission.ADMINISTER)
    user = user_called(session, email)
    if not user.is_active:
        raise Invalid(N_("The account of %(name)s is inactive."), field="email", name=user.name)
    token = new_token()
    row = ApiToken(
        user_id=user.id,
        token_hash=fingerprint(token),
        scope=read_scope(scope),
        created_at=at,
        expires_at=at + lifetime,
    )
    session.add(row)
    session.flush()
    detail = {"token": row.id, "scope": row.scope, "until": row.expires_at.isoformat()}
    note_act(session, user, AccountAct.TOKEN_ADDED, by=by, at=at, detail=detail)
    return token

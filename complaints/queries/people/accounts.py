"""Who works here: the handlers to choose from, and the accounts and keys as administered."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import bindparam, literal, or_, select, tuple_
from sqlalchemy.orm import Session, aliased

from complaints.domain.errors import N_, NotFound
from complaints.domain.permissions import PERMISSIONS, Actor, Permission, Role
from complaints.models import ApiToken, User
from complaints.queries.bounded import MOST_CHOICES
from complaints.queries.kept import Kept
from complaints.queries.paging import at_most

#: Accounts of a page.
PAGE = 50

_HANDLING_ROLES = [role.value for role, held in PERMISSIONS.items() if Permission.HANDLE in held]


@dataclass(frozen=True, slots=True)
class Person:
    """One account as the administrator sees it."""

    id: int
    email: str
    name: str
    role: str
    branch_id: int | None
    team_id: int | None
    supervisor: str | None
    supervisor_email: str | None
    is_active: bool
    can_log_in: bool
    #: The last entry of its history: what the account said when this was read.
    history_seq: int


class Named(NamedTuple):
    """Somebody to choose or to name: two of one name differ by where they work."""

    email: str
    name: str
    branch_id: int | None
    team_id: int | None


_NAMED = (User.email, User.name, User.branch_id, User.team_id)


@dataclass(frozen=True, slots=True)
class Token:
    """One API token; the secret itself is not kept."""

    id: int
    user: Named
    scope: str
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None

    def state(self, now: datetime) -> str:
        """``valid``, ``expired`` or ``revoked``."""
        if self.revoked_at is not None:
            return "revoked"
        return "expired" if self.expires_at <= now else "valid"


def handlers_to_choose(session: Session, actor: Actor) -> Sequence[Named]:
    """The people who may handle complaints within the person's sight.

    By name, at most MOST_CHOICES + 2: whoever leaves one out still sees that they are too many.
    """
    return [Named._make(row) for row in _HANDLERS.rows(session, actor)]


def named(session: Session, emails: Collection[str]) -> Sequence[Named]:
    """The accounts with these addresses, active or not; no query without any."""
    if not emails:
        return []
    query = select(*_NAMED).where(User.email.in_(sorted(emails)))
    return [Named._make(row) for row in session.execute(query)]


def _handlers(actor: Actor) -> Any:
    query = (
        select(*_NAMED)
        .where(User.is_active.is_(True), User.role.in_(_HANDLING_ROLES))
        .order_by(User.name, User.id)
        .limit(MOST_CHOICES + 2)
    )
    if actor.branch_id is not None:
        same_team = User.team_id == actor.team_id if actor.team_id is not None else None
        here = User.branch_id == actor.branch_id
        return query.where(or_(here, same_team) if same_team is not None else here)
    if actor.team_id is not None and not actor.has(Permission.BOARD):
        return query.where(User.team_id == actor.team_id)
    return query


_HANDLERS = Kept(_handlers)


def list_people(session: Session) -> Sequence[Person]:
    """Every account, open ones first, by name."""
    query = _PEOPLE.order_by(User.is_active.desc(), User.name, User.id)
    return [_person(row) for row in session.execute(query)]


@dataclass(frozen=True, slots=True)
class PeoplePage:
    """Accounts, active ones first, by name; `after` is the id the next page begins after."""

    items: Sequence[Person]
    after: int | None


def find_people(
    session: Session, words: str = "", after: int | None = None, limit: int = PAGE
) -> PeoplePage:
    """One page of the accounts whose name or e-mail address holds these words, in any case.

    `after` is the last account of the page before; one that is not there begins at the first.
    """
    last = session.execute(_LAST, {"id": after}).first() if after is not None else None
    found: list[Person] = []
    for is_active in (True, False):
        if (last is not None and is_active and not last.is_active) or len(found) > limit:
            continue
        query = _PEOPLE.where(User.is_active.is_(is_active)).order_by(User.name, User.id)
        if words:
            query = query.where(
                or_(
                    User.name.icontains(words, autoescape=True),
                    User.email.icontains(words, autoescape=True),
                )
            )
        if last is not None and last.is_active == is_active:
            place = tuple_(literal(last.name), literal(last.id))
            query = query.where(tuple_(User.name, User.id) > place)
        rows = session.execute(query.limit(at_most(limit + 1 - len(found))))
        found += [_person(row) for row in rows]
    return PeoplePage(found[:limit], found[limit - 1].id if len(found) > limit else None)


def active_people(
    session: Session, roles: Collection[Role] = tuple(Role), most: int | None = None
) -> list[Named]:
    """Active users of these roles, by name."""
    query = (
        select(*_NAMED)
        .where(User.is_active.is_(True), User.role.in_([role.value for role in roles]))
        .order_by(User.name, User.id)
        .limit(most)
    )
    return [Named._make(row) for row in session.execute(query)]


def get_person(session: Session, user_id: int) -> Person:
    """One account; raises NotFound."""
    row = session.execute(_PEOPLE.where(User.id == user_id)).first()
    if row is None:
        raise NotFound(N_("There is no such account."))
    return _person(row)


def list_tokens(session: Session) -> Sequence[Token]:
    """Every API token, newest first."""
    query = (
        select(
            ApiToken.id,
            ApiToken.scope,
            ApiToken.created_at,
            ApiToken.expires_at,
            ApiToken.revoked_at,
            *_NAMED,
        )
        .join(User, User.id == ApiToken.user_id)
        .order_by(ApiToken.id.desc())
    )
    return [
        Token(
            id=row.id,
            user=Named(row.email, row.name, row.branch_id, row.team_id),
            scope=row.scope,
            created_at=row.created_at,
            expires_at=row.expires_at,
            revoked_at=row.revoked_at,
        )
        for row in session.execute(query)
    ]


_LAST = select(User.id, User.name, User.is_active).where(User.id == bindparam("id"))
_superior = aliased(User)
_PEOPLE = select(
    User.id,
    User.email,
    User.name,
    User.role,
    User.branch_id,
    User.team_id,
    _superior.name.label("supervisor"),
    _superior.email.label("supervisor_email"),
    User.is_active,
    User.password_hash,
    User.history_seq,
).outerjoin(_superior, _superior.id == User.supervisor_id)


def _person(row: Any) -> Person:
    return Person(
        id=row.id,
        email=row.email,
        name=row.name,
        role=row.role,
        branch_id=row.branch_id,
        team_id=row.team_id,
        supervisor=row.supervisor,
        supervisor_email=row.supervisor_email,
        is_active=row.is_active,
        can_log_in=bool(row.password_hash),
        history_seq=row.history_seq,
    )

"""The drafts of a person, and how many wait on the desks of a branch; never another's words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from complaints.db import UTCDateTime
from complaints.domain.permissions import Actor
from complaints.models import Draft, User
from complaints.queries.paging import at_most

#: So many drafts stand on a desk.
SHOWN = 30
#: So much of a story tells one draft from another.
_BEGINNING = 80


@dataclass(frozen=True, slots=True)
class DraftShown:
    """A draft as its owner recognises it."""

    id: int
    act: str
    name: str
    beginning: str
    began_at: datetime
    saved_at: datetime
    left_at: datetime | None


@dataclass(frozen=True, slots=True)
class DraftOpened:
    """A draft with all that was typed, to be gone on with."""

    id: int
    key: str
    fields: Sequence[tuple[str, str]]
    version: int
    saved_at: datetime


@dataclass(frozen=True, slots=True)
class DraftsWaiting:
    """How many drafts of a person nobody has touched for a while, and since when the oldest."""

    name: str
    count: int
    since: datetime


#: Every desk asks both, so they are put together once.
_OWN = (
    select(Draft)
    .where(Draft.owner_id == bindparam("owner_id"))
    .order_by(Draft.saved_at.desc())
    .limit(at_most(SHOWN))
)
_WAITING = (
    select(User.name, func.count(Draft.id), func.min(Draft.saved_at))
    .join(User, User.id == Draft.owner_id)
    .where(
        Draft.saved_at < bindparam("saved_before", type_=UTCDateTime()),
        User.branch_id == bindparam("branch_id"),
        Draft.act == bindparam("act"),
    )
    .group_by(User.id, User.name)
    .order_by(func.min(Draft.saved_at))
    .limit(at_most(SHOWN))
)


def own_drafts(session: Session, owner: Actor) -> list[DraftShown]:
    """The person's drafts, the one saved last on top."""
    return [_shown(each) for each in session.scalars(_OWN, {"owner_id": owner.id})]


_ONLY = (
    select(Draft)
    .where(Draft.owner_id == bindparam("owner_id"), Draft.act == bindparam("act"))
    .order_by(Draft.saved_at.desc())
    .limit(1)
)


def open_draft(session: Session, owner: Actor, draft_id: int, act: str) -> DraftOpened | None:
    """A draft for its owner; None where there is none, or it is another's."""
    query = select(Draft).where(Draft.id == draft_id, Draft.owner_id == owner.id, Draft.act == act)
    return _opened(session.scalar(query))


def open_only_draft(session: Session, owner: Actor, act: str) -> DraftOpened | None:
    """The person's draft of a form of which they have one at most."""
    return _opened(session.scalar(_ONLY, {"owner_id": owner.id, "act": act}))


def _opened(found: Draft | None) -> DraftOpened | None:
    if found is None:
        return None
    fields = [(str(name), str(value)) for name, value in found.fields]
    return DraftOpened(found.id, found.key, fields, found.version, found.saved_at)


def drafts_waiting(
    session: Session, supervisor: Actor, act: str, *, saved_before: datetime
) -> list[DraftsWaiting]:
    """Whose drafts of this form in the supervisor's branch nobody has touched since, oldest first.

    Only how many: their words belong to whoever took them down.
    """
    if supervisor.branch_id is None:
        return []
    asked = {"saved_before": saved_before, "branch_id": supervisor.branch_id, "act": act}
    return [DraftsWaiting(*row) for row in session.connection().execute(_WAITING, asked)]


def _shown(draft: Draft) -> DraftShown:
    typed: Mapping[str, str] = {str(name): str(value).strip() for name, value in draft.fields}
    name = typed.get("customer.name") or typed.get("customer.q") or ""
    story = " ".join((typed.get("story") or _longest(typed)).split())
    beginning = story if len(story) <= _BEGINNING else f"{story[: _BEGINNING - 1].rstrip()}…"
    return DraftShown(
        id=draft.id,
        act=draft.act,
        name=name[:120],
        beginning=beginning,
        began_at=draft.began_at,
        saved_at=draft.saved_at,
        left_at=draft.left_at,
    )


def _longest(typed: Mapping[str, str]) -> str:
    """What was written with the most words, where no story is."""
    return max((each for each in typed.values() if " " in each), key=len, default="")

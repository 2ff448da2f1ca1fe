"""Drafts: what somebody has begun to write, kept until it is sent, thrown away or too old.

A draft hangs on the one-time key of its form. Whoever sends the form spends the key and takes the
draft with it, so that no other tab, browser or machine can bring it back.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from complaints.actions.idempotency import OneTime
from complaints.db import take_turns
from complaints.domain.errors import N_, Invalid, NotFound, Refused
from complaints.models import Draft, OneTimeKey

#: An unsent draft is kept so long since it was saved last: it holds personal data of customers.
KEEP_DRAFTS = timedelta(days=14)
#: So many drafts one person has at the same time, and so many characters each.
MOST_DRAFTS, MOST_CHARACTERS = 30, 200_000

#: What the form of the intake is called where its drafts are kept.
INTAKE = "complaints/new"

#: Name and value of a field, as the form sent it.
Field = tuple[str, str]


class AlreadySent(Refused):
    """The form was sent before, from another tab or machine: `at` is when."""

    kind = "already-sent"

    def __init__(self, at: datetime, complaint_id: int | None) -> None:
        super().__init__(N_("This form was already sent, so the draft is not kept."))
        self.at = at
        self.complaint_id = complaint_id


class ChangedElsewhere(Refused):
    """Another tab or machine has saved the draft since this one read it: `at` is when."""

    kind = "changed-elsewhere"

    def __init__(self, at: datetime, draft_id: int, version: int) -> None:
        super().__init__(N_("This draft was changed in another tab or on another computer."))
        self.at = at
        self.draft_id = draft_id
        self.version = version


@dataclass(frozen=True, slots=True)
class Typed:
    """A form as it stands: whose, which, its key, and what is in it.

    `seen` is the version that the page has read or saved last; None for a form of its own. Of a
    form that `is_only` one person has one draft, whatever its key: a conversation on a complaint.
    """

    owner_id: int
    act: str
    key: str
    fields: Sequence[Field]
    seen: int | None = None
    has_left: bool = False
    is_only: bool = False


def save_draft(session: Session, typed: Typed, *, at: datetime) -> Draft:
    """Keep the form as it stands; the edge commits.

    Raises AlreadySent where its key was spent, ChangedElsewhere where somebody saved it since, and
    Invalid where it is too long or there are too many.
    """
    _require_room(typed)
    if typed.is_only:
        _take_turn(session, typed.owner_id, typed.act)
    _take_turn(session, typed.owner_id, typed.key)
    _require_unsent(session, typed)
    kept = _find(session, typed)
    if kept is None:
        return _begin(session, typed, at)
    is_another = kept.key != typed.key
    if is_another or (typed.seen is not None and typed.seen != kept.version):
        raise ChangedElsewhere(kept.saved_at, kept.id, kept.version)
    kept.fields = [list(pair) for pair in typed.fields]
    kept.version += 1
    kept.saved_at = max(at, kept.saved_at)
    kept.left_at = kept.left_at or (at if typed.has_left else None)
    session.flush()
    return kept


def forget_sent(session: Session, owner_id: int, act: str, key: str) -> None:
    """The form is being sent: its draft is gone with the transaction that records it."""
    if not key:
        return
    _take_turn(session, owner_id, key)
    session.execute(
        delete(Draft).where(Draft.owner_id == owner_id, Draft.act == act, Draft.key == key)
    )


def throw_away(session: Session, owner_id: int, draft_id: int) -> str:
    """The owner wants the draft no more; returns of which form it was.

    NotFound for whoever is not the owner.
    """
    gone = session.execute(
        delete(Draft).where(Draft.owner_id == owner_id, Draft.id == draft_id).returning(Draft.act)
    )
    act = gone.scalar()
    if act is None:
        raise NotFound(N_("There is no such draft."))
    return str(act)


def purge_drafts(session: Session, *, saved_before: datetime, most: int = 1_000) -> int:
    """Delete drafts that nobody has touched since; returns how many."""
    old = select(Draft.id).where(Draft.saved_at < saved_before).order_by(Draft.saved_at).limit(most)
    gone = session.execute(delete(Draft).where(Draft.id.in_(old.scalar_subquery())))
    return int(getattr(gone, "rowcount", 0))


def _take_turn(session: Session, owner_id: int, key: str) -> None:
    """Saving and sending of one form wait for each other, so that none brings back what is sent."""
    take_turns(session, f"draft:{owner_id}:{key}")


def _require_unsent(session: Session, typed: Typed) -> None:
    stored = OneTime(typed.key, typed.owner_id, typed.act, None).stored_key
    spent = session.get(OneTimeKey, stored, populate_existing=True)
    if spent is not None:
        raise AlreadySent(spent.created_at, spent.complaint_id)


def _find(session: Session, typed: Typed) -> Draft | None:
    query = select(Draft).where(Draft.owner_id == typed.owner_id, Draft.act == typed.act)
    if not typed.is_only:
        query = query.where(Draft.key == typed.key)
    return session.scalar(query.execution_options(populate_existing=True))


def _begin(session: Session, typed: Typed, at: datetime) -> Draft:
    held = session.scalar(select(func.count(Draft.id)).where(Draft.owner_id == typed.owner_id))
    if (held or 0) >= MOST_DRAFTS:
        raise Invalid(
            N_("You have %(most)d drafts. Send or discard one on your home page first."),
            most=MOST_DRAFTS,
        )
    draft = Draft(
        owner_id=typed.owner_id,
        act=typed.act,
        key=typed.key,
        fields=[list(pair) for pair in typed.fields],
        version=1,
        began_at=at,
        saved_at=at,
        left_at=at if typed.has_left else None,
    )
    session.add(draft)
    session.flush()
    return draft


def _require_room(typed: Typed) -> None:
    if not typed.key:
        raise Invalid(N_("This form has no key. Reload the page."))
    if len(json.dumps([list(pair) for pair in typed.fields])) > MOST_CHARACTERS:
        raise Invalid(N_("This is too long to be kept as a draft. Shorten it."))

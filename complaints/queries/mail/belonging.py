"""Which complaint a message may belong to: by our letters, earlier messages and addresses."""

import hashlib
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, or_, select, union_all
from sqlalchemy.orm import Session

from complaints.db import UTCDateTime
from complaints.models import Complaint, Customer, InboundMessage, Notice, OutboxMessage, User

#: So many complaints of one address are looked through for a letter, the newest first.
_MOST_COMPLAINTS = 30
#: So many letters of them.
_MOST_LETTERS = 600
#: So many messages that somebody answers are looked up.
_MOST_ANSWERED = 60


@dataclass(frozen=True, slots=True)
class Taken:
    """A message that was taken in before."""

    id: int
    fingerprint: str
    action: str
    complaint_id: int | None
    from_address: str
    recipients: Sequence[str]


@dataclass(frozen=True, slots=True)
class OwnLetter:
    """A letter of ours to a customer."""

    id: int
    key: str
    state: str
    complaint_id: int
    to_address: str


_TAKEN = (
    InboundMessage.id,
    InboundMessage.fingerprint,
    InboundMessage.action,
    InboundMessage.complaint_id,
    InboundMessage.from_address,
    InboundMessage.recipients,
)
# Put together once: for each message that takes longer than to ask.
_SAME = select(*_TAKEN).where(InboundMessage.fingerprint == bindparam("fingerprint"))
_NAMED = (
    select(InboundMessage.message_mark, *_TAKEN)
    .where(InboundMessage.message_mark.in_(bindparam("marks", expanding=True)))
    .order_by(InboundMessage.id)
    .limit(500)
)
_BEFORE = union_all(
    select(InboundMessage.message_mark, *_TAKEN).where(
        InboundMessage.fingerprint == bindparam("fingerprint")
    ),
    select(_NAMED.subquery()),
)


def mark_of(message_id: str) -> str | None:
    """By what a Message-ID is looked for, however long it is; None for none."""
    name = message_id.strip().strip("<>").strip()
    return hashlib.sha256(name.encode("utf-8", "replace")).hexdigest() if name else None


def find_taken(session: Session, fingerprint: str) -> Taken | None:
    """The message that is the same in all but the way it came; None for a new one."""
    row = session.connection().execute(_SAME, {"fingerprint": fingerprint}).first()
    return _taken(row) if row is not None else None


@dataclass(frozen=True, slots=True)
class Before:
    """What was taken in before a message: the same one, others of its name, those it answers."""

    same: Taken | None
    namesakes: Sequence[Taken]
    answered: Sequence[Taken]


def find_before(
    session: Session, fingerprint: str, message_id: str, answers: Iterable[str]
) -> Before:
    """What a message has to do with those taken in before it; the first name's first."""
    own = mark_of(message_id)
    marks = [mark for each in answers if (mark := mark_of(each))][:_MOST_ANSWERED]
    asked = {"fingerprint": fingerprint, "marks": list({*marks, *([own] if own else [])})}
    rows = session.connection().execute(_BEFORE, asked).all()
    same = next((row for row in rows if row.fingerprint == fingerprint), None)
    named = [row for row in rows if row.fingerprint != fingerprint]
    answered = [row for row in named if row.message_mark in marks]
    answered.sort(key=lambda row: (marks.index(row.message_mark), row.id))
    return Before(
        _taken(same) if same is not None else None,
        [_taken(row) for row in named if row.message_mark == own and own],
        [_taken(row) for row in answered],
    )


def _taken(row: Any) -> Taken:
    return Taken(
        row.id, row.fingerprint, row.action, row.complaint_id, row.from_address, row.recipients
    )


def complaint_with(session: Session, year: int, complaint_id: int) -> int | None:
    """The id of the complaint with this number; None where there is none."""
    query = select(Complaint.id).where(Complaint.id == complaint_id, Complaint.year == year)
    return session.scalar(query)


def knows_address(session: Session, complaint_id: int, address: str) -> bool:
    """Whether somebody with this address has to do with a complaint.

    Its customer's addresses count, and whoever wrote what was taken to it.
    """
    if not address:
        return False
    told = select(Complaint.id).join(Customer, Customer.id == Complaint.customer_id)
    told = told.where(
        Complaint.id == complaint_id,
        or_(
            func.lower(Complaint.contact_email) == address,
            func.lower(Customer.email) == address,
        ),
    )
    wrote = select(InboundMessage.id).where(
        InboundMessage.complaint_id == complaint_id, InboundMessage.from_address == address
    )
    wrote = wrote.where(InboundMessage.kind == "person").limit(1)
    return session.scalar(told) is not None or session.scalar(wrote) is not None


def complaints_of_address(session: Session, addresses: Collection[str]) -> list[int]:
    """The newest complaints whose letters go to one of these addresses."""
    if not addresses:
        return []
    query = select(Complaint.id).where(Complaint.contact_email.in_(list(addresses)[:10]))
    return list(session.scalars(query.order_by(Complaint.id.desc()).limit(_MOST_COMPLAINTS)))


def find_letter(
    session: Session,
    message_ids: Collection[str],
    complaints: Sequence[int],
    name_of: Callable[[str], str],
) -> OwnLetter | None:
    """The letter of these complaints that has one of these names; `name_of` is the name by key.

    Names are signed and kept nowhere, so that they are made again for the letters there are.
    """
    wanted = {f"<{each.strip('<> ')}>" for each in message_ids}
    if not wanted or not complaints:
        return None
    query = (
        select(
            OutboxMessage.id,
            OutboxMessage.key,
            OutboxMessage.state,
            OutboxMessage.complaint_id,
            OutboxMessage.to_address,
        )
        .where(
            OutboxMessage.complaint_id.in_(complaints),
            OutboxMessage.via == "email",
            OutboxMessage.kind != "notice",
        )
        .order_by(OutboxMessage.id.desc())
        .limit(_MOST_LETTERS)
    )
    for row in session.execute(query):
        if name_of(row.key) in wanted:
            return OwnLetter(row.id, row.key, row.state, row.complaint_id or 0, row.to_address)
    return None


_ABOUT_SENDER = select(
    select(func.count())
    .where(
        InboundMessage.from_address == bindparam("address"),
        InboundMessage.taken_at >= bindparam("since", type_=UTCDateTime()),
    )
    .scalar_subquery()
    .label("lately"),
    # Addresses of accounts are kept in small letters.
    select(User.id)
    .where(User.email == bindparam("address"))
    .limit(1)
    .scalar_subquery()
    .label("colleague"),
)


@dataclass(frozen=True, slots=True)
class KnownSender:
    """How many messages of an address came lately, and whether it is a colleague's."""

    lately: int
    is_colleague: bool


def about_sender(session: Session, address: str, since: datetime) -> KnownSender:
    """What is known of who wrote, by their address in small letters."""
    row = session.connection().execute(_ABOUT_SENDER, {"address": address, "since": since}).one()
    return KnownSender(row.lately, row.colleague is not None)


def known_notices(session: Session, keys: Sequence[str]) -> set[str]:
    """Those of the keys under which somebody was notified already."""
    query = select(Notice.key).where(Notice.key.in_(keys))
    return set(session.scalars(query)) if keys else set()

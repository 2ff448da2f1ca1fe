"""The letters to one complaint's customer: what they carry, by which way, and where they stand."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal, cast

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from complaints.domain.evidence import CRITERIA
from complaints.domain.words.enclosed import Enclosed, named_once
from complaints.domain.words.letter_state import MAY_HAVE_LEFT, tells_promise, weightiest
from complaints.models import OutboxMessage
from complaints.queries.mail_outage import IS_MAIL_CLOSED, MailOutage, mail_outage

#: State of the outbox → what it is called to others; paper that waits is queued like all others.
_STATES = {"to_print": "queued", "demo": "sent"}

#: Did not go: given up, come back, or refused for now and waiting for its next try. While no mail
#: leaves at all, it may be any that waits.
DID_NOT_GO = and_(
    OutboxMessage.kind != "notice",
    or_(
        OutboxMessage.state.in_(("failed", "bounced")),
        and_(OutboxMessage.state == "queued", or_(OutboxMessage.attempts > 0, IS_MAIL_CLOSED)),
    ),
)


@dataclass(frozen=True, slots=True)
class CustomerLetter:
    """A letter; `parts` are the criteria whose words it carries, `at` when it left or was made."""

    id: int
    kind: str
    via: Literal["email", "letter"]
    state: Literal["queued", "sent", "failed", "bounced", "printed", "replaced"]
    at: datetime
    parts: tuple[str, ...]
    #: When it is tried again, of one that waits after it was refused.
    next_try_at: datetime | None = None
    #: Since when no mail leaves at all, of one that has waited for it too long.
    held_up_since: datetime | None = None
    #: Nobody knows of a copy that was handed over whether it arrived.
    may_have_left: bool = False
    #: Whether it tells by when something is promised.
    tells_promise: bool = False
    #: The files that go with it, those held back among them.
    files: Sequence[Enclosed] = ()

    @property
    def has_left(self) -> bool:
        """Whether it is with the customer as far as we know."""
        return self.state in ("sent", "printed")


def letters_of(session: Session, complaint_id: int) -> list[CustomerLetter]:
    """The letters to the customer in the order they were written."""
    rows = session.scalars(
        select(OutboxMessage)
        .where(OutboxMessage.complaint_id == complaint_id, OutboxMessage.kind != "notice")
        .order_by(OutboxMessage.id)
    )
    return [_letter(row) for row in rows]


def letters_stuck(session: Session, complaint_id: int) -> list[CustomerLetter]:
    """The letters that did not go, but for those whose words were written again since."""
    outage = mail_outage(session)
    stuck: dict[tuple[str, tuple[str, ...]], CustomerLetter] = {}
    for letter in letters_of(session, complaint_id):
        is_held_up = outage is not None and _is_held_up(letter, outage)
        each = replace(letter, held_up_since=outage.since) if outage and is_held_up else letter
        is_stuck = each.state in ("failed", "bounced") or each.next_try_at or is_held_up
        stuck.pop((each.kind, each.parts), None)
        if is_stuck:
            stuck[each.kind, each.parts] = each
    return list(stuck.values())


def _is_held_up(letter: CustomerLetter, outage: MailOutage) -> bool:
    """Whether it waits for the way out, and tells a promised date or has waited for long."""
    if letter.via != "email" or letter.state != "queued" or letter.next_try_at is not None:
        return False
    is_long = outage.told_until is not None and letter.at <= outage.told_until
    return letter.tells_promise or is_long


def find_letter(session: Session, complaint_id: int, letter_id: int) -> OutboxMessage | None:
    """One letter to the customer with its facts, or None."""
    return session.scalar(
        select(OutboxMessage).where(
            OutboxMessage.id == letter_id,
            OutboxMessage.complaint_id == complaint_id,
            OutboxMessage.kind != "notice",
        )
    )


def newest_letter(session: Session, complaint_id: int) -> int:
    """The id of what was written last about a complaint; 0 where there is nothing."""
    newest = select(func.max(OutboxMessage.id)).where(OutboxMessage.complaint_id == complaint_id)
    return session.scalar(newest) or 0


def letters_written_since(
    session: Session, complaint_id: int, after: int, changed: Collection[str] = ()
) -> list[OutboxMessage]:
    """The letters to the customer behind that id, and those whose words changed, by their keys."""
    query = select(OutboxMessage).where(
        OutboxMessage.complaint_id == complaint_id,
        OutboxMessage.kind != "notice",
        or_(OutboxMessage.id > after, OutboxMessage.key.in_(changed)),
    )
    return list(session.scalars(query.order_by(OutboxMessage.id)))


def receipt_to_print(session: Session, complaint_id: int) -> int | None:
    """The last receipt on paper that nobody has recorded as printed, or None."""
    query = select(func.max(OutboxMessage.id)).where(
        OutboxMessage.complaint_id == complaint_id,
        OutboxMessage.kind == "receipt",
        OutboxMessage.state == "to_print",
    )
    return session.scalar(query)


def _letter(row: OutboxMessage) -> CustomerLetter:
    parts = row.facts.get("parts", ())
    main = weightiest(parts)
    state = _STATES.get(row.state, row.state)
    return CustomerLetter(
        id=row.id,
        kind=CRITERIA[main].noun if main else row.kind,
        via=cast(Any, row.via),
        state=cast(Any, "printed" if row.via == "letter" and state == "sent" else state),
        at=row.sent_at or row.created_at,
        parts=tuple(part["of"] for part in parts),
        next_try_at=row.next_try_at if row.state == "queued" and row.attempts else None,
        may_have_left=MAY_HAVE_LEFT in row.last_error,
        tells_promise=tells_promise(row.facts),
        files=named_once(row.facts),
    )

"""What somebody has to sort: messages that wait, those of no complaint, and one of them whole."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select, text
from sqlalchemy.orm import Session

from complaints.domain.permissions import Actor
from complaints.models import InboundMessage
from complaints.models.inbound import AWAITS_DECISION, IS_UNASSIGNED
from complaints.queries.numbers import contact_number, year_of
from complaints.queries.paging import LARGEST_ID, at_most
from complaints.rulebook import RuleBook


@dataclass(frozen=True, slots=True)
class MailLine:
    """A message in a list."""

    id: int
    from_name: str
    from_address: str
    subject: str
    received_at: datetime
    action: str
    reason: str
    decision: str
    #: Since when what was written is kept no longer.
    emptied_at: datetime | None


@dataclass(frozen=True, slots=True)
class MailList:
    """A page of them; `older` is the cursor of the next one, None at the end."""

    items: Sequence[MailLine]
    older: int | None


@dataclass(frozen=True, slots=True)
class MailView:
    """One message as a page shows it; numbers are None where there is no such complaint."""

    row: InboundMessage
    number: str | None
    proposal: str | None
    #: The number of the contact that somebody made of it.
    contact: str | None = None

    @property
    def waits(self) -> bool:
        """Whether somebody has to decide, or still may."""
        row = self.row
        return not (row.complaint_id or row.contact_id or row.reviewed_at or row.emptied_at)

    def is_of(self, actor: Actor) -> bool:
        """Whether it came to this person's branch."""
        return actor.branch_id in (None, self.row.branch_id)


def list_to_sort(session: Session, actor: Actor, *, limit: int, before: int | None) -> MailList:
    """The messages that wait for a person of this branch, the newest first."""
    return _list(session, _lines().where(text(AWAITS_DECISION)), actor, limit, before)


def list_unassigned(session: Session, actor: Actor, *, limit: int, before: int | None) -> MailList:
    """All messages that belong to no complaint, machines' and those decided on among them."""
    return _list(session, _lines().where(text(IS_UNASSIGNED)), actor, limit, before)


def view_message(session: Session, rules: RuleBook, message: int) -> MailView | None:
    """A message with what belongs to it, whoever may see it; None where there is none."""
    if message > LARGEST_ID:
        return None
    row = session.get(InboundMessage, message)
    if row is None:
        return None
    number, proposal = (
        _number(session, rules, each) for each in (row.complaint_id, row.proposal_id)
    )
    contact = None if row.contact_id is None else contact_number(session, rules, row.contact_id)
    return MailView(row, number, proposal, contact)


def lock_message(session: Session, actor: Actor, message: int) -> InboundMessage | None:
    """A message for whoever decides on it, locked; None for one that they may not see."""
    query = _within(select(InboundMessage).where(InboundMessage.id == message), actor)
    query = query.with_for_update().execution_options(populate_existing=True)
    found: InboundMessage | None = session.scalar(query)
    return found


def _number(session: Session, rules: RuleBook, complaint_id: int | None) -> str | None:
    year = year_of(session, complaint_id) if complaint_id is not None else None
    return rules.numbers.write(year, complaint_id) if year and complaint_id else None


_LINE: tuple[Any, ...] = (
    InboundMessage.id,
    InboundMessage.from_name,
    InboundMessage.from_address,
    InboundMessage.subject,
    InboundMessage.received_at,
    InboundMessage.action,
    InboundMessage.reason,
    InboundMessage.decision,
    InboundMessage.emptied_at,
)


def _lines() -> Select[Any]:
    return select(*_LINE)


def _within(query: Select[Any], actor: Actor) -> Select[Any]:
    """Of the person's branch, or of every branch for head office."""
    if actor.branch_id is None:
        return query
    return query.where(InboundMessage.branch_id == actor.branch_id)


def _list(
    session: Session, query: Select[Any], actor: Actor, limit: int, before: int | None
) -> MailList:
    if before is not None:
        query = query.where(InboundMessage.id < min(before, LARGEST_ID))
    query = _within(query, actor).order_by(InboundMessage.id.desc()).limit(at_most(limit + 1))
    rows = session.execute(query).all()
    items = [MailLine(*row) for row in rows[:limit]]
    return MailList(items, items[-1].id if len(rows) > limit else None)

"""A person's notifications, and the two counts that the frame of every page shows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Integer, bindparam, false, func, select
from sqlalchemy.orm import Session

from complaints.domain.brief import brief
from complaints.domain.lifecycle import OPEN
from complaints.domain.notices.choices import ONLY_TO_READERS
from complaints.domain.permissions import Actor, may_see
from complaints.models import Complaint, Notice, Party
from complaints.queries.bounded import bounded_count
from complaints.queries.kept import Kept
from complaints.queries.lists.decisions import MOST_WAITING
from complaints.queries.paging import at_most
from complaints.queries.scope import is_party
from complaints.rulebook import RuleBook, current_rules


@dataclass(frozen=True, slots=True)
class Counts:
    """Unread notices, and what waits for this person's decision on the board.

    Notices, and each kind of decision, are counted up to MOST_WAITING.
    """

    unread: int = 0
    escalations: int = 0
    to_decide: int = 0

    @property
    def decisions(self) -> int:
        """What waits on the board in all."""
        return self.escalations + self.to_decide


@dataclass(frozen=True, slots=True)
class NoticeRow:
    """One notification; its sentence is made from `kind` and `facts` when it is shown.

    `about` says who and what the complaint is about.
    """

    id: int
    kind: str
    facts: dict[str, Any]
    at: datetime
    read_at: datetime | None
    number: str | None
    branch_id: int | None
    about: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class NoticePage:
    """Newest first; `older` is the cursor of the next page, None at the end."""

    items: Sequence[NoticeRow]
    older: int | None


def list_notices(
    session: Session,
    actor: Actor,
    *,
    limit: int = 50,
    before: int | None = None,
    unread_only: bool = False,
) -> NoticePage:
    """The person's notices, newest first."""
    rules = current_rules(session)
    rows = _NOTICES.rows(
        session, actor, limit + 1, unread_only, before is not None, before=before or 0
    )
    items = [
        _emptied(row) if _is_closed_to(actor, row) else _read(row, rules) for row in rows[:limit]
    ]
    return NoticePage(items, items[-1].id if len(rows) > limit else None)


def _read(row: Any, rules: RuleBook) -> NoticeRow:
    about: Mapping[str, Any] = {}
    if row.complaint_id:
        about = brief(
            rules.organisation.salutations,
            row.contact_name,
            row.contact_salutation,
            rules.taxonomy.categories.get(row.category or ""),
        )
    number = rules.numbers.write(row.year, row.complaint_id) if row.complaint_id else None
    return NoticeRow(row.id, row.kind, row.facts, row.at, row.read_at, number, row.branch_id, about)


def _is_closed_to(actor: Actor, row: Any) -> bool:
    """Whether only readers of the complaint may know of it, and this person is none any more."""
    if row.kind not in ONLY_TO_READERS or row.complaint_id is None:
        return False
    teams = {row.team_id, actor.team_id if row.is_party else None}
    return not may_see(actor, row.branch_id, teams, row.handler_id)


def _emptied(row: Any) -> NoticeRow:
    """A notice that says nothing of its complaint."""
    return NoticeRow(row.id, row.kind, {"unreadable": True}, row.at, row.read_at, None, None, {})


def _notices(actor: Actor, count: int, unread_only: bool, is_later_page: bool) -> Any:
    query = (
        select(
            Notice.id,
            Notice.kind,
            Notice.facts,
            Notice.at,
            Notice.read_at,
            Complaint.id.label("complaint_id"),
            Complaint.year,
            Complaint.branch_id,
            Complaint.team_id,
            Complaint.handler_id,
            (is_party(actor.team_id) if actor.team_id is not None else false()).label("is_party"),
            Complaint.category,
            Complaint.contact_name,
            Complaint.contact_salutation,
        )
        .outerjoin(Complaint, Complaint.id == Notice.complaint_id)
        .where(Notice.user_id == actor.id)
        .order_by(Notice.id.desc())
        .limit(at_most(count))
    )
    if is_later_page:
        query = query.where(Notice.id < bindparam("before", type_=Integer))
    return query.where(Notice.read_at.is_(None)) if unread_only else query


_NOTICES = Kept(_notices)


_OPEN = [each.value for each in OPEN]

#: Of the person bound as `user_id`, for a query that asks more of them; up to MOST_WAITING.
UNREAD = bounded_count(
    select(Notice.id).where(Notice.user_id == bindparam("user_id"), Notice.read_at.is_(None)),
    MOST_WAITING,
)


@dataclass(frozen=True, slots=True)
class WaitingRow:
    """A complaint that was passed to a team and that the team has not answered yet."""

    number: str
    customer: str
    summary: str
    category: str | None
    priority: str
    branch_id: int
    sent_at: datetime


def waiting_for_team(session: Session, team_id: int, *, limit: int = 20) -> Sequence[WaitingRow]:
    """What a team has still to accept or return, the longest waiting first."""
    query = (
        select(
            Complaint.id,
            Complaint.year,
            Complaint.contact_name.label("customer"),
            Complaint.summary,
            func.substr(Complaint.story, 1, 160).label("story"),
            Complaint.category,
            Complaint.priority,
            Complaint.branch_id,
            Party.sent_at,
        )
        .join(Complaint, Complaint.id == Party.complaint_id)
        .where(
            Party.team_id == team_id,
            Party.answer.is_(None),
            Complaint.status.in_(_OPEN),
        )
        .order_by(Party.sent_at, Party.id)
        .limit(limit)
    )
    numbers = current_rules(session).numbers
    return [
        WaitingRow(
            number=numbers.write(row.year, row.id),
            customer=row.customer,
            summary=row.summary or row.story,
            category=row.category,
            priority=row.priority,
            branch_id=row.branch_id,
            sent_at=row.sent_at,
        )
        for row in session.execute(query)
    ]

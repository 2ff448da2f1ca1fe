"""Whose work lies where: what is on a person's desk, and which complaint of it comes next."""

from datetime import datetime

from sqlalchemy.orm import Session

from complaints.domain.permissions import Actor, Permission, Role
from complaints.queries.lists.filters import ListFilters
from complaints.queries.lists.worklist import ListRow, list_complaints
from complaints.rulebook import RuleBook

#: Enough to find one that does not wait for its customer; beyond it the desk itself is looked at.
_LOOKED_AT = 20


def own_work(me: Actor, rules: RuleBook) -> ListFilters | None:
    """What lies on the person's desk: their own complaints, or their team's queue."""
    if not me.has(Permission.HANDLE):
        return None
    team = rules.teams.get(me.team_id) if me.team_id is not None else None
    if me.role is Role.OFFICER and team is not None:
        return ListFilters(status="open", team=team.code)
    return ListFilters(status="open", handler="me")


def next_of_queue(
    session: Session, me: Actor, rules: RuleBook, *, besides: int, now: datetime
) -> ListRow | None:
    """The most urgent complaint of the person's queue that waits for us, apart from one.

    What waits for its customer comes up only once it is late, as on the desk.
    """
    filters = own_work(me, rules)
    if filters is None:
        return None
    page = list_complaints(session, me, filters, now=now, limit=_LOOKED_AT, rules=rules)
    others = [row for row in page.items if row.id != besides]
    return next((row for row in others if not row.waiting_customer or _is_late(row)), None)


def _is_late(row: ListRow) -> bool:
    return row.standing is not None and row.standing.state == "late"

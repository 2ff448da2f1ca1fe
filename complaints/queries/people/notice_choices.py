"""By which way people have chosen to hear of what need not be told at once."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from complaints.domain.notices.choices import GROUP_OF, Group, Way
from complaints.models import NoticeChoice, User
from complaints.rulebook import RuleBook, current_rules

_WAYS = (
    select(NoticeChoice.user_id, NoticeChoice.way, User.branch_id)
    .join(User, User.id == NoticeChoice.user_id)
    .where(
        NoticeChoice.topic == bindparam("topic"),
        NoticeChoice.user_id.in_(bindparam("people", expanding=True)),
    )
)


def chosen_ways(
    session: Session, kind: str, people: Collection[int], at: datetime
) -> Mapping[int, tuple[Way, datetime | None]]:
    """Person → the way they chose for this kind, and when their summary is due, where it is one.

    Who is missing chose nothing, or the kind is sent at once whatever they chose.
    """
    group = GROUP_OF.get(kind)
    if group is None or not people:
        return {}
    found = session.execute(_WAYS, {"topic": group.value, "people": sorted(people)}).all()
    if not found:
        return {}
    rules = current_rules(session)
    return {
        row.user_id: (
            Way(row.way),
            next_morning(rules, row.branch_id, at) if row.way == Way.DIGEST else None,
        )
        for row in found
    }


def choices_of(session: Session, user_id: int) -> Mapping[Group, Way]:
    """What a person has chosen; what they have not is by e-mail at once."""
    query = select(NoticeChoice.topic, NoticeChoice.way).where(NoticeChoice.user_id == user_id)
    return {Group(row.topic): Way(row.way) for row in session.execute(query)}


def next_morning(rules: RuleBook, branch_id: int | None, at: datetime) -> datetime:
    """When the branch opens next on another day than today."""
    branch = rules.branches.get(branch_id or 0) or next(iter(rules.branches.values()))
    calendar = rules.calendar_of(branch.id).value
    tomorrow = at.astimezone(calendar.tz).date() + timedelta(days=1)
    return calendar.next_opening(datetime.combine(tomorrow, datetime.min.time(), calendar.tz))

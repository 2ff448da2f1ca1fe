"""What stands on record and makes a category likely: earlier complaints, promises, the place.

Asked while a complaint is being taken, so each query reads a few rows of an index. Of complaints
outside of the reader's sight only that they are is told, never their number.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, func, or_, select, true, union_all
from sqlalchemy.orm import Session

from complaints.domain.deadlines import OUTCOME_KINDS, DeadlineState, Kind
from complaints.domain.incidents.rules import write_number
from complaints.domain.incidents.spikes import windows_before
from complaints.domain.lifecycle import Status
from complaints.domain.permissions import Actor
from complaints.domain.suggestions import KnownFact
from complaints.domain.suggestions.facts import usual_count
from complaints.domain.taxonomy import Category, Fact
from complaints.models import Complaint, Deadline
from complaints.queries.complaint.same_customer import customer_with
from complaints.queries.incidents.known import incidents_of_group
from complaints.queries.lists.filters import IS_OPEN
from complaints.queries.scope import in_scope, sees_all
from complaints.rulebook import RuleBook

#: So many complaints of one customer are looked at, the newest first.
LOOKED_AT = 50
#: Nobody counts further than this to know that there are many.
MOST_COUNTED = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """What is known of a complaint while it is taken: who, where, when, and by whom it is asked.

    `customer_id` is a record that was chosen; `phone` and `email`, as they are stored, find one
    that was not. `category` is the code chosen so far.
    """

    actor: Actor
    at: datetime
    branch_id: int | None = None
    customer_id: int | None = None
    phone: str | None = None
    email: str | None = None
    category: str | None = None


def read_facts(
    session: Session, rules: RuleBook, ticket: Ticket, bearing: Sequence[Category]
) -> list[tuple[Category, KnownFact]]:
    """What is known for each of these categories, within its group; at most five small queries
    for each group.
    """
    found: list[tuple[Category, KnownFact]] = []
    for group in dict.fromkeys(each.group for each in bearing):
        by_fact = {each.fact: each for each in bearing if each.group == group}
        known: list[KnownFact] = []
        if Fact.AREA in by_fact:
            known += _of_area(session, rules, ticket, group)
        if {Fact.LATE, Fact.REPEAT} & by_fact.keys():
            known += _of_customer(session, rules, ticket, group)
        found += [(by_fact[each.fact], each) for each in known if each.fact in by_fact]
    return found


def _codes(rules: RuleBook, group: str) -> list[str]:
    return [each.id for each in rules.taxonomy.groups[group].categories]


def _of_customer(session: Session, rules: RuleBook, ticket: Ticket, group: str) -> list[KnownFact]:
    whose = customer_with(ticket.customer_id, ticket.phone, ticket.email)
    if whose is None:
        return []
    within = rules.synonyms.facts
    longest = timedelta(days=max(within.repeat_days, within.late_days))
    is_seen = true() if sees_all(ticket.actor) else in_scope(ticket.actor)
    query = (
        select(
            Complaint.id,
            Complaint.year,
            Complaint.category,
            Complaint.status,
            Complaint.closed_at,
            is_seen.label("is_seen"),
        )
        .where(
            Complaint.customer_id.in_(whose),
            Complaint.category.in_(_codes(rules, group)),
            # What only repeats another one, or was none, is no complaint of its own.
            Complaint.duplicate_of_id.is_(None),
            Complaint.contact_id.is_(None),
            or_(IS_OPEN, Complaint.closed_at >= ticket.at - longest),
        )
        .order_by(Complaint.id.desc())
        .limit(LOOKED_AT)
    )
    rows = session.execute(query).all()
    found = _late(session, rules, ticket, rows)
    since = ticket.at - timedelta(days=within.repeat_days)
    closed = [
        row
        for row in rows
        if row.status == Status.CLOSED and row.closed_at and since <= row.closed_at <= ticket.at
    ]
    if closed:
        last = max(closed, key=lambda row: (row.closed_at, row.id))
        found.append(
            KnownFact(
                Fact.REPEAT,
                number=_number(rules, last),
                category=last.category if last.is_seen else None,
                at=last.closed_at,
                count=len(closed),
            )
        )
    return found


def _late(
    session: Session, rules: RuleBook, ticket: Ticket, rows: Sequence[Row[*tuple[Any, ...]]]
) -> list[KnownFact]:
    """What is overdue of these complaints, the longest; else what was kept too late, the last."""
    if not rows:
        return []
    since = ticket.at - timedelta(days=rules.synonyms.facts.late_days)
    known = {row.id: row for row in rows}
    is_overdue = and_(
        Deadline.ended_at.is_(None),
        Deadline.state != DeadlineState.PAUSED.value,
        Deadline.due_at < ticket.at,
        Deadline.kind.in_([*OUTCOME_KINDS, Kind.COMMITMENT]),
    )
    was_missed = and_(
        Deadline.ended_at >= since,
        Deadline.breached_at.is_not(None),
        Deadline.kind.in_(OUTCOME_KINDS),
    )
    query = select(Deadline.complaint_id, Deadline.due_at, Deadline.ended_at).where(
        Deadline.complaint_id.in_(known), or_(is_overdue, was_missed)
    )
    late = session.execute(query).all()
    still = [each for each in late if each.ended_at is None]
    if still:
        first = min(still, key=lambda each: (each.due_at, each.complaint_id))
    elif late:
        first = max(late, key=lambda each: (each.ended_at, each.complaint_id))
    else:
        return []
    row = known[first.complaint_id]
    return [
        KnownFact(
            Fact.LATE,
            number=_number(rules, row),
            category=row.category if row.is_seen else None,
            at=first.due_at,
            until=first.ended_at,
            count=len({each.complaint_id for each in (still or late)}),
        )
    ]


def _of_area(session: Session, rules: RuleBook, ticket: Ticket, group: str) -> list[KnownFact]:
    if ticket.branch_id is None:
        return []
    open_ones = incidents_of_group(session, rules, group=group, branch_id=ticket.branch_id)
    if open_ones:
        newest = open_ones[0]
        number = write_number(newest.year, newest.id)
        return [KnownFact(Fact.AREA, number=number, title=newest.title, count=len(open_ones))]
    within = rules.synonyms.facts
    here: list[ColumnElement[bool]] = [
        Complaint.branch_id == ticket.branch_id,
        Complaint.category.in_(_codes(rules, group)),
    ]
    lately = _count([*here, IS_OPEN], ticket.at - within.area_window, ticket.at)
    count = session.scalar(lately) or 0
    if count < within.area_complaints:
        return []
    windows = windows_before(ticket.at, within.area_window)
    weeks = [_count(here, *window) for window in windows]
    before = list(session.scalars(union_all(*weeks)))
    if not within.is_area(count, before):
        return []
    return [KnownFact(Fact.AREA, count=count, usual=usual_count(before))]


def _count(conditions: Sequence[ColumnElement[bool]], since: datetime, until: datetime) -> Any:
    rows = (
        select(Complaint.id)
        .where(*conditions, Complaint.received_at > since, Complaint.received_at <= until)
        .limit(MOST_COUNTED)
        .subquery()
    )
    return select(func.count()).select_from(rows)


def _number(rules: RuleBook, row: Row[*tuple[Any, ...]]) -> str:
    return rules.numbers.write(row.year, row.id) if row.is_seen else ""

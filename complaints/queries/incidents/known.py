"""What is known already: open incidents at a place, and complaints that may be part of one."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import ColumnElement, or_, select, true
from sqlalchemy.orm import Session

from complaints.domain.permissions import Actor
from complaints.models import Complaint, Incident, IncidentLink
from complaints.queries.lists.filters import IS_OPEN
from complaints.queries.lists.narrowed import first_of_each
from complaints.queries.paging import at_most
from complaints.queries.scope import scope_arms
from complaints.rulebook import RuleBook

#: More open incidents at one place nobody can keep apart.
MOST = 5
#: Complaints that came in so long before an incident was opened may be part of it.
BEFORE = timedelta(days=2)
#: Complaints that are proposed at once.
MOST_SUGGESTED = 50


class Suggested(NamedTuple):
    """A complaint that may be part of an incident: of its kind, at its place, in its days."""

    id: int
    number: str
    customer: str
    category: str | None
    summary: str
    received_at: datetime
    branch_id: int


def known_incidents(
    session: Session, rules: RuleBook, *, category: str | None, branch_id: int | None
) -> Sequence[Incident]:
    """The open incidents that a complaint of this category at this branch may be part of.

    For whoever takes a complaint: "this disruption is known to us". Without a category, all that
    are open at the place. One query, by the index of the open ones.
    """
    return _open_at(session, _of_kind(rules, category), branch_id)


def incidents_of_group(
    session: Session, rules: RuleBook, *, group: str, branch_id: int
) -> Sequence[Incident]:
    """The open incidents at a branch that are about anything of a group of categories."""
    return _open_at(session, Incident.category.in_(["", group, *_codes(rules, group)]), branch_id)


def _open_at(
    session: Session, is_of_kind: ColumnElement[bool], branch_id: int | None
) -> Sequence[Incident]:
    query = (
        select(Incident)
        .where(Incident.closed_at.is_(None), is_of_kind)
        .order_by(Incident.id.desc())
        .limit(at_most(MOST))
    )
    if branch_id is not None:
        query = query.where(or_(Incident.branch_id.is_(None), Incident.branch_id == branch_id))
    return session.scalars(query).all()


def suggested_for(
    session: Session, rules: RuleBook, actor: Actor, incident: Incident
) -> list[Suggested]:
    """Open complaints that may be part of an incident and are part of none, the newest first."""
    linked = (
        select(IncidentLink.id)
        .where(IncidentLink.complaint_id == Complaint.id, IncidentLink.ended_at.is_(None))
        .correlate(Complaint)
        .exists()
    )
    wanted: list[ColumnElement[bool]] = [
        IS_OPEN,
        Complaint.received_at >= incident.opened_at - BEFORE,
        ~linked,
    ]
    codes = _codes(rules, incident.category)
    if codes:
        wanted.append(Complaint.category.in_(codes))
    if incident.branch_id is not None:
        wanted.append(Complaint.branch_id == incident.branch_id)
    newest = Complaint.received_at.desc(), Complaint.id.desc()
    query = (
        select(
            Complaint.id,
            Complaint.year,
            Complaint.contact_name,
            Complaint.category,
            Complaint.summary,
            Complaint.story,
            Complaint.received_at,
            Complaint.branch_id,
        )
        .where(first_of_each(scope_arms(actor), wanted, newest, MOST_SUGGESTED))
        .order_by(*newest)
        .limit(at_most(MOST_SUGGESTED))
    )
    return [
        Suggested(
            row.id,
            rules.numbers.write(row.year, row.id),
            row.contact_name,
            row.category,
            row.summary or row.story[:160],
            row.received_at,
            row.branch_id,
        )
        for row in session.execute(query)
    ]


def _of_kind(rules: RuleBook, category: str | None) -> ColumnElement[bool]:
    """Whether an incident is about this category: itself, its group, or everything."""
    if not category:
        return true()
    known = rules.taxonomy.categories.get(category)
    codes = ["", category, *([known.group] if known else [])]
    return Incident.category.in_(codes)


def _codes(rules: RuleBook, category: str) -> list[str]:
    group = rules.taxonomy.groups.get(category)
    if group is not None:
        return [each.id for each in group.categories]
    return [category] if category else []

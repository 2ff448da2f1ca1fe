"""What a complaint belongs with: the incident it is part of, and complaints linked with it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import BindParameter, Integer, Select, bindparam, case, or_, select
from sqlalchemy.orm import Session

from complaints.domain.incidents.rules import write_number
from complaints.domain.permissions import Actor
from complaints.models import Complaint, ComplaintLink
from complaints.queries.incidents.single import incident_of_complaint
from complaints.queries.kept import Kept
from complaints.queries.paging import at_most
from complaints.queries.scope import in_scope
from complaints.rulebook import RuleBook

#: More links than these no page shows.
MOST = 20


class LinkedComplaint(NamedTuple):
    """Another complaint: its number, how it is linked and why; `is_seen` where one may open it."""

    number: str
    kind: str
    reason: str
    is_seen: bool


@dataclass(frozen=True, slots=True)
class LinkedTo:
    """The incident by number and title, and the other complaints."""

    incident: str = ""
    title: str = ""
    others: Sequence[LinkedComplaint] = ()


def linked_to(session: Session, rules: RuleBook, actor: Actor, complaint_id: int) -> LinkedTo:
    """What this complaint belongs with; two queries."""
    incident = incident_of_complaint(session, complaint_id)
    others = [
        LinkedComplaint(
            rules.numbers.write(row.year, row.id), row.kind, row.reason, bool(row.is_seen)
        )
        for row in _OTHERS.rows(session, actor, complaint_id=complaint_id)
    ]
    if incident is None:
        return LinkedTo(others=others)
    return LinkedTo(write_number(incident.year, incident.id), incident.title, others)


def _others(actor: Actor) -> Select[*tuple[Any, ...]]:
    of_this: BindParameter[int] = bindparam("complaint_id", type_=Integer)
    other_id = case(
        (ComplaintLink.complaint_id == of_this, ComplaintLink.other_id),
        else_=ComplaintLink.complaint_id,
    )
    return (
        select(
            Complaint.id,
            Complaint.year,
            ComplaintLink.kind,
            ComplaintLink.reason,
            in_scope(actor).label("is_seen"),
        )
        .join(ComplaintLink, Complaint.id == other_id)
        .where(or_(ComplaintLink.complaint_id == of_this, ComplaintLink.other_id == of_this))
        .order_by(ComplaintLink.id)
        .limit(at_most(MOST))
    )


_OTHERS = Kept(_others)

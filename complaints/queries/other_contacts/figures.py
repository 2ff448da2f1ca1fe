"""How many contacts of each kind came in a period, and what became of them; complaints apart."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Integer, case, cast, func, select
from sqlalchemy.orm import Session

from complaints.domain.other_contacts.acts import ContactState
from complaints.domain.permissions import Actor
from complaints.models import Complaint, OtherContact
from complaints.queries.other_contacts.scope import contacts_in_scope
from complaints.queries.reports.period import Period
from complaints.queries.scope import in_scope


@dataclass(frozen=True, slots=True)
class KindCount:
    """The contacts of a kind; `renamed` of them had been recorded as complaints first."""

    received: int = 0
    open: int = 0
    ended: int = 0
    complaint: int = 0
    renamed: int = 0


@dataclass(frozen=True, slots=True)
class ContactFigures:
    """The counts by kind, and how many complaints came in the same period and scope."""

    kinds: Mapping[str, KindCount]
    complaints: int

    @property
    def total(self) -> KindCount:
        """All kinds together."""
        each = self.kinds.values()
        return KindCount(
            received=sum(kind.received for kind in each),
            open=sum(kind.open for kind in each),
            ended=sum(kind.ended for kind in each),
            complaint=sum(kind.complaint for kind in each),
            renamed=sum(kind.renamed for kind in each),
        )


def contact_figures(session: Session, actor: Actor, period: Period) -> ContactFigures:
    """Count by kind; two queries. What was made a complaint is counted there as well."""
    states = {
        state: func.sum(case((OtherContact.state == state.value, 1), else_=0))
        for state in ContactState
    }
    query = (
        select(
            OtherContact.kind,
            func.count().label("received"),
            *(cast(count, Integer).label(state.value) for state, count in states.items()),
            func.count(OtherContact.came_from_id).label("renamed"),
        )
        .where(
            period.holds(OtherContact.received_at, OtherContact.branch_id), contacts_in_scope(actor)
        )
        .group_by(OtherContact.kind)
    )
    kinds = {
        row.kind: KindCount(row.received, row.open, row.ended, row.complaint, row.renamed)
        for row in session.execute(query)
    }
    complaints = select(func.count()).where(
        period.holds(Complaint.received_at), in_scope(actor), Complaint.contact_id.is_(None)
    )
    return ContactFigures(kinds, session.scalar(complaints) or 0)

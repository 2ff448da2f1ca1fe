"""First contact resolution: how many complaints were taken, handled and closed in one conversation.

The closing step marks them (`steps/close.py`); what was reopened since was not resolved by it.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, select
from sqlalchemy.orm import Session

from complaints.domain.permissions import Actor
from complaints.models import Complaint
from complaints.queries.reports.period import Period
from complaints.queries.scope import in_scope
from complaints.rulebook import RuleBook


@dataclass(frozen=True, slots=True)
class FirstContact:
    """How many were resolved at the first contact, of how many where that was possible."""

    resolved: int = 0
    possible: int = 0

    @property
    def share(self) -> float | None:
        """The share resolved of those possible; None when none was."""
        return self.resolved / self.possible if self.possible else None

    def as_json(self) -> dict[str, Any]:
        """The figures as plain values; the share has four digits."""
        share = None if self.share is None else round(self.share, 4)
        return {"resolved": self.resolved, "possible": self.possible, "share": share}


def read_first_contact(
    session: Session, actor: Actor, period: Period, rules: RuleBook
) -> FirstContact:
    """Count those received in the period; one query."""
    query = select(
        func.count().label("possible"),
        func.sum(case((was_first_contact(), 1), else_=0)).label("resolved"),
    ).where(period.holds(Complaint.received_at), could_be(rules), in_scope(actor))
    row = session.execute(query).one()
    return FirstContact(int(row.resolved or 0), row.possible)


def could_be(rules: RuleBook) -> ColumnElement[bool]:
    """Whether the complaint came in a conversation that one of us held."""
    oral = [code for code, channel in rules.taxonomy.channels.items() if channel.oral]
    return and_(Complaint.channel.in_(oral), is_ours())


def is_ours() -> ColumnElement[bool]:
    """Whether one of us took the complaint."""
    return Complaint.external_id.is_(None) & Complaint.received_by_id.is_not(None)


def was_first_contact() -> ColumnElement[bool]:
    """Whether the first conversation resolved the complaint for good."""
    return and_(Complaint.is_first_contact, Complaint.cycle == 1)

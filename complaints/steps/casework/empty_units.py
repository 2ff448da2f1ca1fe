"""A unit that nobody is left in: whoever stands above hears of each complaint that waits for it."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from complaints.domain.lifecycle import OPEN
from complaints.domain.permissions import SYSTEM
from complaints.models import Complaint, Party
from complaints.people.reaching import team_people
from complaints.people.staff import Staff
from complaints.rulebook import RuleBook
from complaints.steps.case import WITH_CUSTOMER, Case
from complaints.steps.notify import tell_team


def tell_of_empty_unit(
    session: Session, rules: RuleBook, team_id: int | None, *, at: datetime
) -> None:
    """Where the last one has left a unit, tell of the complaints that it has not answered."""
    session.flush()
    if team_id is None or team_people(Staff.read(session, at), team_id):
        return
    asked = select(Party.complaint_id).where(Party.team_id == team_id, Party.answer.is_(None))
    query = WITH_CUSTOMER.where(
        Complaint.id.in_(asked), Complaint.status.in_([each.value for each in OPEN])
    )
    code = rules.teams[team_id].code
    for complaint in session.scalars(query.order_by(Complaint.id)).all():
        case = Case(session, rules, complaint, SYSTEM, max(at, complaint.received_at))
        tell_team(case, team_id, "party_asked", facts={"teams": [code], "team": code})

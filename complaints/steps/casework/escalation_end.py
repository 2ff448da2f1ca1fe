"""A complaint that ends while it is escalated: whoever was called hears that it ended, and how."""

from sqlalchemy import or_, select

from complaints.models import Escalation
from complaints.steps.case import Case
from complaints.steps.notify import tell_people


def tell_called(case: Case, notice: str, **facts: str) -> None:
    """Tell each person once before whom the complaint lies, or who is seeing to it.

    It leaves their board with its end, and should not do so in silence.
    """
    query = (
        select(Escalation.to_id, Escalation.acknowledged_by_id)
        .where(
            Escalation.complaint_id == case.complaint.id,
            or_(Escalation.acknowledged_at.is_(None), Escalation.ack_expires_at > case.at),
        )
        .order_by(Escalation.id)
    )
    called = [each for row in case.session.execute(query) for each in row]
    tell_people(case, called, notice, facts=facts)

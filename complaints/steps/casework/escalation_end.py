"""What was escalated and is no more: whoever was called hears that it ended, and how."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import func, or_, select

from complaints.models import Escalation, Notice
from complaints.steps.case import Case
from complaints.steps.notify import tell_people

#: The notices by which somebody hears that a deadline was missed, or what came of it.
_OF_MISSES = ("breach", "escalation", "reminder")


def tell_corrected(case: Case, deadline_ids: Collection[int], since: datetime, reason: str) -> None:
    """Tell whoever heard since then of a miss that it does not hold, each person once.

    The level falls back to what was called for otherwise. An escalation stays on the board until
    somebody acknowledges it; its card says why its deadline applies no more.
    """
    session, complaint = case.session, case.complaint
    others = select(func.max(Escalation.level)).where(
        Escalation.complaint_id == complaint.id,
        or_(Escalation.deadline_id.is_(None), Escalation.deadline_id.not_in(deadline_ids)),
    )
    complaint.escalation_level = min(complaint.escalation_level, session.scalar(others) or 0)
    called = select(Escalation.to_id, Escalation.acknowledged_by_id).where(
        Escalation.deadline_id.in_(deadline_ids)
    )
    heard = select(Notice.user_id).where(
        Notice.complaint_id == complaint.id, Notice.at >= since, Notice.kind.in_(_OF_MISSES)
    )
    people = {each for query in (called, heard) for row in session.execute(query) for each in row}
    tell_people(case, sorted(people - {None}), "miss_corrected", facts={"reason": reason})


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

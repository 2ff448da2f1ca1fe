"""Escalate by hand with a reason, and acknowledge an escalation."""

from sqlalchemy import select

from complaints.domain.errors import N_, Forbidden, Invalid, Refused
from complaints.domain.lifecycle import Action
from complaints.domain.permissions import Role
from complaints.models import Escalation
from complaints.steps.advance import advance
from complaints.steps.case import Case
from complaints.steps.notify import superior_of, tell_people


def escalate_by_hand(case: Case, *, reason: str) -> None:
    """Put the complaint before the next superior up the line, at once."""
    if len(reason.strip()) < 3:
        raise Invalid(N_("Say why the complaint is escalated."), field="reason")
    complaint = case.complaint
    to_id = superior_of(case.session, case.by.id, complaint.branch_id)
    if to_id is None:
        raise Refused(N_("Nobody stands above you in the line; there is no one to escalate to."))
    level = complaint.escalation_level + 1
    advance(case, Action.ESCALATE, detail={"reason": reason.strip(), "to": to_id, "level": level})
    complaint.escalation_level = level
    case.session.add(
        Escalation(
            key=f"hand:{complaint.id}:{complaint.history_seq}",
            complaint_id=complaint.id,
            level=level,
            reason=reason.strip(),
            raised_at=case.at,
            raised_by_id=case.by.id,
            to_id=to_id,
        )
    )
    tell_people(case, [to_id], "escalation", facts={"reason": reason.strip(), "level": level})


def acknowledge_escalation(case: Case) -> None:
    """Take note of the open escalations addressed to this person; managers may for others."""
    query = select(Escalation).where(
        Escalation.complaint_id == case.complaint.id, Escalation.acknowledged_at.is_(None)
    )
    waiting = list(case.session.scalars(query))
    if not waiting:
        raise Refused(N_("No escalation waits here."))
    mine = [each for each in waiting if each.to_id == case.by.id]
    if not mine and case.by.role is not Role.MANAGER:
        raise Forbidden(N_("This escalation is addressed to somebody else."))
    taken = mine or waiting
    for each in taken:
        each.acknowledged_at = case.at
        each.acknowledged_by_id = case.by.id
    advance(case, Action.ACKNOWLEDGE, detail={"escalations": [each.id for each in taken]})

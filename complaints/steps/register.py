"""Register the complaint: the record is complete and the customer gets a receipt (020-1.6)."""

from typing import Any

from sqlalchemy import func, select

from complaints.domain.deadlines import Event
from complaints.domain.lifecycle import Action, Status
from complaints.domain.short_reason import UNABLE_SENTENCE, require_reason
from complaints.models import PlannedStep
from complaints.steps.advance import Proven, advance, mandatory_gaps
from complaints.steps.case import Case
from complaints.steps.notify import letter_to_customer


def register_complaint(case: Case, *, method: str = "print", unable: str | None = None) -> None:
    """Open the registration gate and issue the receipt.

    With `unable` the fields that cannot be had are marked as such with the reason; without it a
    lacking field refuses the registration.
    """
    complaint = case.complaint
    if complaint.status == Status.RECEIVED and unable is not None:
        require_reason(unable, UNABLE_SENTENCE, field="unable.reason")
        gaps = dict.fromkeys(mandatory_gaps(case), unable.strip())
        complaint.record_gaps = {**complaint.record_gaps, **gaps}
    proven = Proven("020-1.6", method=method, unable=unable)
    advance(case, Action.REGISTER, proven=[proven], events=(Event.REGISTERED,))
    letter_to_customer(case, "receipt", facts=_receipt_facts(case))


def _receipt_facts(case: Case) -> dict[str, Any]:
    """What the receipt states: when, what was confirmed, the promised steps and the deadline."""
    complaint = case.complaint
    last = (
        select(func.max(PlannedStep.revision))
        .where(PlannedStep.complaint_id == complaint.id, PlannedStep.purpose == "promised")
        .scalar_subquery()
    )
    query = (
        select(PlannedStep)
        .where(
            PlannedStep.complaint_id == complaint.id,
            PlannedStep.purpose == "promised",
            PlannedStep.revision == last,
        )
        .order_by(PlannedStep.position)
    )
    first = complaint.first_told_at
    return {
        "first_told_at": first.isoformat() if first else None,
        "received_at": complaint.received_at.isoformat(),
        "promised_at": complaint.promised_at.isoformat() if complaint.promised_at else None,
        "summary": complaint.summary or complaint.story,
        "steps": [
            {
                "what": step.what,
                "owner": step.owner,
                "due_at": step.due_at.isoformat() if step.due_at else None,
            }
            for step in case.session.scalars(query)
        ],
    }

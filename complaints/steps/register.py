"""Register the complaint: the record is complete and the customer gets a receipt (020-1.6)."""

from datetime import datetime
from typing import Any

from complaints.domain.commitments.rules import CommitmentKind
from complaints.domain.deadlines import Event
from complaints.domain.lifecycle import Action, Status
from complaints.domain.words.exits import Unable
from complaints.queries.complaint.proofs import judged_by
from complaints.steps.advance import Proven, advance, mandatory_gaps
from complaints.steps.case import Case
from complaints.steps.commitments.bring import NOT_AT_HAND, promise_documents
from complaints.steps.commitments.undertake import Undertaking, commitments_of, said_of
from complaints.steps.notify import letter_to_customer


def register_complaint(
    case: Case,
    *,
    method: str = "print",
    bring_by: datetime | None = None,
    unable: Unable | None = None,
) -> None:
    """Open the registration gate and issue the receipt.

    With `unable` the fields that cannot be had are marked as such with the reason; without it a
    lacking field refuses the registration. What the customer does not have at hand they promise to
    bring, by `bring_by` or in the usual time.
    """
    complaint = case.complaint
    promised: list[Undertaking] = []
    if complaint.status == Status.RECEIVED and unable is not None:
        gaps = dict.fromkeys(mandatory_gaps(case), unable.reason.strip())
        complaint.record_gaps = {**complaint.record_gaps, **gaps}
        # The list knows no other reason unless the organisation adds one.
        if unable.code in ("", NOT_AT_HAND):
            promised = promise_documents(case, gaps, bring_by)
    proven = Proven("020-1.6", method=method, unable=unable, detail=judged_by(complaint))
    advance(case, Action.REGISTER, proven=[proven], events=(Event.REGISTERED,))
    for each in promised:
        each.store()
    letter_to_customer(case, "receipt", facts=_receipt_facts(case), or_paper=True)


def _receipt_facts(case: Case) -> dict[str, Any]:
    """What the receipt states: when, what was confirmed, the promised steps and the deadline."""
    complaint = case.complaint
    told = [
        each
        for each in commitments_of(case)
        if each.kind == CommitmentKind.STEP and each.dropped_at is None
    ]
    told.sort(key=lambda each: each.position)
    first = complaint.first_told_at
    return {
        "first_told_at": first.isoformat() if first else None,
        "received_at": complaint.received_at.isoformat(),
        "promised_at": complaint.promised_at.isoformat() if complaint.promised_at else None,
        "summary": complaint.summary or complaint.story,
        "steps": said_of(told),
    }

"""Review what is known of this customer that changes the handling (020-2.3)."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import func, select

from complaints.domain.errors import N_, Invalid
from complaints.domain.lifecycle import OPEN, Action
from complaints.domain.words.exits import Unable
from complaints.models import Complaint
from complaints.steps.advance import Proven, advance
from complaints.steps.case import Case


def note_condition(
    case: Case, *, relevant: Sequence[str] = (), none: bool = False, unable: Unable | None = None
) -> None:
    """Keep a snapshot of the customer's condition and which items matter, or that none does."""
    chosen = [item.strip() for item in relevant if item.strip()]
    if unable is None and not chosen and not none:
        raise Invalid(
            N_("Choose what matters for the handling, or say that nothing does."), field="relevant"
        )
    snapshot = take_snapshot(case)
    advance(
        case,
        Action.NOTE_CONDITION,
        proven=[
            Proven(
                "020-2.3",
                words=", ".join(chosen),
                unable=unable,
                detail={"relevant": chosen, "snapshot": snapshot},
            )
        ],
        detail={"relevant": chosen},
    )


def take_snapshot(case: Case) -> dict[str, Any]:
    """What the organisation knows of the customer at this moment."""
    customer = case.complaint.customer
    mine = (Complaint.customer_id == customer.id, Complaint.id != case.complaint.id)

    def count(*conditions: Any) -> int:
        return case.session.scalar(select(func.count()).where(*mine, *conditions)) or 0

    since = {days: case.at - timedelta(days=days) for days in (30, 90)}
    return {
        "tier": customer.tier,
        "needs": list(customer.needs),
        "language": customer.language,
        "open_complaints": count(Complaint.status.in_([each.value for each in OPEN])),
        "complaints_30_days": count(Complaint.received_at >= since[30]),
        "complaints_90_days": count(Complaint.received_at >= since[90]),
    }

"""Review what is known of this customer that changes the handling (020-2.3)."""

from collections.abc import Sequence

from complaints.domain.errors import N_, Invalid
from complaints.domain.lifecycle import Action
from complaints.queries.complaint.condition import read_condition
from complaints.steps.advance import Proven, advance
from complaints.steps.case import Case


def note_condition(case: Case, *, relevant: Sequence[str] = (), none: bool = False) -> None:
    """Keep a snapshot of the customer's condition and which items matter, or that none does."""
    chosen = [item.strip() for item in relevant if item.strip()]
    if not chosen and not none:
        raise Invalid(
            N_("Choose what matters for the handling, or say that nothing does."), field="relevant"
        )
    snapshot = read_condition(case.session, case.complaint, case.at).snapshot()
    advance(
        case,
        Action.NOTE_CONDITION,
        proven=[
            Proven(
                "020-2.3",
                words=", ".join(chosen),
                detail={"relevant": chosen, "snapshot": snapshot},
            )
        ],
        detail={"relevant": chosen},
    )

"""What the customer will bring: promised at the receipt, there once the record says so."""

from collections.abc import Collection
from datetime import datetime

from complaints.domain.commitments.rules import (
    CUSTOMER,
    CommitmentKind,
    OwnerKind,
    is_unsettled,
    same_work,
)
from complaints.models import Commitment
from complaints.steps.case import Case
from complaints.steps.commitments.undertake import (
    StepGiven,
    Undertaking,
    commitments_of,
    due_in,
    undertake_one,
)

#: The reason of `exits.toml` by which what is missing is on its way.
NOT_AT_HAND = "document_not_at_hand"


def promise_documents(
    case: Case, gaps: Collection[str], bring_by: datetime | None
) -> list[Undertaking]:
    """A dated commitment of the customer for each field that is not at hand.

    No clock of ours runs for it; it lies on the handler's desk once it is overdue.
    """
    due_at = bring_by or due_in(case, case.rules.commitments.document)
    return [
        undertake_one(
            case,
            CommitmentKind.DOCUMENT,
            StepGiven(_called(case, gap), CUSTOMER, due_at),
            None,
            field="bring_by",
        )
        for gap in gaps
    ]


def note_brought(case: Case, fields: Collection[str] | None = None) -> list[Commitment]:
    """Mark what the customer was to bring as there: all of it, or these fields of the record."""
    names = None if fields is None else [_called(case, field) for field in fields]
    brought = [
        each
        for each in commitments_of(case)
        if each.kind == CommitmentKind.DOCUMENT
        and each.owner_kind == OwnerKind.CUSTOMER
        and is_unsettled(each)
        and (names is None or any(same_work(each.what, name) for name in names))
    ]
    for each in brought:
        each.done_at, each.done_by_id = case.at, case.by.id
    return brought


def _called(case: Case, field: str) -> str:
    return case.rules.record.label(field, case.complaint.customer.language)

"""Attest that the customer was heard out (020-1.1)."""

from complaints.domain.errors import N_, Invalid
from complaints.domain.lifecycle import Action
from complaints.domain.words.exits import Unable
from complaints.steps.advance import Proven, advance
from complaints.steps.case import Case


def attest_listening(
    case: Case, *, listened: bool, method: str = "spoken", unable: Unable | None = None
) -> None:
    """Record the CSR's word that the customer finished the story without interruption."""
    if not listened and unable is None:
        raise Invalid(
            N_("Confirm that the customer finished the story, or say why that was not possible."),
            field="listened",
        )
    advance(case, Action.ATTEST, proven=[Proven("020-1.1", method=method, unable=unable)])

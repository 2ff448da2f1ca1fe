"""Confirm the complaint back to the customer (020-1.2)."""

from complaints.domain.errors import N_, Invalid
from complaints.domain.lifecycle import Action
from complaints.steps.advance import Proven, advance
from complaints.steps.case import Case
from complaints.steps.casework.pause import no_longer_waiting


def confirm_back(
    case: Case,
    *,
    summary: str = "",
    answer: str = "yes",
    corrections: str = "",
    method: str = "spoken",
    unable: str | None = None,
) -> None:
    """Record the restatement read back and what the customer said to it.

    `answer` is ``yes`` or ``corrected``; the corrections are kept beside the words confirmed.
    """
    complaint = case.complaint
    if unable is not None:
        advance(case, Action.CONFIRM, proven=[Proven("020-1.2", method=method, unable=unable)])
        return
    if not summary.strip():
        raise Invalid(N_("Write the summary you read back to the customer."), field="summary")
    if answer not in ("yes", "corrected"):
        raise Invalid(N_("Say whether the customer agreed or corrected you."), field="answer")
    if answer == "corrected" and not corrections.strip():
        raise Invalid(N_("Write down what the customer corrected."), field="corrections")
    complaint.summary = summary.strip()
    detail = {"answer": answer, "corrections": corrections.strip()}
    proven = Proven("020-1.2", words=summary.strip(), method=method, detail=detail)
    advance(case, Action.CONFIRM, proven=[proven], detail=detail, keep=no_longer_waiting(case))

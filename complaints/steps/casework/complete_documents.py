"""Record when the customer's documents were complete; the clocks that waited start then."""

from typing import Any

from complaints.clocks.changes import Clocks
from complaints.domain.errors import N_, Refused
from complaints.domain.lifecycle import Action
from complaints.steps.advance import advance
from complaints.steps.case import Case
from complaints.steps.casework.pause import no_longer_waiting
from complaints.steps.commitments.bring import note_brought
from complaints.steps.commitments.undertake import said_of


def complete_documents(case: Case, *, note: str = "") -> None:
    """Record that since `case.at` no document is awaited any more; `note` says which there are.

    The clocks that start with it begin at that moment, not when it is written down. A customer who
    has brought what was missing is not waited for any longer, so a pause ends, and what they
    promised to bring is there.
    """
    complaint = case.complaint
    if complaint.documents_complete_at is not None:
        raise Refused(N_("The documents are already recorded as complete."))
    complaint.documents_complete_at = case.at
    detail: dict[str, Any] = {"note": note.strip()}
    if brought := note_brought(case):
        detail["done"] = said_of(brought)
    resume = no_longer_waiting(case)

    def keep(clocks: Clocks) -> None:
        if resume is not None:
            resume(clocks)
        clocks.start_waiting(case.at)

    advance(case, Action.COMPLETE_DOCUMENTS, detail=detail, keep=keep)

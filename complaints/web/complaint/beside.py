"""What lies in the menu beside the next step of a complaint."""

from datetime import datetime

from complaints.actions.act import Face
from complaints.actions.registry import face_of
from complaints.domain.lifecycle import Status
from complaints.queries.complaint.dossier import Dossier
from complaints.steps.case import Case
from complaints.web.complaint.forms.known_words import missed_at
from complaints.web.complaint.journey import may_do

#: Acts that lie in the menu beside the next step, in order.
BESIDE = (
    "message",
    "note",
    "letters/printing",
    "letters/return",
    "commitments",
    "offer/reminder",
    "attempt",
    "documents",
    "parties",
    "assignment",
    "pause",
    "resumption",
    "extension",
    "priority",
    "record",
    "customer",
    "customer/merge",
    "new-link",
    "withdrawal",
    "merge",
    "link",
    "split",
    "not-a-complaint",
    "reopening",
)


def acts_beside(
    case: Case, dossier: Dossier, now: datetime, *, is_awaiting: bool
) -> list[tuple[str, Face]]:
    """The acts that lie in the menu beside the next step, for this person at this stage."""
    complaint = case.complaint
    hidden = {"pause" if complaint.waiting_customer else "resumption"}
    if complaint.status == Status.RECEIVED or missed_at(dossier, now):
        hidden.add("extension")
    if not is_awaiting:
        hidden.add("documents")
    letters = dossier.letters.values()
    if not any(each.state == "to_print" for each in letters):
        hidden.add("letters/printing")
    if not any(each.state == "sent" for each in letters):
        hidden.add("letters/return")
    return [
        (noun, face_of(noun))
        for noun in BESIDE
        if noun not in hidden and may_do(case.by, noun, complaint.status)
    ]

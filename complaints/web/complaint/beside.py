"""What lies in the menu beside the next step of a complaint."""

from datetime import datetime

from complaints.actions.act import Face
from complaints.actions.registry import face_of
from complaints.domain.lifecycle import Status
from complaints.domain.permissions import Actor, Permission, Role, may_observe
from complaints.queries.complaint.dossier import Dossier
from complaints.queries.people.lines import line_above
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


def may_observe_handler(case: Case, dossier: Dossier) -> bool:
    """Whether this person may observe how the handler serves customers.

    The line above the handler is asked only where neither rank nor the nearest superior decides.
    """
    handler_id, leader = case.complaint.handler_id, case.by
    if handler_id is None or not dossier.handler_role or not leader.has(Permission.OBSERVE):
        return False
    handler = Actor(
        handler_id, dossier.handler or "", Role(dossier.handler_role), dossier.handler_branch_id
    )
    nearest = dossier.handler_supervisor_id
    above = () if nearest is None else (nearest,)
    if may_observe(leader, handler, above):
        return True
    return nearest is not None and may_observe(
        leader, handler, line_above(case.session, handler_id)
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

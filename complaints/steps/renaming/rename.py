"""What was recorded as a complaint and is none: it ends here and goes on as a contact.

Only before it is registered, for a reason of its own, counted under its maker's name; whoever
stands above them hears of it. What it had missed by then stays missed.
"""

from complaints.domain.commitments.rules import DropCause
from complaints.domain.errors import N_, Refused
from complaints.domain.lifecycle import PERMISSION_FOR, Action
from complaints.domain.permissions import Permission, require
from complaints.domain.short_reason import require_reason
from complaints.domain.words.exits import ExitKind
from complaints.queries.complaint.duplicates import read_duplicates
from complaints.steps.advance import advance
from complaints.steps.case import Case, count_from_now
from complaints.steps.casework.escalation_end import tell_called
from complaints.steps.casework.extend import drop_request
from complaints.steps.casework.pause import note_end_of_pause
from complaints.steps.casework.promise_state import keep_exception, promise_state
from complaints.steps.commitments.settle import give_up_all
from complaints.steps.linking.another import contact_of
from complaints.steps.notify import letter_to_customer, superior_of, tell_people
from complaints.steps.other_contacts.record import ContactCase, kind_of
from complaints.steps.other_contacts.take import ContactGiven, take_contact


def rename_complaint(case: Case, *, kind: str, reason: str) -> ContactCase:
    """End the complaint because it is none, and record its words as a contact of that kind.

    It takes effect when it is recorded and keeps what the promise stood at. The customer hears
    under which number it goes on, and that they may say that it is a complaint.
    """
    require(case.by, PERMISSION_FOR[Action.RENAME])
    count_from_now(case)
    complaint, chosen = case.complaint, kind_of(case.rules, kind.strip())
    reason = require_reason(reason, N_("Enter why this is no complaint."))
    _require_alone(case)
    state = promise_state(case)
    advance(
        case,
        Action.RENAME,
        detail={"kind": chosen.id, "reason": reason, "promise": state},
        keep=lambda clocks: give_up_all(case, clocks, DropCause.RENAMED),
    )
    contact_case = take_contact(
        case.session, case.rules, _given(case, chosen.id, reason), by=case.by, at=case.at
    )
    keep_exception(case, ExitKind.RENAMED, reason, state, code=chosen.id)
    complaint.contact_id = contact_case.contact.id
    outcomes = case.rules.taxonomy.outcomes.values()
    complaint.outcome = next((each.id for each in outcomes if each.renames), None)
    complaint.waiting_customer = False
    complaint.awaiting_confirmation = False
    note_end_of_pause(case)
    drop_request(case)
    facts = {"contact": contact_case.number, "ending": chosen.ending.value}
    letter_to_customer(case, "renamed", facts=facts, or_paper=True)
    tell_called(case, "escalated_renamed", contact=contact_case.number)
    above = superior_of(case, case.by.id, Permission.COUNTERSIGN)
    told = {"contact": contact_case.number, "reason": reason}
    tell_people(case, [above], "complaint_renamed", facts=told)
    return contact_case


def _require_alone(case: Case) -> None:
    """Refuse where a complaint goes on as this one: it would end with it, also a registered one."""
    following = read_duplicates(case.session, case.rules, case.complaint).repeated_by
    if following:
        raise Refused(
            N_("%(number)s goes on as this complaint. Reopen it first, so that it is not lost."),
            number=", ".join(following[:3]),
        )


def _given(case: Case, kind: str, reason: str) -> ContactGiven:
    complaint = case.complaint
    return ContactGiven(
        kind=kind,
        channel=complaint.channel,
        words=complaint.story,
        branch=case.rules.branches[complaint.branch_id].code,
        received_at=complaint.received_at,
        customer=contact_of(
            complaint, language=complaint.customer.language, known_id=complaint.customer_id
        ),
        source=complaint.source,
        came_from_id=complaint.id,
        reason=reason,
    )

"""Sign what someone else could not do on a complaint, or return it to be done."""

from complaints.domain.errors import N_, Forbidden, Invalid, Refused
from complaints.domain.lifecycle import Action
from complaints.domain.permissions import Permission, require
from complaints.domain.short_reason import require_reason
from complaints.domain.words.exits import ExitState
from complaints.models import Exit, StepRecord
from complaints.people.signers import handler_of, parties_to
from complaints.queries.complaint.exits import exits_waiting
from complaints.queries.complaint.proofs import RETURNED
from complaints.steps.advance import advance
from complaints.steps.case import Case
from complaints.steps.notify import tell_people


def countersign(case: Case, *, answer: str, reason: str = "") -> None:
    """Sign the exits that wait, or return them with a reason; ``signed`` or ``refused``.

    Another person than those who made them and than the handler, of now and of then. What is
    returned stands no longer: its criteria are missing again.
    """
    require(case.by, Permission.COUNTERSIGN)
    waiting = _waiting(case)
    if answer not in ("signed", "refused"):
        raise Invalid(N_("Sign the steps or return them."), field="answer")
    is_signed = answer == "signed"
    if not is_signed:
        reason = require_reason(reason, N_("Enter why the steps are returned."))
    advance(
        case,
        Action.COUNTERSIGN if is_signed else Action.RETURN_EXITS,
        detail={
            "exits": [each.id for each in waiting],
            "criteria": [each.criterion for each in waiting],
            "reason": reason.strip(),
        },
    )
    for each in waiting:
        each.state = (ExitState.SIGNED if is_signed else ExitState.RETURNED).value
        each.answered_at = case.recorded_at or case.at
        each.answered_by_id = case.by.id
        each.answered_by_name = case.by.name
        each.answer_reason = reason.strip()
        if not is_signed:
            case.session.add(_returned(case, each, reason.strip()))
    case.complaint.signature_asked_at = None
    told = {*(each.by_id for each in waiting), handler_of(case.complaint)}
    facts = {"count": len(waiting), "reason": reason.strip()}
    kind = "exits_signed" if is_signed else "exits_returned"
    tell_people(case, sorted(each for each in told if each is not None), kind, facts=facts)


def _waiting(case: Case) -> list[Exit]:
    """The exits to sign, where this person may; else a refusal that says who or why not."""
    complaint = case.complaint
    sign_from = case.rules.authority.exits.countersign_from
    waiting = exits_waiting(case.session, complaint.id, sign_from)
    if not waiting:
        raise Refused(N_("Nothing waits for a signature on this complaint."))
    if any(each.by_id == case.by.id for each in waiting):
        raise Forbidden(N_("You recorded one of these steps yourself; someone else has to sign."))
    if case.by.id in {handler_of(complaint), *parties_to(waiting)}:
        raise Forbidden(N_("You handle this complaint yourself; someone else has to sign."))
    return waiting


def _returned(case: Case, made: Exit, reason: str) -> StepRecord:
    return StepRecord(
        complaint_id=made.complaint_id,
        criterion=made.criterion,
        record=RETURNED,
        cycle=made.cycle,
        at=case.at,
        by_id=case.by.id,
        by_name=case.by.name,
        method="",
        words="",
        is_unable=False,
        reason=reason,
        detail={},
    )

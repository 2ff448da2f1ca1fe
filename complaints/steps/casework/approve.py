"""The decision on an amount above the limits of who offered it (020-3.3): approved or rejected.

Nobody decides on what they asked for themselves, and the first decision is the only one.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from complaints.domain.approval import Standing, may_approve
from complaints.domain.errors import N_, Forbidden, Invalid, Refused
from complaints.domain.lifecycle import Action
from complaints.domain.permissions import SYSTEM, Permission, require
from complaints.domain.short_reason import require_reason
from complaints.domain.words.letter_state import WRITTEN
from complaints.formatting import money_labels
from complaints.models import Offer, User
from complaints.people.staff import Person, Staff
from complaints.queries.complaint.silence import answer_until
from complaints.steps.advance import Proven, advance
from complaints.steps.case import Case
from complaints.steps.casework.approver import (
    Approvers,
    askers,
    lock_customer,
    offers_of,
    recorded_at,
    require_read,
    standing,
)
from complaints.steps.files.enclose import Chosen, chosen_before
from complaints.steps.notify import assignment_of, tell_people
from complaints.steps.write_letter import UNTIL


@dataclass(frozen=True, slots=True)
class Pending:
    """An offer that waits: for whom, beside what, and whether this person may approve it.

    `passes_on` is who was asked and whose limits no longer cover it: an approval goes further up.
    `instead` is who may decide now where that is somebody else than who was asked.
    """

    offer: Offer
    approver: str
    beside: Standing
    may: bool
    passes_on: bool
    instead: str = ""


def pending_approval(case: Case) -> Pending | None:
    """The offer of this complaint that waits for approval, for somebody who looks at it."""
    offers = offers_of(case)
    offer = _waiting(offers)
    if offer is None:
        return None
    beside = standing(case)
    may = may_decide(case, offer, offers, beside)
    who = case.session.get(User, offer.approver_id) if offer.approver_id else None
    is_asked = case.by.id == offer.approver_id
    barred = {offer.by_id, *askers(offers)}
    now = Approvers(case, beside, offer.by_id, barred).find(offer.amount)
    instead = now.name if now is not None and now.id != offer.approver_id else ""
    return Pending(offer, who.name if who else instead, beside, may, is_asked and not may, instead)


def may_decide(case: Case, offer: Offer, offers: Sequence[Offer], beside: Standing) -> bool:
    """Whether this person may decide on an offer that waits, and approving it would hold."""
    return (
        case.by.has(Permission.APPROVE)
        and case.by.id not in {offer.by_id, *askers(offers)}
        and may_approve(case.rules.authority, case.by.role, offer.amount, beside)
    )


def decide_offer(case: Case, *, answer: str, reason: str = "") -> None:
    """Approve or reject an offer that waits; the customer sees it only when approved.

    `answer` is ``approved`` or ``rejected``. The approver's limits must cover it with all that was
    given meanwhile; when they no longer do, the approval passes on to whose do. Raises Stale where
    the offer was changed since approval was first asked for, and the version read is not named.
    """
    offers = offers_of(case)
    offer = _waiting(offers)
    if offer is None:
        raise _nothing_waits(case, offers)
    if answer not in ("approved", "rejected"):
        raise Invalid(N_("Approve the offer or reject it."), field="answer")
    if answer == "rejected":
        require_reason(reason, N_("Enter why the offer is rejected."))
    if case.by.id in {offer.by_id, *askers(offers)}:
        raise Forbidden(
            N_("You asked for this offer yourself, so someone else has to decide on it.")
        )
    require_read(case, offer, [each for each in offers if _was_asked_for(each)])
    lock_customer(case)
    beside = standing(case)
    if not may_approve(case.rules.authority, case.by.role, offer.amount, beside) and (
        answer == "approved" or case.by.id != offer.approver_id
    ):
        _pass_on(case, offer, offers, beside, reason)
        return
    if answer == "approved" and offer.method in WRITTEN:
        # The offer is sent by this word, and a letter is never dated back.
        case.at = recorded_at(case)
    offer.state = "open" if answer == "approved" else "rejected"
    offer.granted_at = recorded_at(case) if answer == "approved" else None
    offer.decided_by_id = case.by.id
    offer.decided_at = case.at
    offer.decision_reason = reason.strip()
    detail = {"offer": offer.id, "answer": answer, "reason": reason.strip()}
    if answer == "approved":
        chosen = chosen_before(case, Action.ASK_APPROVAL, offer=offer.id)
        proven, kept = proofs_of(case, offer, chosen), {**detail, **chosen.detail}
        advance(case, Action.APPROVE_OFFER, proven=proven, detail=kept)
    else:
        advance(case, Action.REJECT_OFFER, detail=detail)
    hearers = dict.fromkeys((offer.by_id, case.complaint.handler_id))
    tell_people(case, list(hearers), f"offer_{answer}", facts=detail)


def ask_somebody_else(case: Case) -> bool:
    """Ask whoever may decide now, when who was asked is away; whether there is somebody."""
    offers = offers_of(case)
    offer = _waiting(offers)
    if offer is None:
        return False
    barred = {offer.by_id, *askers(offers)}
    found = Approvers(case, standing(case), offer.by_id, barred).find(offer.amount)
    if found is None or found.id == offer.approver_id:
        return False
    asker = case.session.get(User, offer.by_id) if offer.by_id else None
    _ask(case, offer, found, by=asker.name if asker else case.by.name)
    return True


def ask_anew(case: Case) -> str:
    """Ask whoever may decide on the offer that waits; returns their name.

    Raises Refused where nobody may, with what can be done instead.
    """
    require(case.by, Permission.LEAD)
    offer = _waiting(offers_of(case))
    if offer is None:
        raise Refused(N_("No offer is awaiting approval."))
    now = case.session.get(User, offer.approver_id) if offer.approver_id else None
    if now is not None and now.is_active:
        raise Refused(N_("%(name)s has been asked to decide."), name=now.name)
    if not ask_somebody_else(Case(case.session, case.rules, case.complaint, SYSTEM, case.at)):
        raise Refused(
            N_(
                "Nobody may approve %(amount)s on %(number)s. Have the limits changed by an "
                "administrator, or offer less."
            ),
            field="approval",
            amount=money_labels(offer.amount, case.rules.organisation.currency),
            number=case.number,
        )
    asked = case.session.get_one(User, offer.approver_id)
    return asked.name


def tell_that_nobody_may_approve(case: Case) -> None:
    """Let the last resort, and whoever made the offer, hear that it waits for nobody's word."""
    offer = _waiting(offers_of(case))
    if offer is None:
        return
    staff = Staff.read(case.session, recorded_at(case))
    last = [each.id for each in staff.last_resort(assignment_of(case))]
    facts = {"offer": offer.id, "remedy": offer.remedy, "amount": offer.amount}
    tell_people(case, [*last, offer.by_id], "offer_approval_nobody", facts=facts)


def drop_waiting_offer(case: Case) -> None:
    """Nobody is asked any more about a complaint that has ended."""
    offer = _waiting(offers_of(case))
    if offer is not None:
        offer.state = "replaced"


def proofs_of(case: Case, offer: Offer, chosen: Chosen) -> list[Proven]:
    """What an offer proves once the customer may have it; its letter says until when to answer.

    The files that were `chosen` go with it.
    """
    detail = {"offer": offer.id, "remedy": offer.remedy, "amount": offer.amount}
    until = answer_until(case.rules, case.complaint, recorded_at(case))
    part = {
        "text": offer.description,
        "remedy": offer.remedy,
        "amount": offer.amount,
        UNTIL: until.isoformat(),
        **chosen.facts(),
    }
    keys = ["020-3.3"] if offer.alternative_to_id is None else ["020-3.3", "020-3.5"]
    return [
        Proven(
            key,
            words=offer.description,
            method=offer.method,
            detail=detail,
            part=part if key == "020-3.3" else None,
        )
        for key in keys
    ]


def _pass_on(
    case: Case, offer: Offer, offers: Sequence[Offer], beside: Standing, reason: str
) -> None:
    """Hand a request that has outgrown its approver on; anybody else hears whom it is for."""
    barred = {case.by.id, offer.by_id, *askers(offers)}
    above = Approvers(case, beside, offer.by_id, barred).find(offer.amount)
    if case.by.id != offer.approver_id or above is None:
        who = case.session.get(User, offer.approver_id) if offer.approver_id else None
        raise Forbidden(
            N_("This amount exceeds your limit. %(name)s has been asked to decide on it."),
            name=who.name if who else "–",
        )
    _ask(case, offer, above, reason=reason.strip())
    case.said = Refused(
        N_(
            "With what was given meanwhile this exceeds your limit. It has been passed on "
            "to %(name)s."
        ),
        name=above.name,
    )


def _ask(case: Case, offer: Offer, person: Person, **more: str) -> None:
    """Let the request lie with this person from now on, and tell them."""
    offer.approver_id = person.id
    detail = {"offer": offer.id, "remedy": offer.remedy, "amount": offer.amount}
    advance(case, Action.ASK_APPROVAL, detail={**detail, "to": person.name, **more})
    tell_people(case, [person.id], "offer_approval", facts={**detail, **more})


def _waiting(offers: Sequence[Offer]) -> Offer | None:
    return next((each for each in offers if each.state == "waiting_approval"), None)


def _was_asked_for(offer: Offer) -> bool:
    """Whether somebody was asked to approve an offer that was changed before they decided."""
    is_undecided = offer.approver_id is not None and offer.decided_at is None
    return offer.state == "replaced" and is_undecided


def _nothing_waits(case: Case, offers: Sequence[Offer]) -> Refused:
    last = offers[-1] if offers else None
    who = case.session.get(User, last.decided_by_id) if last and last.decided_by_id else None
    if who is None or who.id == case.by.id:
        return Refused(N_("No offer is awaiting approval."))
    return Refused(
        N_("No offer is awaiting approval: %(name)s has already decided on it."), name=who.name
    )

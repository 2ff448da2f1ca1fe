"""Offer a solution within policy (020-3.3), or an alternative after a refusal (020-3.5)."""

from collections.abc import Sequence

from sqlalchemy import select

from complaints.domain.alternatives import is_refused_again, last_refusal
from complaints.domain.errors import N_, Forbidden, Invalid, Refused
from complaints.domain.lifecycle import Action
from complaints.domain.permissions import Permission
from complaints.domain.short_reason import require_reason
from complaints.models import Offer, User
from complaints.steps.advance import Proven, advance
from complaints.steps.case import Case
from complaints.steps.notify import superior_of, tell_people


def offer_solution(
    case: Case,
    *,
    remedy: str = "",
    description: str = "",
    amount: int = 0,
    alternative_to: int | None = None,
    method: str = "spoken",
    unable: str | None = None,
) -> None:
    """Put a solution to the customer; above the role's limit it waits for approval first.

    After a refusal the offer counts as the alternative, and so does whatever corrects it. With
    `unable` nothing (more) can be offered, and the reason says why; after a refusal a supervisor
    has to sign that.
    """
    offers = offers_of(case)
    if unable is not None:
        _offer_nothing(case, last_refusal(offers), unable)
        return
    _check_remedy(case, remedy, description, amount)
    refused = _refused(offers, alternative_to)
    needs_approval = amount > case.rules.authority.limit_of(case.by.role)
    offer = Offer(
        complaint_id=case.complaint.id,
        cycle=case.complaint.cycle,
        remedy=remedy,
        description=description.strip(),
        amount=amount,
        alternative_to_id=refused.id if refused else None,
        state="waiting_approval" if needs_approval else "open",
        at=case.at,
        by_id=case.by.id,
        method=method,
    )
    if is_refused_again(offers, offer):
        raise Invalid(
            N_(
                "The customer has refused exactly this. "
                "Change the solution, the amount or the description."
            ),
            field="description",
        )
    for earlier in offers:
        if earlier.state in ("open", "waiting_approval"):
            earlier.state = "replaced"
    case.session.add(offer)
    case.session.flush()
    detail = {"offer": offer.id, "remedy": remedy, "amount": amount}
    if needs_approval:
        advance(case, Action.ASK_APPROVAL, detail=detail)
        approver = _approver(case, amount)
        tell_people(case, [approver] if approver else [], "offer_approval", facts=detail)
    else:
        advance(case, Action.OFFER, proven=_proofs(offer), detail=detail)


def decide_offer(case: Case, *, answer: str, reason: str = "") -> None:
    """Approve or reject an offer that waits; the customer sees it only when approved.

    `answer` is ``approved`` or ``rejected``; the limit of the approver's role must cover it.
    """
    offer = next((each for each in offers_of(case) if each.state == "waiting_approval"), None)
    if offer is None:
        raise Refused(N_("No offer is awaiting approval."))
    if answer not in ("approved", "rejected"):
        raise Invalid(N_("Approve the offer or reject it."), field="answer")
    if answer == "rejected":
        require_reason(reason, N_("Enter why the offer is rejected."))
    if answer == "approved" and offer.amount > case.rules.authority.limit_of(case.by.role):
        raise Forbidden(N_("This amount exceeds your limit. Ask your line manager to approve it."))
    offer.state = "open" if answer == "approved" else "rejected"
    offer.decided_by_id = case.by.id
    offer.decided_at = case.at
    offer.decision_reason = reason.strip()
    detail = {"offer": offer.id, "answer": answer, "reason": reason.strip()}
    if answer == "approved":
        advance(case, Action.APPROVE_OFFER, proven=_proofs(offer), detail=detail)
    else:
        advance(case, Action.REJECT_OFFER, detail=detail)
    asker = [offer.by_id] if offer.by_id else []
    tell_people(case, asker, f"offer_{answer}", facts=detail)


def offers_of(case: Case) -> list[Offer]:
    """The offers of the current cycle in the order they were made."""
    query = (
        select(Offer)
        .where(Offer.complaint_id == case.complaint.id, Offer.cycle == case.complaint.cycle)
        .order_by(Offer.id)
    )
    return list(case.session.scalars(query))


def _proofs(offer: Offer) -> list[Proven]:
    detail = {"offer": offer.id, "remedy": offer.remedy, "amount": offer.amount}
    keys = ["020-3.3"] if offer.alternative_to_id is None else ["020-3.3", "020-3.5"]
    return [
        Proven(key, words=offer.description, method=offer.method, detail=detail) for key in keys
    ]


def _offer_nothing(case: Case, refused: Offer | None, unable: str) -> None:
    if refused is not None and not case.by.has(Permission.APPROVE):
        raise Forbidden(N_("That there is no alternative has to be signed by a supervisor."))
    criterion = "020-3.5" if refused is not None else "020-3.3"
    advance(case, Action.OFFER_NOTHING, proven=[Proven(criterion, unable=unable)])


def _refused(offers: Sequence[Offer], alternative_to: int | None) -> Offer | None:
    """The refused offer to which a new one is the alternative: the one named, else the last."""
    if alternative_to is None:
        return last_refusal(offers)
    named = next((each for each in offers if each.id == alternative_to), None)
    if named is None:
        raise Invalid(
            N_("The offer to which this is an alternative is not on this complaint."),
            field="alternative_to",
        )
    if named.state != "refused":
        raise Invalid(N_("The customer has not refused this offer."), field="alternative_to")
    return named


def _check_remedy(case: Case, remedy: str, description: str, amount: int) -> None:
    taxonomy = case.rules.taxonomy
    if remedy not in taxonomy.remedies:
        raise Invalid(N_("Choose a remedy from the list."), field="remedy")
    allowed = {each.id for each in taxonomy.remedies_of(case.complaint.category)}
    if remedy not in allowed:
        raise Invalid(N_("This remedy is not meant for this type of complaint."), field="remedy")
    if not description.strip():
        raise Invalid(N_("Describe what you offer in a sentence."), field="description")
    if amount < 0:
        raise Invalid(N_("The amount cannot be negative."), field="amount")


def _approver(case: Case, amount: int) -> int | None:
    """The nearest superior whose limit covers the amount, else the highest there is."""
    asked, seen = None, {case.by.id}
    person = superior_of(case.session, case.by.id, case.complaint.branch_id)
    while person is not None and person not in seen:
        asked = person
        if case.rules.authority.limit_of(case.session.get_one(User, person).role) >= amount:
            break
        seen.add(person)
        person = superior_of(case.session, person, case.complaint.branch_id)
    return asked

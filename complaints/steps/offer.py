"""Offer a solution within policy (020-3.3), or an alternative after a refusal (020-3.5)."""

from collections.abc import Sequence

from complaints.domain.alternatives import is_refused_again, last_refusal
from complaints.domain.config.currency import Currency
from complaints.domain.errors import N_, Forbidden, Invalid
from complaints.domain.lifecycle import Action
from complaints.domain.permissions import Permission
from complaints.domain.sums_named import amounts_named
from complaints.domain.words.comparing import is_same
from complaints.domain.words.exits import ExitKind, Unable
from complaints.domain.words.letter_state import WRITTEN
from complaints.domain.words.substance import require_substance
from complaints.formatting import money_labels
from complaints.models import Exit, Offer
from complaints.rulebook.in_use import require_in_use
from complaints.steps.advance import Proven, advance
from complaints.steps.case import Case
from complaints.steps.casework.approve import proofs_of
from complaints.steps.casework.approver import (
    Request,
    lock_customer,
    offers_of,
    recorded_at,
    request_for,
    standing,
)
from complaints.steps.excuse import exit_columns
from complaints.steps.files.enclose import Chosen, choose_files
from complaints.steps.notify import tell_people
from complaints.steps.write_letter import drop_unsent, require_way


def offer_solution(
    case: Case,
    *,
    remedy: str = "",
    description: str = "",
    amount: int = 0,
    alternative_to: int | None = None,
    method: str = "spoken",
    unable: Unable | None = None,
    enclose: Sequence[int] = (),
    enclose_internal: Sequence[int] = (),
) -> None:
    """Put a solution to the customer; above one's limits it waits for approval first.

    After a refusal the offer counts as the alternative, and so does whatever corrects it. With
    `unable` nothing (more) can be offered, and the reason says why; after a refusal a supervisor
    has to sign that. `enclose` are files that go with the letter (`files.enclose`), once it is
    approved.
    """
    offers = offers_of(case)
    if unable is not None:
        choose_files(case, enclose, enclose_internal, method="")
        _offer_nothing(case, last_refusal(offers), unable)
        return
    _check_remedy(case, remedy, description, amount)
    refused = _refused(offers, alternative_to)
    replaced = [each for each in offers if _is_replaced(each, remedy, amount, description)]
    request = _request_for(case, amount, replaced, offers)
    waits = request is not None
    chosen = choose_files(case, enclose, enclose_internal, method=method, is_later=waits)
    offer = Offer(
        complaint_id=case.complaint.id,
        cycle=case.complaint.cycle,
        remedy=remedy,
        description=description.strip(),
        amount=amount,
        alternative_to_id=refused.id if refused else None,
        state="waiting_approval" if request else "open",
        at=case.at,
        by_id=case.by.id,
        method=method,
        approver_id=request.approver.id if request else None,
        bound=request.bound.value if request else "",
        granted_at=None if request else recorded_at(case),
    )
    _require_another(offers, offer)
    for earlier in replaced:
        earlier.state = "replaced"
    if request or method not in WRITTEN:
        drop_unsent(case, "020-3.3")
    case.session.add(offer)
    case.session.flush()
    _count_named_sum(case, offer)
    _put(case, offer, request, chosen)


def _is_replaced(earlier: Offer, remedy: str, amount: int, description: str) -> bool:
    """Whether a new offer takes its place: it stands, or is given a second time as it was."""
    if earlier.state in ("open", "waiting_approval"):
        return True
    # The same once more, after its cause has changed, is not given twice.
    return earlier.state == "accepted" and _is_the_same(earlier, remedy, amount, description)


def _request_for(
    case: Case, amount: int, replaced: Sequence[Offer], offers: Sequence[Offer]
) -> Request | None:
    """Whose approval an amount needs beside what stands already; None where one may give it."""
    if not amount:
        return None
    lock_customer(case)
    beside = standing(case, [each.id for each in replaced])
    return request_for(case, amount, beside, offers)


def _require_another(offers: Sequence[Offer], offer: Offer) -> None:
    if is_refused_again(offers, offer):
        raise Invalid(
            N_(
                "The customer has refused exactly this. "
                "Change the solution, the amount or the description."
            ),
            field="description",
        )


def _put(case: Case, offer: Offer, request: Request | None, chosen: Chosen) -> None:
    """Let the offer go to the customer, or to whoever has to approve it first."""
    detail = {"offer": offer.id, "remedy": offer.remedy, "amount": offer.amount}
    kept = {**detail, **chosen.detail}
    if request:
        require_way(case, offer.method)
        asked = {**kept, "to": request.approver.name, "bound": request.bound.value}
        advance(case, Action.ASK_APPROVAL, detail=asked)
        tell_people(case, [request.approver.id], "offer_approval", facts=detail)
    else:
        advance(case, Action.OFFER, proven=proofs_of(case, offer, chosen), detail=kept)


def _count_named_sum(case: Case, offer: Offer) -> None:
    """Count an offer without an amount whose words name a sum, under the name of who makes it.

    A remedy that costs money is refused so; an explanation may well name a bill.
    """
    if offer.amount or not amounts_named(offer.description, case.rules.organisation.currency):
        return
    case.session.add(
        Exit(
            kind=ExitKind.NAMED_SUM.value,
            code=offer.remedy,
            reason=offer.description,
            **exit_columns(case),
        )
    )


def _is_the_same(offer: Offer, remedy: str, amount: int, description: str) -> bool:
    return (offer.remedy, offer.amount) == (remedy, amount) and is_same(
        offer.description, description
    )


def _offer_nothing(case: Case, refused: Offer | None, unable: Unable) -> None:
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
    require_in_use("remedy", remedy, taxonomy.remedies[remedy])
    allowed = {each.id for each in taxonomy.remedies_of(case.complaint.category)}
    if remedy not in allowed:
        raise Invalid(N_("This remedy is not meant for this type of complaint."), field="remedy")
    require_substance(
        description,
        N_("Describe what you offer in a sentence: what the customer gets, and how."),
        field="description",
    )
    if amount < 0:
        raise Invalid(N_("The amount cannot be negative."), field="amount")
    if taxonomy.remedies[remedy].costs_money:
        _check_named(case.rules.organisation.currency, description, amount)


def _check_named(currency: Currency, description: str, amount: int) -> None:
    """Raise Invalid where a payment is described by sums of which none is the amount."""
    named = amounts_named(description, currency)
    if not named or amount in named:
        return
    if not amount:
        raise Invalid(
            N_("The description names %(amount)s. Enter what it costs as the amount too."),
            field="amount",
            amount=money_labels(named[0], currency),
        )
    raise Invalid(
        N_(
            "The description names %(named)s, but the amount is %(amount)s. Enter what the "
            "customer gets as the amount, and name that sum in the description."
        ),
        field="amount",
        named=money_labels(named[0], currency),
        amount=money_labels(amount, currency),
    )

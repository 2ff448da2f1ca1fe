"""Who may say of something undertaken that it was done, and what the word has to rest on.

A unit's step is ticked by the unit, or under their own name by whoever handles the complaint. A
larger amount is confirmed, or given up, by another person than the one who offered it, with a
reference or a note. What is small stays one tap; `authority.toml` says what is small.
"""

from collections.abc import Sequence

from sqlalchemy import select

from complaints.domain.commitments.rules import CommitmentKind, OwnerKind
from complaints.domain.errors import N_, Forbidden, Invalid
from complaints.domain.permissions import Permission
from complaints.domain.words.substance import says_something
from complaints.formatting import money_labels
from complaints.models import Commitment, Note, Offer
from complaints.people.signers import handler_of
from complaints.steps.case import Case


def require_vouched(
    case: Case,
    known: Sequence[Commitment],
    settled: Sequence[Commitment],
    *,
    note: str,
    reference: str,
) -> None:
    """Refuse a tick by somebody who cannot know, or who says nothing that it rests on.

    `known` is all that was ever undertaken for the complaint, `settled` what is ticked now.
    """
    is_told = says_something(note) or bool(reference.strip())
    for each in settled:
        if each.owner_kind == OwnerKind.UNIT and each.team_id != case.by.team_id:
            _require_near(case, each)
    for each in settled:
        if each.kind == CommitmentKind.OBJECTION:
            _require_answered(case, each)
    if any(each.kind == CommitmentKind.DELIVERY for each in settled):
        _require_confirmed(case, known, is_told)


def _require_answered(case: Case, objection: Commitment) -> None:
    """Refuse to tick an objection that the customer was not answered since it came."""
    since = objection.at or case.complaint.received_at
    complaint_id = case.complaint.id
    said = select(Note.id).where(
        Note.complaint_id == complaint_id, Note.direction == "out", Note.at >= since
    )
    offered = select(Offer.id).where(
        Offer.complaint_id == complaint_id, Offer.granted_at.is_not(None), Offer.at >= since
    )
    if any(case.session.scalar(each.limit(1)) is not None for each in (said, offered)):
        return
    raise Invalid(
        N_(
            "The customer has not been answered since they objected. Record the message with the "
            "answer first, or a new offer."
        ),
        field="note",
    )


def _require_near(case: Case, step: Commitment) -> None:
    """The step of a unit that the person does not sit in.

    A note on who of the unit reported it is asked for on the page and not compulsory: it would be
    a sentence for everybody, and the history says under whose name it was ticked.
    """
    if case.by.id != handler_of(case.complaint) and not case.by.has(Permission.APPROVE):
        raise Forbidden(
            N_("“%(what)s” is for unit %(team)s to tick, or for whoever handles the complaint."),
            what=step.what,
            team=step.owner,
        )


def require_released(
    case: Case, known: Sequence[Commitment], dropped: Sequence[Commitment]
) -> None:
    """Refuse to drop a larger amount to whoever offered it: their word alone is no way round."""
    if all(each.kind != CommitmentKind.DELIVERY for each in dropped):
        return
    delivered = _delivered(case, known)
    amount = _larger_amount(case, delivered)
    if amount is not None and _has_offered(case, delivered):
        raise Forbidden(
            N_(
                "You offered this yourself, and it comes to %(amount)s. Someone else records that "
                "the customer is not to have it: a supervisor, or a colleague who asked them."
            ),
            amount=amount,
        )


def _require_confirmed(case: Case, known: Sequence[Commitment], is_told: bool) -> None:
    """The delivery of what comes to more, on this complaint in all, than is taken on one tap."""
    delivered = _delivered(case, known)
    amount = _larger_amount(case, delivered)
    if amount is None:
        return
    if _has_offered(case, delivered):
        raise Forbidden(
            N_(
                "You offered this yourself, and it comes to %(amount)s. Someone else confirms that "
                "the customer has it: the unit that pays, or a supervisor."
            ),
            amount=amount,
        )
    if not is_told:
        raise Invalid(
            N_(
                "This comes to %(amount)s. Give the reference of the payment or the receipt, or "
                "note how it is evidenced that the customer has it."
            ),
            field="reference",
            amount=amount,
        )


def _larger_amount(case: Case, delivered: Sequence[Offer]) -> dict[str, str] | None:
    """What is delivered on this complaint in all, in words; None where one tap is enough."""
    total = sum(each.amount for each in delivered)
    if total <= case.rules.authority.delivery.one_tap_up_to:
        return None
    return money_labels(total, case.rules.organisation.currency)


def _has_offered(case: Case, delivered: Sequence[Offer]) -> bool:
    return case.by.id in {each.by_id for each in delivered if each.amount}


def _delivered(case: Case, known: Sequence[Commitment]) -> Sequence[Offer]:
    """The offers whose remedy is or was to be delivered, but for what was dropped."""
    ids = [
        each.offer_id
        for each in known
        if each.kind == CommitmentKind.DELIVERY and each.dropped_at is None and each.offer_id
    ]
    return case.session.scalars(select(Offer).where(Offer.id.in_(ids))).all()

"""The order of things is part of the proof: apology, explanation and offer rest on the cause.

Thanks come after the answer, and a complaint that is opened again is promised anew. What counts is
what was there when a record was made, so that no time told for it makes a difference; records older
than this rule keep their force.
"""

from collections.abc import Mapping, Sequence

from complaints.domain.proofs.records import (
    PROOF_RULES,
    EvidenceItem,
    EvidenceState,
    Facts,
    Lapse,
    Proof,
)

#: What is told of the confirmed cause or offered because of it; it falls with that cause.
ON_THE_CAUSE = ("020-3.2", "020-3.3", "020-3.5")


def lapse_of(
    key: str,
    proof: Proof,
    facts: Facts,
    explained: Sequence[Proof],
    items: Mapping[str, EvidenceItem],
) -> Lapse | None:
    """Why a record does not count for a criterion, or None.

    `explained` are the records of 020-3.2, `items` the criteria before this one.
    """
    if key == "020-1.5" and proof.cycle < facts.cycle and not facts.has_told_date:
        # A promise of its own began, and nothing from before is the date of it.
        return Lapse.OPENED_AGAIN
    if proof.rules < PROOF_RULES or proof.criterion != key or proof.is_returned:
        return None
    if key == "020-3.1" and not proof.is_unable:
        is_behind = proof.cause_id is not None or _is_given_up(proof, explained)
        return None if is_behind else Lapse.BEFORE_CAUSE
    if key in ON_THE_CAUSE:
        return _lapse_of_cause(proof, facts, explained)
    if key == "020-3.4" and proof.offer_id not in (None, facts.accepted_offer):
        return Lapse.OTHER_OFFER
    if key == "020-3.6" and not proof.is_unable:
        answered = _settled_by(items)
        is_behind = answered is not None and answered < proof.id
        return None if is_behind else Lapse.BEFORE_ANSWER
    return None


def _lapse_of_cause(proof: Proof, facts: Facts, explained: Sequence[Proof]) -> Lapse | None:
    """Whether what an explanation or an offer rests on is the cause that is confirmed now.

    Where nobody could find one, what was said after that was said; a cause found after all opens
    it again. That nothing can be offered needs no cause.
    """
    if proof.cause_id is not None:
        return None if proof.cause_id in facts.causes else Lapse.CAUSE_CHANGED
    if proof.is_unable and proof.criterion != "020-3.2":
        return None
    is_without_cause = proof.is_unable or _is_given_up(proof, explained)
    if is_without_cause:
        return Lapse.CAUSE_CHANGED if facts.causes else None
    return Lapse.BEFORE_CAUSE


def _is_given_up(proof: Proof, explained: Sequence[Proof]) -> bool:
    """Whether it was said before this record that no cause can be explained."""
    return any(each.is_unable and each.id < proof.id for each in explained)


def _settled_by(items: Mapping[str, EvidenceItem]) -> int | None:
    """The record by which the customer's answer is there, or the dispute has its signed end."""
    answer = items["020-3.4"]
    if answer.state is EvidenceState.PROVEN:
        return answer.record_id
    ends = [items[key] for key in ("020-3.3", "020-3.4", "020-3.5")]
    signed = [each.record_id for each in ends if each.state is EvidenceState.UNABLE]
    return min(signed, default=None)

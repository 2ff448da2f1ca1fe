"""The eighteen criteria of unit 020 (Menangani Keluhan Pelanggan) and what proves each.

`evaluate` turns a complaint's step records into eighteen states; the gates ask `missing_for`.
Whether somebody really listened cannot be seen by software: 020-1.1 rests on an attestation.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace

from complaints.domain.lifecycle import Gate
from complaints.domain.proofs.order import lapse_of
from complaints.domain.proofs.records import LAPSES
from complaints.domain.proofs.records import PROOF_RULES as PROOF_RULES
from complaints.domain.proofs.records import EvidenceItem as EvidenceItem
from complaints.domain.proofs.records import EvidenceState as EvidenceState
from complaints.domain.proofs.records import Facts as Facts
from complaints.domain.proofs.records import Lapse as Lapse
from complaints.domain.proofs.records import Proof as Proof
from complaints.domain.words.criteria import CRITERIA as CRITERIA
from complaints.domain.words.criteria import Criterion as Criterion
from complaints.domain.words.letter_state import LETTER_NAMES, ON_ITS_WAY, UNSENT, LetterState

_OF_GATE: dict[Gate, tuple[str, ...]] = {
    Gate.REGISTRATION: tuple(key for key in CRITERIA if key.startswith("020-1")),
    Gate.HANDLING: tuple(key for key in CRITERIA if key.startswith("020-2")),
    Gate.CLOSING: tuple(key for key in CRITERIA if key.startswith("020-3")),
}

#: How much a record weighs by its letter; the later of two that weigh the same stands.
_RANK: dict[LetterState | None, int] = {
    None: 2,
    LetterState.LEFT: 2,
    LetterState.QUEUED: 1,
    LetterState.TO_PRINT: 1,
    LetterState.FAILED: 0,
    LetterState.BOUNCED: 0,
    LetterState.REPLACED: -1,
}

#: Each new record takes the place of the one before, whatever became of its letter.
_LAST_ONE_ONLY = ("020-3.3", "020-3.5")


def say_lacking(
    key: str, because: LetterState | Lapse | None, translate: Callable[[str], str]
) -> str:
    """What is lacking for a criterion, as the end of a sentence: all, its letter, or its place."""
    if isinstance(because, Lapse):
        return translate(LAPSES[because])
    if because is None or because not in UNSENT:
        return translate(CRITERIA[key].lacking)
    return translate(UNSENT[because]) % {"letter": translate(LETTER_NAMES[key])}


#: The record that the gate's own action is about to make; it cannot be asked for beforehand.
MADE_BY_THE_STEP: dict[Gate, str] = {
    Gate.REGISTRATION: "020-1.6",
    Gate.HANDLING: "020-2.5",
}


#: A record that stands for all eighteen at once: history taken over from another system, whose
#: steps cannot be shown any more. It is always an honest "unable".
EVERY_CRITERION = "020"


def evaluate(proofs: Iterable[Proof], facts: Facts) -> tuple[EvidenceItem, ...]:
    """The eighteen criteria in order, each with the latest record that stands for it.

    Records of element 3 count only within the current cycle: a reopened complaint needs its
    resolution anew, while what was done at intake stays done.
    """
    found: dict[str, list[Proof]] = {key: [] for key in CRITERIA}
    for proof in proofs:
        keys = CRITERIA if proof.criterion == EVERY_CRITERION else (proof.criterion,)
        for key in keys:
            if CRITERIA[key].element < 3 or proof.cycle == facts.cycle:
                found[key].append(proof)
    items: dict[str, EvidenceItem] = {}
    for key, own in found.items():
        lapses = [lapse_of(key, proof, facts, found["020-3.2"], items) for proof in own]
        valid = [proof for proof, lapse in zip(own, lapses, strict=True) if lapse is None]
        item = _item(key, _standing(key, valid), facts)
        if item.state is EvidenceState.MISSING and own and not valid:
            item = replace(item, because=lapses[-1])
        items[key] = item
    return _without_answer(tuple(items.values()))


def missing_for(gates: Sequence[Gate], items: Iterable[EvidenceItem]) -> tuple[str, ...]:
    """The criteria that keep these gates shut, in order."""
    return tuple(item.criterion for item in blocking(gates, items))


def blocking(gates: Sequence[Gate], items: Iterable[EvidenceItem]) -> tuple[EvidenceItem, ...]:
    """The criteria that keep these gates shut, as they stand, in order.

    A letter that is on its way opens the gates before the last one: whoever serves the customer
    in one conversation need not wait for the mail server. Closing waits until every letter has
    left, and for those of the first conversation that came back as well. It also waits for the
    customer's own answer, where they were asked in writing.
    """
    wanted = {key for gate in gates for key in _OF_GATE[gate]}
    is_last = Gate.CLOSING in gates
    return tuple(item for item in items if _blocks(item, wanted, is_last))


def _blocks(item: EvidenceItem, wanted: Collection[str], is_last: bool) -> bool:
    if item.state in (EvidenceState.SENDING, EvidenceState.AWAITING):
        return is_last
    if item.state is not EvidenceState.MISSING:
        return False
    is_open_again = item.is_undone or item.because is not None
    return item.criterion in wanted or (is_last and is_open_again)


def blocking_before_step(
    gate: Gate, items: Iterable[EvidenceItem], facts_are_complete: bool = True
) -> tuple[EvidenceItem, ...]:
    """As `blocking` one gate, without the criterion that the step itself will prove.

    The receipt proves the written record only when its mandatory fields are filled.
    """
    own = MADE_BY_THE_STEP.get(gate) if facts_are_complete else None
    return tuple(item for item in blocking((gate,), items) if item.criterion != own)


def passed_gates(items: Sequence[EvidenceItem], was_handled: bool) -> frozenset[Gate]:
    """The gates a complaint has gone through.

    The receipt is handed over behind the first one; a plan may be there before the second one is
    open, so that one counts when it `was_handled` already, or when nothing stands before it.
    """
    standing = {item.criterion for item in items if item.state is not EvidenceState.MISSING}
    passed = set()
    if MADE_BY_THE_STEP[Gate.REGISTRATION] in standing:
        passed.add(Gate.REGISTRATION)
    if was_handled or not missing_for((Gate.HANDLING,), items):
        passed.add(Gate.HANDLING)
    return frozenset(passed)


def _standing(key: str, proofs: Sequence[Proof]) -> Proof | None:
    """The record that speaks for a criterion: the latest that holds, else the latest of all.

    A letter on its way, or one that came back, takes nothing from what was said before it. Of the
    offers only the last one counts, for it replaces the others.
    """
    returned = max((n for n, proof in enumerate(proofs) if proof.is_returned), default=None)
    if returned is not None:
        proofs = proofs[returned + 1 :] or proofs[returned:]
    if key in _LAST_ONE_ONLY:
        return proofs[-1] if proofs else None
    ranked = sorted(proofs, key=_rank)
    return ranked[-1] if ranked else None


def _rank(proof: Proof) -> int:
    """How much a record weighs; a question that left weighs no more than one on its way."""
    rank = _RANK[proof.letter]
    return min(rank, _RANK[LetterState.QUEUED]) if proof.is_asked else rank


def _item(key: str, proof: Proof | None, facts: Facts) -> EvidenceItem:
    if proof is not None and not proof.is_returned and not _is_overtaken(key, proof, facts):
        return _as_it_stands(key, proof)
    if _is_needless(key, facts):
        return EvidenceItem(key, EvidenceState.NOT_NEEDED)
    is_undone = proof is not None and (proof.is_returned or _asks_again(key, facts))
    is_unclear = key == "020-3.2" and proof is not None and not proof.is_returned
    because = Lapse.UNCLEAR if is_unclear and facts.has_confirmed_cause else None
    return EvidenceItem(key, EvidenceState.MISSING, because=because, is_undone=is_undone)


def units_left(
    routed: Iterable[int], told: Collection[int], not_needed: Collection[int]
) -> tuple[int, ...]:
    """The units of a category's routing that nobody has told and nobody has signed off (020-2.1).

    One that returned the complaint was told.
    """
    return tuple(each for each in routed if each not in told and each not in not_needed)


def _as_it_stands(key: str, proof: Proof) -> EvidenceItem:
    because: LetterState | Lapse | None = None if proof.letter is LetterState.LEFT else proof.letter
    if proof.is_unable:
        state = EvidenceState.UNABLE
    elif because is None and proof.is_asked:
        state, because = EvidenceState.AWAITING, Lapse.UNCONFIRMED
    elif because is None:
        state = EvidenceState.PROVEN
    elif because in ON_ITS_WAY:
        state = EvidenceState.SENDING
    else:
        return EvidenceItem(key, EvidenceState.MISSING, because=because, record_id=proof.id)
    is_earlier = proof.rules < PROOF_RULES
    return EvidenceItem(
        key,
        state,
        proof.at,
        proof.by,
        proof.record,
        because=because,
        record_id=proof.id,
        is_by_earlier_rules=is_earlier,
    )


def _without_answer(items: tuple[EvidenceItem, ...]) -> tuple[EvidenceItem, ...]:
    """After the signed end of a dispute the refusal is the answer; no other one is asked for."""
    states = {item.criterion: item.state for item in items}
    is_over = states["020-3.5"] is EvidenceState.UNABLE
    if not is_over or states["020-3.4"] is not EvidenceState.MISSING:
        return items
    none = EvidenceItem("020-3.4", EvidenceState.NOT_NEEDED)
    return tuple(none if item.criterion == "020-3.4" else item for item in items)


def _is_overtaken(key: str, proof: Proof, facts: Facts) -> bool:
    """Whether something happened since that takes the record's force away."""
    if proof.is_unable:
        return False
    if _asks_again(key, facts):
        return True
    if key == "020-2.1":
        return facts.has_waiting_party
    if key == "020-3.2":
        return not facts.has_confirmed_cause or facts.has_unclear_explanation
    if key == "020-3.5":
        return facts.has_unanswered_refusal
    return False


def _asks_again(key: str, facts: Facts) -> bool:
    """Whether a corrected category asks for the criterion anew: record, units, plan."""
    return (
        (key == "020-1.6" and facts.has_record_gap)
        or (key == "020-2.1" and facts.has_untold_unit)
        or (key == "020-2.5" and facts.has_other_procedure)
    )


def _is_needless(key: str, facts: Facts) -> bool:
    if key == "020-1.1":
        return facts.is_written_channel
    if key == "020-3.5":
        return not facts.has_refusal
    return False

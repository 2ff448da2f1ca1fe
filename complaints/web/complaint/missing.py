"""What keeps the next gate of a complaint shut, in words, each with the place that settles it."""

from dataclasses import dataclass

from flask_babel import gettext

from complaints.actions.registry import face_of
from complaints.domain.evidence import (
    CRITERIA,
    MADE_BY_THE_STEP,
    EvidenceItem,
    EvidenceState,
    say_lacking,
)
from complaints.domain.words.letter_state import LetterState
from complaints.queries.complaint.dossier import Dossier
from complaints.steps.case import Case
from complaints.web.complaint.journey import Journey, letter_of, may_do, task_for, way_to
from complaints.web.complaint.units_lacking import only_waits, say_units_lacking


@dataclass(frozen=True, slots=True)
class Missing:
    """One thing that keeps a gate shut, and where it is settled, under the complaint's address."""

    words: str
    to: str
    button: str
    may: bool


def find_missing(case: Case, dossier: Dossier, journey: Journey, noun: str = "") -> list[Missing]:
    """What keeps the next gate shut, except what the gate's own step will prove.

    With the form of another step open, that one is missing as well.
    """
    own = MADE_BY_THE_STEP.get(journey.gate) if journey.gate else None
    if own is not None and noun and noun != CRITERIA[own].noun:
        own = None
    items = {item.criterion: item for item in dossier.evidence}
    found: list[Missing] = []
    for key in journey.missing:
        if key == own:
            continue
        item = items[key]
        words = sentence_case(say_lacking(key, item.because, gettext))
        if key == "020-2.1":
            words = say_units_lacking(dossier, case.rules) or words
        to, button, may = _settled_at(case, dossier, item)
        if key == "020-2.1" and only_waits(dossier, case.rules):
            # There is nobody left to tell; the next word is the units'.
            may = False
        if words not in [each.words for each in found]:
            found.append(Missing(words, to, button, may))
    return found


def _settled_at(case: Case, dossier: Dossier, item: EvidenceItem) -> tuple[str, str, bool]:
    """Where a missing criterion is settled, what its button says, and whether it is ours to press.

    A letter on paper is printed; one that leaves by itself asks for nothing.
    """
    status = case.complaint.status
    if item.because is LetterState.TO_PRINT:
        letter = letter_of(dossier, item)
        noun = "letters/printing"
        to = f"letters/{letter.id}" if letter else noun
        return to, gettext(face_of(noun).button), may_do(case.by, noun, status)
    noun, stage = task_for(item.criterion, dossier)
    to = way_to(noun, stage)
    may = may_do(case.by, noun, status) and item.state is not EvidenceState.SENDING
    return to, gettext(face_of(noun, stage).button), may


def sentence_case(words: str) -> str:
    """The words with a capital at their beginning and nothing else changed."""
    return words[:1].upper() + words[1:]

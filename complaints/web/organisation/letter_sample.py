"""First words of a letter as they would stand in that of a real complaint; nothing is sent."""

from collections.abc import Sequence
from dataclasses import dataclass

from complaints import clock
from complaints.domain.config.letter_drafts import draft_from
from complaints.domain.errors import N_, Invalid
from complaints.domain.scripts import LANGUAGES
from complaints.extensions import db
from complaints.steps.case import view_case
from complaints.steps.letters.drafts import fill_sample
from complaints.web.frame.guards import actor
from complaints.web.organisation.form import Typed


@dataclass(frozen=True, slots=True)
class LetterSample:
    """The complaint that was named, and the words in each language."""

    number: str
    texts: Sequence[tuple[str, str]]


def letter_sample(typed: Typed) -> LetterSample:
    """Fill in what was typed; Invalid for an unknown name in braces, and without a complaint."""
    number = next(iter(typed.get("sample", ())), "").strip()
    texts = {lang: next(iter(typed.get(f"text_{lang}", ())), "").strip() for lang in LANGUAGES}
    if not number:
        raise Invalid(N_("Enter the number of a complaint."), field="sample")
    try:
        draft_from({"kind": "news", **{f"text_{lang}": each for lang, each in texts.items()}})
    except ValueError as error:
        raise Invalid(N_("This cannot be saved: %(why)s"), why=str(error)) from error
    case = view_case(db.session, number, by=actor(), at=clock.now())
    return LetterSample(
        case.number, [(lang, fill_sample(case, each, lang)) for lang, each in texts.items()]
    )

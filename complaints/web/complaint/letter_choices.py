"""What the form about a letter that came back lists: those that left."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask_babel import gettext

from complaints.domain.errors import N_
from complaints.domain.words.letter_state import LETTER_NAMES
from complaints.formatting import say_instant_short
from complaints.queries.complaint.dossier import Dossier
from complaints.queries.complaint.letters import CustomerLetter, letters_of
from complaints.steps.case import Case
from complaints.steps.wording import listed
from complaints.web.frame.filters import lang

#: What a letter is called that carries no words of a criterion.
LETTER_KINDS: Mapping[str, str] = {
    "receipt": N_("the receipt"),
    "message": N_("a message"),
    "extended": N_("the letter with the new deadline"),
    "paused": N_("the letter about the pause"),
    "reminder": N_("the reminder of the offer"),
    "closed": N_("the closing letter"),
}


def letters_that_left(case: Case, dossier: Dossier, stage: str, now: datetime) -> dict[str, Any]:
    """The letters that are with the customer, to choose the one that came back."""
    letters = letters_of(case.session, case.complaint.id)
    return {
        "letters": [(str(each.id), _letter_words(case, each)) for each in letters if each.has_left]
    }


def _letter_words(case: Case, letter: CustomerLetter) -> str:
    """What a letter is called in a list: what it carries, and when it left or was written."""
    zone = case.rules.calendar_of(case.complaint.branch_id).value.tz
    names = [gettext(LETTER_NAMES[key]) for key in letter.parts if key in LETTER_NAMES]
    what = listed(names, lang()) or gettext(LETTER_KINDS.get(letter.kind, N_("a letter")))
    return f"{what[:1].upper()}{what[1:]}, {say_instant_short(letter.at, zone, lang())}"

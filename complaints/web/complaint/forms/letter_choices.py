"""Letters by their names: those that left, to choose the one that came back, and the stuck ones."""

from collections.abc import Mapping, Sequence
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
from complaints.web.frame.translations import lang

#: What a letter is called that carries no words of a criterion.
LETTER_KINDS: Mapping[str, str] = {
    "receipt": N_("the receipt"),
    "message": N_("a message"),
    "question": N_("a question"),
    "acknowledgement": N_("the acknowledgement"),
    "decision": N_("the decision"),
    "survey": N_("the question whether it is settled"),
    "extended": N_("the letter with the new deadline"),
    "paused": N_("the letter about the pause"),
    "reminder": N_("the reminder of the offer"),
    "closed": N_("the closing letter"),
    "withdrawn": N_("the letter about the withdrawal"),
    "merged": N_("the letter about the duplicate"),
    "renamed": N_("the letter that it is no complaint"),
    "undelivered": N_("the letter about the missed delivery"),
    "not_delivered": N_("the letter about what is no longer carried out"),
    "arrived": N_("the confirmation that it arrived"),
    "continued": N_("the letter about the new complaint"),
    "original_ended": N_("the letter about the end of the other complaint"),
    "new_link": N_("the letter with the new link"),
    "lost_link": N_("the letter with the link asked for"),
    "address_changed": N_("the letter about the new address"),
    "incident": N_("the letter about the incident"),
    "split": N_("the letter about the second matter"),
    "conversation": N_("a letter"),
}

_WAITS = N_(
    "%(letter)s: the mail server has not taken it yet. It is tried again by itself, next "
    "%(time)s, for four days."
)
_HELD_UP = N_(
    "%(letter)s: has not left. Since %(time)s no email can leave; the letter is sent by itself "
    "once the mail server works again."
)
_UNCERTAIN = N_(
    "%(letter)s: the mail server did not say whether it took it. Ask the customer whether it "
    "arrived."
)
_FAILED = N_(
    "%(letter)s: could not be delivered. Check the email address, and tell the customer what it "
    "says by phone, in a message or on a printed copy."
)
_BOUNCED = N_(
    "%(letter)s: came back. Correct the address, and tell the customer what it says by phone, in a "
    "message or on a printed copy."
)
_PROMISE = N_("It contains a promised date, which the customer may not know.")


def stuck_words(case: Case, letters: Sequence[CustomerLetter]) -> list[tuple[int, str]]:
    """Id and sentence of each letter that did not go: what happened and what to do."""
    zone = case.rules.calendar_of(case.complaint.branch_id).value.tz
    said = []
    for each in letters:
        named = _letter_words(case, each)
        if each.next_try_at is not None:
            time = say_instant_short(each.next_try_at, zone, lang())
            words = gettext(_WAITS, letter=named, time=time)
        elif each.held_up_since is not None:
            time = say_instant_short(each.held_up_since, zone, lang())
            words = gettext(_HELD_UP, letter=named, time=time)
        elif each.may_have_left and each.state == "failed":
            words = gettext(_UNCERTAIN, letter=named)
        else:
            came_back = each.state == "bounced"
            words = gettext(_BOUNCED, letter=named) if came_back else gettext(_FAILED, letter=named)
        said.append((each.id, f"{words} {gettext(_PROMISE)}" if each.tells_promise else words))
    return said


def letters_that_left(case: Case, dossier: Dossier, stage: str, now: datetime) -> dict[str, Any]:
    """The letters that are with the customer, to choose the one that came back."""
    letters = letters_of(case.session, case.complaint.id)
    return {
        "letters": [(str(each.id), _letter_words(case, each)) for each in letters if each.has_left]
    }


#: What became of a letter → words, icon.
_STANDING: Mapping[str, tuple[str, str]] = {
    "queued": (N_("on its way"), "send"),
    "sent": (N_("sent"), "check"),
    "printed": (N_("printed"), "printer"),
    "failed": (N_("not delivered"), "circle-x"),
    "bounced": (N_("came back"), "circle-x"),
    "replaced": (N_("replaced before it left"), "circle-x"),
}
_TO_PRINT = (N_("to be printed"), "printer")


def letter_lines(case: Case) -> list[tuple[int, str, str, str]]:
    """Every letter of the complaint, the newest first: id, what it is, what became of it, icon."""
    lines = []
    for each in reversed(letters_of(case.session, case.complaint.id)):
        waits = each.via == "letter" and each.state == "queued"
        word, mark = _TO_PRINT if waits else _STANDING[each.state]
        lines.append((each.id, _letter_words(case, each), gettext(word), mark))
    return lines


def _letter_words(case: Case, letter: CustomerLetter) -> str:
    """What a letter is called in a list: what it carries, and when it left or was written."""
    zone = case.rules.calendar_of(case.complaint.branch_id).value.tz
    names = [gettext(LETTER_NAMES[key]) for key in letter.parts if key in LETTER_NAMES]
    what = listed(names, lang()) or gettext(
        LETTER_KINDS.get(letter.kind, LETTER_KINDS["conversation"])
    )
    return f"{what[:1].upper()}{what[1:]}, {say_instant_short(letter.at, zone, lang())}"

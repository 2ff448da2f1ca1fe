"""The signed exceptions: what may stand instead of a proof, and when someone else has to sign.

An exit is counted under its maker's name. From a number of them on, and always where the customer
was not heard, nobody closes a complaint before another person has signed (`exits_to_sign`).
"""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher
from enum import StrEnum

from complaints.domain.errors import N_, Invalid
from complaints.domain.words.substance import says_something

#: What an exit lacks its force without, on every complaint that is closed.
ALWAYS_SIGNED = ("020-1.2", "020-3.2", "020-3.4")
#: That nothing else may be offered is a supervisor's word; it is signed as it is recorded, unless
#: whoever records it handles the complaint.
SUPERVISORS_WORD = "020-3.5"

#: A sentence that stands for a step has at least so many letters, in words that say something.
FEWEST_LETTERS = 8

#: Two sentences with this much in common say the same.
_ALIKE = 0.9

#: Longer than this nobody compares.
_COMPARED = 300


class ExitKind(StrEnum):
    """The exceptions that are counted."""

    UNABLE = "unable"
    PAUSE = "pause"
    WITHDRAWAL = "withdrawal"
    DUPLICATE = "duplicate"
    REFERRAL = "referral"
    REOPENING = "reopening"
    TIER = "tier"  # the type of the customer lowered, and with it the priority of what is open
    COPIED = "copied"  # an answer in writing that rests on a colleague's copy of it
    FAR_DATE = "far_date"  # something undertaken beyond the usual limit of days
    RENAMED = "renamed"  # a complaint not yet registered that goes on as another contact
    NAMED_SUM = "named_sum"  # an offer without an amount whose words name a sum of money


class ExitState(StrEnum):
    """Whether someone else has looked at it."""

    MADE = ""
    SIGNED = "signed"
    RETURNED = "returned"


@dataclass(frozen=True, slots=True)
class Unable:
    """Why a criterion could not be met: a reason of the list by its code, and a sentence."""

    reason: str
    code: str = ""


@dataclass(frozen=True, slots=True)
class StandingExit:
    """An exit that still stands for its criterion; `by_id` None is the system."""

    id: int
    criterion: str
    by_id: int | None
    is_signed: bool


@dataclass(frozen=True, slots=True)
class AttemptMade:
    """A try to reach the customer, on the day on which it was written down."""

    recorded_on: date


def require_sentence(text: str, others: Iterable[str] = ()) -> str:
    """The sentence without the spaces around it; Invalid when it says too little or is repeated.

    `others` are the sentences that stand for other criteria of the same complaint.
    """
    sentence = text.strip()
    if not says_something(sentence) or len(_letters(sentence)) < FEWEST_LETTERS:
        raise Invalid(N_("Enter in a few words why this could not be done."), field="unable.reason")
    if any(are_alike(sentence, other) for other in others):
        raise Invalid(
            N_(
                "The same sentence is already used for another step of this complaint. Say what "
                "happened at this step."
            ),
            field="unable.reason",
        )
    return sentence


def are_alike(one: str, other: str) -> bool:
    """Whether two sentences say the same but for figures, punctuation, case and a letter or two."""
    first, second = _letters(one)[:_COMPARED], _letters(other)[:_COMPARED]
    if first == second:
        return True
    match = SequenceMatcher(None, first, second, autojunk=False)
    return match.quick_ratio() >= _ALIKE and match.ratio() >= _ALIKE


def require_attempts(made: Sequence[AttemptMade], attempts: int, days: int = 1) -> None:
    """Refuse "not reachable" until so many attempts, on so many days, were written down."""
    if len(made) >= attempts and len({each.recorded_on for each in made}) >= days:
        return
    sentence = (
        N_(
            "“Not reachable” needs recorded attempts: at least %(attempts)d, so far %(made)d. "
            "Record each attempt when it is made; those before the customer's last message do not "
            "count."
        )
        if days < 2
        else N_(
            "“Not reachable” needs attempts recorded on %(days)d days: at least %(attempts)d, so "
            "far %(made)d. Record each attempt when it is made; those before the customer's last "
            "message do not count."
        )
    )
    raise Invalid(sentence, field="unable.code", attempts=attempts, days=days, made=len(made))


def exits_to_sign(standing: Collection[StandingExit], sign_from: int) -> tuple[StandingExit, ...]:
    """The exits that somebody has to sign before the complaint is closed; empty when none.

    With `sign_from` of them on one complaint, or any of `ALWAYS_SIGNED`, all have to be signed,
    and a new one asks again. So they have where the `SUPERVISORS_WORD` is not signed yet.
    """
    unsigned = tuple(each for each in standing if not each.is_signed)
    is_asked = len(standing) >= sign_from or any(
        each.criterion in ALWAYS_SIGNED for each in standing
    )
    lacks_word = any(each.criterion == SUPERVISORS_WORD for each in unsigned)
    return unsigned if is_asked or lacks_word else ()


def _letters(text: str) -> str:
    return re.sub(r"[\W\d_]+", "", text.casefold())

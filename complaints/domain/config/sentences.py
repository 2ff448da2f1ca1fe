"""What the readers of `config/` say is wrong, as texts that can be translated.

A reader raises ValueError with one English sentence, behind the place in the file: ``category
TAG_NAIK: severity must be 1 to 9``. Pages say it in their own language: the place as it stands,
because it is the file's, and the sentence by the pattern that fits.
"""

import re
from collections.abc import Mapping
from functools import lru_cache

from complaints.domain.errors import N_

#: Every sentence behind the place; `tests/meta` knows when a reader says another one.
SENTENCES = (
    N_("unit %(a)s is not one of %(b)s"),
    N_("duration must be a whole number of %(a)s, not negative"),
    N_("a commitment runs to an agreed date, no rule counts it"),
    N_("valid_to %(a)s lies before valid_from %(b)s"),
    N_("conditions and conditions_id must name the same, in order"),
    N_("'id' and %(a)s entries are needed"),
    N_("kind must be one of %(a)s"),
    N_("former must be a list of prefixes"),
    N_("a prefix must be 2 to 6 capital letters from A to Z"),
    N_("%(a)s need a prefix of their own"),
    N_("placeholders must list exactly %(a)s"),
    N_("talks must be of %(a)s"),
    N_("[[script]] entries and a [defaults] table are needed"),
    N_("[courtesy] has to be a table by language"),
    N_("the key is used twice"),
    N_("the matrix needs severities from 1 up, 2 to %(a)s"),
    N_("the matrix needs 1 to %(a)s cells in every row alike"),
    N_("%(a)s is missing or is not %(b)s"),
    N_("%(a)s must be a list of %(b)s"),
    N_("%(a)s is missing"),
    N_("exactly one %(a)s has to be marked %(b)s; found %(c)s"),
    N_("nothing here is called %(a)s"),
    N_("%(a)s is not a date such as 2026-04-08"),
    N_("the id is used twice"),
    N_("there is no %(a)s %(b)s"),
    N_("%(a)s must be a table"),
    N_("a [limits] table is needed"),
    N_("the limit of %(a)s must be a whole number"),
    N_("%(a)s knows no %(b)s"),
    N_("%(a)s must be a whole number of 1 or more"),
    N_("code %(a)s is not three capital letters such as IDR"),
    N_("symbol %(a)s contains a figure, space or separator"),
    N_("salutations must be a list of texts and tables"),
    N_("there is no form of address in salutations"),
    N_("there is no field %(a)s"),
    N_("%(a)s names %(b)s, which is not known: %(c)s"),
    N_("needs must be one of %(a)s"),
    N_("a list of [[pause]] is needed"),
    N_("%(a)s cannot be excused"),
    N_("%(a)s needs %(b)s"),
    N_("address must be one email address"),
    N_("language must be one of %(a)s"),
    N_("on_time_target must be a number of per cent from 1 to 100"),
    N_("survey_after_days must be a whole number from 1 to 30"),
    N_("there is no time_of_day"),
    N_("at most %(a)s spellings"),
    N_("at most %(a)s phrases"),
    N_("%(a)s is both a word and another spelling of one"),
    N_("%(a)s is not a phrase of 1 to %(b)s words"),
    N_("%(a)s and %(b)s are the same"),
    N_("they are in the file twice"),
    N_("%(a)s is not one word"),
    N_("%(a)s is also written for another word"),
    N_("%(a)s must be a whole number from 1 to %(b)s"),
    N_("a duration of 1 or more in one of %(a)s is needed"),
    N_("given_by_saying must be a list of remedies"),
    N_("%(a)s has to be a list of words"),
    N_("the script %(a)s is missing, which the product proposes"),
    N_("only one of %(a)s can be true"),
    N_("due_share of a step must lie above 0 and not above 1"),
    N_("reply_hours must be a whole number up to %(a)s"),
    N_("follows must be one of %(a)s"),
    N_("ending must be one of %(a)s"),
    N_("unknown_severity must be 1 to 9"),
    N_("there are no %(a)s"),
    N_("none of the %(a)s can be marked retired"),
    N_("severity must be 1 to 9"),
    N_("method and fallback must be of %(a)s"),
    N_("weight must be 0 to 8"),
    N_("expires_after must be 1 or more"),
    N_("unit %(a)s is not known"),
    N_("every must be 1 or more"),
    N_("target must be one of %(a)s or role:<role>"),
    N_("give exactly one of before_percent, before, after"),
    N_("%(a)s must be a whole number, not negative"),
    N_("a step before the deadline counts minutes or hours"),
    N_("'id' and at least one %(a)s are needed"),
    N_("at least one step must escalate (level 1 or more)"),
)
#: What fills some of them: of which kind a value has to be.
KINDS = (
    N_("a text"),
    N_("a whole number"),
    N_("true or false"),
    N_("texts"),
    N_("codes"),
    N_("tables"),
)
#: As long as a place of a file is, with the codes in it.
_LONGEST_PLACE = 300


def read_sentence(text: str) -> tuple[str, str, Mapping[str, str]] | None:
    """Place, sentence and what fills it; None for what no reader says.

    Of several sentences that fit the one with the most words of its own is meant.
    """
    place, behind, rest = text.partition(": ")
    if not behind or len(place) > _LONGEST_PLACE:
        return None
    found = match_sentence(rest, SENTENCES)
    return None if found is None else (place, *found)


def match_sentence(text: str, sentences: tuple[str, ...]) -> tuple[str, Mapping[str, str]] | None:
    """The sentence of these that the text is, and what fills it."""
    for sentence, pattern in _patterns(sentences):
        found = pattern.fullmatch(text)
        if found is not None:
            return sentence, found.groupdict()
    return None


@lru_cache
def _patterns(sentences: tuple[str, ...]) -> list[tuple[str, re.Pattern[str]]]:
    def own(sentence: str) -> int:
        return len(re.sub(r"%\(\w\)s", "", sentence))

    return [
        (each, re.compile(re.sub(r"%\\\((\w)\\\)s", r"(?P<\1>.+)", re.escape(each)), re.DOTALL))
        for each in sorted(sentences, key=own, reverse=True)
    ]

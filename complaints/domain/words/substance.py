"""Whether a text says something: two words at the least, and more than a name that is known anyway.

One rule for whatever proves a criterion and for every reason that somebody gives. It is low on
purpose: "Kabel putus" is an honest cause. It keeps out what was typed to get past: "x", "ok",
"...", "aaa", "xxx xxx", the name of the category, a script with its gaps left open.
"""

import re
from collections.abc import Iterable

from complaints.domain.errors import N_, Invalid
from complaints.domain.words.comparing import has_no_spaces, is_same, words_of

#: So much a text has at the least; in writing without spaces, four characters are a sentence.
FEWEST_WORDS, FEWEST_LETTERS, FEWEST_UNSPACED = 2, 5, 4

#: The shortest word that names anything by itself.
LETTERS_OF_A_WORD = 3

#: What is shorter never says something, whatever it is written in.
SHORTEST = min(FEWEST_LETTERS + FEWEST_WORDS - 1, FEWEST_UNSPACED)

#: How the reference of the API says the rule.
RULE = N_("At least two words and five letters; a text that says nothing is refused.")

_GAP = re.compile(r"\{[a-z_]+\}")

#: A colon at the end, or one behind which stand only the marks of a list without its words.
_ANNOUNCES = re.compile(r"[:\uff1a][\s*.\-_\u2022\u2013\u2014\u2026]*\Z")


def says_something(text: str) -> bool:
    """Whether a text has at least two different words, of more than one character over and over."""
    if has_no_spaces(text):
        characters = [each for word in words_of(text) for each in word if each.isalpha()]
        return len(characters) >= FEWEST_UNSPACED and len(set(characters)) > 1
    words = {word for word in words_of(text) if word.isdigit() or len(set(word)) > 1}
    letters = sum(each.isalpha() for word in words for each in word)
    return len(words) >= FEWEST_WORDS and letters >= FEWEST_LETTERS


def has_a_word(text: str) -> bool:
    """Whether there is a word in it at least, as in the name of a step: "Memeriksa" is one."""
    if has_no_spaces(text):
        return True
    return any(
        len(set(word)) > 1 and sum(each.isalpha() for each in word) >= LETTERS_OF_A_WORD
        for word in words_of(text)
    )


def only_introduces(text: str) -> bool:
    """Whether a text ends on a colon, so that what it announces is not there."""
    return _ANNOUNCES.search(text) is not None


def require_substance(
    text: str, sentence: str, *, field: str = "text", names: Iterable[str] = (), **said: object
) -> str:
    """The text without the spaces around it; Invalid where it says nothing of its own.

    `sentence` says what is wanted; `said` fills it. `names` are those of the category, which
    stands beside the text already.
    """
    words = text.strip()
    if not says_something(words):
        raise Invalid(sentence, field=field, **said)
    if any(is_same(words, name) for name in names):
        raise Invalid(
            N_(
                "“%(words)s” is only the name of the category. Write what it was in this "
                "customer's case."
            ),
            field=field,
            words=words,
        )
    gap = _GAP.search(words)
    if gap is not None:
        raise Invalid(
            N_("The gap %(words)s is still open. Fill it in, or leave it out."),
            field=field,
            words=gap[0],
        )
    return words

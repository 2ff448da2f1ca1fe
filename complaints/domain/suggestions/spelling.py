"""One spelling for words of chat and haste, so that a phrase is kept once and found as written."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from complaints.domain.words.folding import fold

_WORD = re.compile(r"\w+")
#: "internetnya" is the word "internet"; in shorter words the ending is a part of them ("punya").
_ENDING, _SHORTEST_WITH_ENDING = "nya", 7


@dataclass(frozen=True, slots=True)
class Word:
    """A word as it is compared, and where it stands in the text that it was written in."""

    spelled: str
    start: int
    end: int


def read_words(text: str, spellings: Mapping[str, tuple[str, ...]]) -> list[Word]:
    """The words of a text in the spelling of the organisation; one that is two in full gives both.

    Places are those of `text` itself, so that it can be quoted.
    """
    found = []
    for each in _WORD.finditer(text):
        word = fold(each.group())
        if len(word) >= _SHORTEST_WITH_ENDING and word.endswith(_ENDING):
            word = word.removesuffix(_ENDING)
        found += [Word(one, *each.span()) for one in spellings.get(word, (word,))]
    return found

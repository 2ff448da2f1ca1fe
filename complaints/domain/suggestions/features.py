"""What a learned model reads of a text: its words, neighbours, and pieces of words.

The process that learns and the one that proposes read a text by this alone, so that they read it
alike. Numbers, addresses and handles are left out: they say who, not what.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from complaints.domain.searching.read import plainly
from complaints.domain.suggestions.spelling import Word, read_words

#: A story is read so far; what it is about stands there.
READ = 2_000
#: Pieces of a word are of so many letters, its edges counted as one each.
PIECES = (3, 4, 5)
#: No word is longer that tells anything.
LONGEST_WORD = 25

_NO_WORD = re.compile(r"\S*@\S*|https?://\S+|www\.\S+|\S*\d\S*")
_AGAIN = re.compile(r"(.)\1{2,}")

#: Features of one kind, by the places of the words they come from.
Block = dict[str, list[int]]
#: How often each feature stands in a text, in the same two kinds.
Counts = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Read:
    """The words of a text, and its features in two kinds: of words, and of pieces of words."""

    words: Sequence[Word]
    blocks: tuple[Block, Block]

    def counts(self) -> tuple[Counts, Counts]:
        """How often each feature stands there."""
        of_words, of_pieces = (
            {name: len(places) for name, places in block.items()} for block in self.blocks
        )
        return of_words, of_pieces


def read_text(text: str, spellings: Mapping[str, tuple[str, ...]]) -> Read:
    """Read a text in the organisation's spelling; places are those of `text` itself."""
    told = _NO_WORD.sub(lambda found: " " * len(found.group()), text[:READ])
    words = [
        Word(_AGAIN.sub(r"\1", plainly(each.spelled)), each.start, each.end)
        for each in read_words(told, spellings)
        if len(each.spelled) <= LONGEST_WORD
    ]
    of_words: Block = {}
    of_pieces: Block = {}
    for place, word in enumerate(words):
        of_words.setdefault(word.spelled, []).append(place)
        if place:
            of_words.setdefault(f"{words[place - 1].spelled} {word.spelled}", []).append(place)
        for piece in _pieces(word.spelled):
            of_pieces.setdefault(piece, []).append(place)
    return Read(words, (of_words, of_pieces))


def _pieces(word: str) -> Iterator[str]:
    """Told apart from words by their edges: a piece always has one, or stands between dots."""
    edged = f"_{word}_"
    for size in PIECES:
        if len(edged) <= size:
            yield f".{edged}"
            return
        for start in range(len(edged) - size + 1):
            yield f".{edged[start : start + size]}"

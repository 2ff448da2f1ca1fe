"""Whether two stories seem to tell of the same: a guess to be asked about, never acted on."""

from complaints.domain.words.comparing import words_of

#: Words that both must share, and which share of the shorter story they must be.
LEAST_WORDS, LEAST_SHARE = 3, 0.6
#: Shorter ones are found everywhere.
_SHORTEST_WORD = 4


def is_alike(one: str, other: str) -> bool:
    """Whether most longer words of the shorter text stand in the other, in whatever order."""
    first, second = (
        {word for word in words_of(text[:5_000]) if len(word) >= _SHORTEST_WORD}
        for text in (one, other)
    )
    shared = len(first & second)
    return shared >= LEAST_WORDS and shared >= LEAST_SHARE * min(len(first), len(second))

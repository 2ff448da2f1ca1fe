"""What of a story is worth looking for in others: its telling words, and the places it names."""

import re
from collections.abc import Collection, Mapping, Sequence
from itertools import combinations

from complaints.domain.searching.read import SHORTEST_STEM, plainly
from complaints.domain.searching.terms import Group, Term, group_of

#: So many words are looked for, and so many of them have to be there.
MOST_TELLING, LEAST_SHARED = 5, 2
#: A word of which the organisation's phrases know nothing tells so much, if it is so long.
UNKNOWN, LEAST_UNKNOWN = 2.0, 6
MOST_PLACES = 4
#: A story is read so far.
READ = 2_000

_WORD = re.compile(r"[^\W\d_]+")
#: Behind the first a place has a capital, behind the others it need not.
_PLACES = (
    re.compile(r"\b(?:di|ke|dari|daerah|area|wilayah|kawasan|in|at|near)\s+([A-Z][a-z]\w+)"),
    re.compile(
        r"\b(?:jl|jln|jalan|gg|gang|perum|perumahan|komplek|kompleks|cluster|kel|kelurahan|kec"
        r"|kecamatan|desa|dusun|kampung|kota|kab|kabupaten|street|village)\b\.?\s+([^\W\d_]{4,})",
        re.IGNORECASE,
    ),
)


def telling_words(
    story: str,
    weights: Mapping[str, float],
    spelled: Mapping[str, Sequence[str]],
    untold: Collection[str] = (),
) -> tuple[str, ...]:
    """The words of a story that say what it is about, the most telling first; none `untold`.

    `weights` are those of the organisation's phrases; a word that another stands for is that one.
    """
    found: dict[str, float] = {}
    for word in _WORD.findall(plainly(story[:READ])):
        full = tuple(spelled.get(word, (word,)))
        each = full[0] if len(full) == 1 else word
        if len(each) < SHORTEST_STEM or each in untold or word in untold:
            continue
        weight = weights.get(each, UNKNOWN if len(each) >= LEAST_UNKNOWN else 0.0)
        if weight:
            found[each] = weight
    best = sorted(found, key=lambda word: (-found[word], word))
    return tuple(best[:MOST_TELLING])


def named_places(story: str) -> tuple[str, ...]:
    """The words of a story that seem to name a place."""
    found = [plainly(each) for form in _PLACES for each in form.findall(story[:READ])]
    return tuple(dict.fromkeys(found))[:MOST_PLACES]


def at_least_two(words: Sequence[str]) -> tuple[Group, ...]:
    """Groups that hold where two of the words stand: each leaves out one word less than all."""
    size = len(words) - LEAST_SHARED + 1
    if size < 1:
        return ()
    return tuple(group_of(Term((word,)) for word in some) for some in combinations(words, size))


def any_of(words: Sequence[str]) -> tuple[Group, ...]:
    """One group that holds where any of the words stands."""
    return (group_of(Term((word,)) for word in words),) if words else ()

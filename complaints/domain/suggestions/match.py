"""Which codes a text speaks for: phrases that stand in it, and words that few codes share.

A guess with its reasons, to be chosen from by a person. Nothing is taken for granted: a text in
which no phrase stands gives nothing, rather than the code that comes first.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from complaints.domain.suggestions.facts import KnownFact
from complaints.domain.suggestions.spelling import Word, read_words
from complaints.domain.suggestions.synonyms import Phrase, Synonyms

#: A story is read so far; what it is about stands there.
READ = 5_000
#: So many other words may stand between two words of a phrase: "internet di rumah saya mati".
GAP = 3
#: What stands apart says a little less than what stands together.
APART = 0.85
#: A single word of a phrase counts by the share of its phrases that are of the code, this much.
ALONE = 0.5
#: A word alone counts where so many of its phrases and so much of them are of one code, where few
#: other codes have it, and where it is so long: what stands in one phrase by chance is no sign.
LEAST_PHRASES, LEAST_SHARE, SHORTEST = 3, 0.25, 4
#: So few codes: one in eight, and two in any case.
FEW, ONE_IN = 2, 8
#: With less than this in its favour nothing is proposed.
LEAST_SCORE = 0.4
#: What is set against every score, so that one weak word is never called certain.
DOUBT = 1.5
#: So many reasons are told.
REASONS = 3


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A code with the words of the text that speak for it, the weightiest first.

    `confidence`, above 0 and below 1, is the part of all that was found which speaks for this
    code. It ranks; it is not the probability of being right. `facts` are what is known of the
    ticket and speaks for it as well.
    """

    code: str
    confidence: float
    because: tuple[str, ...]
    facts: tuple[KnownFact, ...] = ()


@dataclass(slots=True)
class _Found:
    score: float = 0.0
    #: Weight → words of the text.
    reasons: list[tuple[float, str]] = field(default_factory=list)
    taken: set[int] = field(default_factory=set)


def match_words(
    book: Synonyms, text: str, codes: Collection[str], limit: int = 3
) -> list[Suggestion]:
    """The codes, of those given, that a text speaks for; the likeliest first, never in doubt first.

    Codes with the same in their favour come in the order of the file.
    """
    text = text[:READ]
    words = read_words(text, book.spellings)
    found: dict[str, _Found] = defaultdict(_Found)
    hits = [
        (_weight(book, phrase, places), phrase.of, places)
        for start, word in enumerate(words)
        for phrase in book.by_first.get(word.spelled, ())
        if phrase.of in codes and (places := _places(words, start, phrase))
    ]
    for weight, code, places in sorted(hits, key=lambda hit: -hit[0]):
        _count(found[code], weight, places, text, words)
    for place, word in enumerate(words):
        for code, weight in _alone(book, word):
            if code in codes:
                _count(found[code], weight, (place,), text, words)
    order = {code: n for n, code in enumerate(book.phrases)}
    best = sorted(
        (one for one in found.items() if one[1].score >= LEAST_SCORE),
        key=lambda one: (-round(one[1].score, 6), order[one[0]]),
    )
    total = sum(one.score for _, one in best) + DOUBT
    return [
        Suggestion(code, round(one.score / total, 3), _reasons(one)) for code, one in best[:limit]
    ]


def _places(words: Sequence[Word], start: int, phrase: Phrase) -> tuple[int, ...]:
    """Where the words of a phrase stand, the first at `start`; empty where they do not."""
    places = [start]
    for wanted in phrase.words[1:]:
        reach = range(places[-1] + 1, min(places[-1] + 2 + GAP, len(words)))
        place = next((each for each in reach if words[each].spelled == wanted), None)
        if place is None:
            return ()
        places.append(place)
    return tuple(places)


def _weight(book: Synonyms, phrase: Phrase, places: Sequence[int]) -> float:
    together = places[-1] - places[0] == len(places) - 1
    return sum(book.weights[word] for word in phrase.words) * (1 if together else APART)


def _alone(book: Synonyms, word: Word) -> list[tuple[str, float]]:
    counts = book.counts.get(word.spelled, {})
    is_rare = len(counts) <= max(FEW, len(book.phrases) // ONE_IN)
    if not counts or not is_rare or len(word.spelled) < SHORTEST:
        return []
    weight = book.weights[word.spelled]
    of_all = sum(counts.values())
    return [
        (code, ALONE * weight * count / of_all)
        for code, count in counts.items()
        if count >= LEAST_PHRASES and count / of_all >= LEAST_SHARE
    ]


def _count(
    found: _Found, weight: float, places: Sequence[int], text: str, words: Sequence[Word]
) -> None:
    """Count what speaks for a code once: words that a weightier phrase has add nothing."""
    said = _quote(text, [words[each] for each in places])
    known = {reason.casefold() for _, reason in found.reasons}
    if found.taken.issuperset(places) or said.casefold() in known:
        return
    fresh = len(set(places) - found.taken) / len(places)
    found.taken.update(places)
    found.score += weight * fresh
    found.reasons.append((weight * fresh, said))


def _quote(text: str, words: Sequence[Word]) -> str:
    """The words as they stand in the text; dots where others stand between them."""
    parts = [text[words[0].start : words[0].end]]
    for before, each in pairwise(words):
        between = text[before.end : each.start]
        if each.start < before.end:
            continue  # one word as written, two in full
        gap = between if not any(one.isalnum() for one in between) else " … "
        parts += [(" ".join(gap.split()) and gap) or " ", text[each.start : each.end]]
    return " ".join("".join(parts).split())


def _reasons(found: _Found) -> tuple[str, ...]:
    weightiest = sorted(found.reasons, key=lambda each: -each[0])
    return tuple(reason for _, reason in weightiest[:REASONS])

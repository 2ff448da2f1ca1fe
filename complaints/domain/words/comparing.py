"""Whether two texts say the same: case, spaces, punctuation and Unicode forms set aside.

A quote has to stand in what the customer said (020-2.2), a summary must not be the story again
(020-1.2), an alternative must not be the refused offer with a full stop more (020-3.5).
"""

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import accumulate

#: A longer story is not its own summary; one of so few sentences may be.
SENTENCES_OF_A_SHORT_STORY = 3

#: What ends in a full stop without ending a sentence.
_SHORTENED = re.compile(
    r"\b(?:bpk|bp|sdr|sdri|yth|dr|drs|ir|hj|h|no|jl|jln|gg|kec|kab|kel|rt|rw|pt|cv|tgl|tlp|telp|hlm"
    r"|rp|dll|dsb|dst|mr|mrs|ms|st|ext|approx)\.",
    re.IGNORECASE,
)
_END = re.compile(r"[.!?…。！？]+(?=[\s\"”’')\]]|$)|\n+")
#: Chinese, Japanese, Thai: several words may stand there without a space.
_HAS_NO_SPACES = re.compile(r"[\u0e00-\u0eff\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]{2}")
_LEFT_OUT = re.compile(r"\[?\(?(?:…|\.{3,})\)?\]?")
_GAP = re.compile(r"\{[a-z_]+\}")


@lru_cache(maxsize=512)  # the phrases of the courtesy check are asked for with every text
def words_of(text: str) -> tuple[str, ...]:
    """The words of a text as they are compared: small letters and digits, nothing between them."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    plain = unicodedata.normalize("NFC", "".join(_kept(each) for each in plain))
    return tuple(plain.split())


def is_same(one: str, other: str) -> bool:
    """Whether two texts have the same words in the same order, wherever they are parted."""
    return "".join(words_of(one)) == "".join(words_of(other))


def has_no_spaces(text: str) -> bool:
    """Whether a text is in a script that parts no words by spaces: Chinese, Japanese, Thai."""
    return _HAS_NO_SPACES.search(text) is not None


def stands_in(quote: str, texts: Iterable[str], denials: Collection[str] = ()) -> bool:
    """Whether a quote stands in one of the texts, in whole words.

    What the quote leaves out with dots (…) may be anything; its parts keep their order. With
    `denials` no part may begin right behind one of these words or phrases: "setuju" does not stand
    in "tidak setuju". The sentence before has no part in that.
    """
    parts = [words_of(part) for part in _LEFT_OUT.split(quote)]
    wanted = ["".join(part) for part in parts if part]
    barring = {words_of(each) for each in denials}
    return bool(wanted) and any(_holds(text, wanted, barring) for text in texts)


def count_sentences(text: str) -> int:
    """How many sentences a text has; a line without a full stop is one as well."""
    plain = _SHORTENED.sub(lambda found: found[0].removesuffix("."), text)
    return sum(1 for each in _END.split(plain) if words_of(each))


def sentences_of(text: str) -> list[str]:
    """The sentences of a text as they stand in it, each with its own end."""
    found, begin = [], 0
    inner = {each.end() for each in _SHORTENED.finditer(text)}
    for end in _END.finditer(text):
        if end.end() in inner:
            continue
        found.append(text[begin : end.end()].strip())
        begin = end.end()
    found.append(text[begin:].strip())
    return [each for each in found if words_of(each)]


def repeats_story(summary: str, story: str) -> bool:
    """Whether a summary is nothing but a story that was too long to be its own summary."""
    if count_sentences(story) <= SENTENCES_OF_A_SHORT_STORY:
        return False
    told = "".join(words_of(story))
    return bool(told) and told in "".join(words_of(summary))


def is_template(text: str, templates: Iterable[str], names: Iterable[str] = ()) -> bool:
    """Whether a text is a script with nothing in it but these names, or has a gap that is open."""
    known = {word for name in names for word in words_of(name)}

    def said(words: str) -> list[str]:
        return [word for word in words_of(words) if word not in known]

    scripts = [said(_GAP.sub(" ", template)) for template in templates]
    return bool(_GAP.search(text)) or said(text) in scripts


def _kept(character: str) -> str:
    """A letter, mark or digit itself; nothing for what no eye sees; a space for all others."""
    kind = unicodedata.category(character)
    if kind[0] in "LNM":
        return character
    return "" if kind == "Cf" else " "


def _holds(text: str, wanted: Sequence[str], barring: Collection[tuple[str, ...]]) -> bool:
    """Whether the parts stand in the text one after the other, each from edge to edge."""
    words = words_of(text)
    run, edges = "".join(words), [0, *accumulate(len(word) for word in words)]
    barred = {edges[each] for each in _behind(text, barring)} if barring else set()
    at = 0
    for part in wanted:
        at = _find(run, part, at, set(edges), barred)
        if at < 0:
            return False
    return True


def _behind(text: str, barring: Collection[tuple[str, ...]]) -> Iterator[int]:
    """Which words of the text stand right behind one of these phrases, in the same sentence."""
    first = 0
    for sentence in _END.split(text):
        words = words_of(sentence)
        for n in range(1, len(words)):
            if any(words[:n][-len(phrase) :] == phrase for phrase in barring if phrase):
                yield first + n
        first += len(words)


def _find(run: str, part: str, at: int, edges: set[int], barred: set[int]) -> int:
    """Where the part ends behind `at`, or -1; scripts without spaces have an edge everywhere."""
    while (start := run.find(part, at)) >= 0:
        end = start + len(part)
        if start not in barred and _is_edge(run, start, edges) and _is_edge(run, end, edges):
            return end
        at = start + 1
    return -1


def _is_edge(run: str, at: int, edges: set[int]) -> bool:
    return at in edges or unicodedata.category(run[at]) == "Lo"

"""How people say what they complain of: typed from `synonyms.toml`."""

import math
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence, Set
from dataclasses import dataclass

from complaints.domain.config_fields import (
    Table,
    flag,
    refuse_fields,
    refuse_unknown,
    tables,
    texts,
    typed,
)
from complaints.domain.suggestions.facts import FactRules
from complaints.domain.suggestions.spelling import read_words

#: What is longer is a sentence, which nobody types the same again.
LONGEST, MOST_WORDS = 80, 10
#: So many phrases and spellings a file may hold; every story is read against all of them.
MOST_PHRASES, MOST_SPELLINGS = 10_000, 2_000
_PHRASES = ("phrases_id", "phrases_en")
_FIELDS = {"version", "propose", "common", "facts", "spelling", "words"}
_WORDS_FIELDS, _SPELLING_FIELDS = {"of", *_PHRASES}, {"word", "written"}

Spellings = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Phrase:
    """A phrase `of` a code as it stands in the file, and its words as they are compared."""

    of: str
    text: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Synonyms:
    """Phrases by code, in the order of the file, and what is needed to find them in a text.

    `by_first` are the phrases by their first word. `weights` says how much a word tells: little
    where many codes have it. `counts` is, by word and code, how many phrases of the code have it.
    `is_proposing` says whether the organisation wants proposals. `written` are, by word, its other
    spellings, those that stand for further words too included; `common` words tell nothing. `facts`
    says from when on what is known of the ticket counts.
    """

    version: str
    is_proposing: bool
    common: Set[str]
    spellings: Spellings
    written: Spellings
    phrases: Mapping[str, tuple[Phrase, ...]]
    by_first: Mapping[str, Sequence[Phrase]]
    weights: Mapping[str, float]
    counts: Mapping[str, Mapping[str, int]]
    facts: FactRules

    @classmethod
    def from_dict(cls, data: Table, *, codes: Collection[str] | None = None) -> "Synonyms":
        """Read the form of `config/synonyms.toml`; ValueError says what is wrong.

        With `codes` the phrases have to be of one of them.
        """
        refuse_fields("synonyms", data, _FIELDS)
        spellings = _read_spellings(data)
        phrases: dict[str, tuple[Phrase, ...]] = {}
        for each in tables("synonyms", data, "words"):
            code = typed("words", each, "of", str)
            if code in phrases:
                raise ValueError(f"words of {code}: they are in the file twice")
            phrases[code] = _read_phrases(code, each, spellings)
        refuse_unknown("synonyms", "category", phrases, codes)
        if sum(map(len, phrases.values())) > MOST_PHRASES:
            raise ValueError(f"synonyms: at most {MOST_PHRASES} phrases")
        version, written = str(data.get("version", "1")), _other_spellings(spellings)
        is_proposing = flag("synonyms", data, "propose") if "propose" in data else True
        common = frozenset(texts("synonyms", data, "common"))
        facts = FactRules.from_dict(data)
        found = (spellings, written, phrases, *_index(phrases))
        return cls(version, is_proposing, common, *found, facts)

    def of(self, code: str) -> tuple[Phrase, ...]:
        """The phrases of a code; none where nobody wrote any."""
        return self.phrases.get(code, ())


def _read_spellings(data: Table) -> Spellings:
    found: dict[str, tuple[str, ...]] = {}
    for each in tables("synonyms", data, "spelling"):
        word = typed("spelling", each, "word", str)
        where = f"spelling of {word}"
        refuse_fields(where, each, _SPELLING_FIELDS)
        full = tuple(one.spelled for one in read_words(word, {}))
        for written in texts(where, each, "written"):
            read = read_words(written, {})
            if len(read) != 1 or not full:
                raise ValueError(f"{where}: {written!r} is not one word")
            if found.setdefault(read[0].spelled, full) != full:
                raise ValueError(f"{where}: {written!r} is also written for another word")
    if len(found) > MOST_SPELLINGS:
        raise ValueError(f"synonyms: at most {MOST_SPELLINGS} spellings")
    for word in (one for full in found.values() for one in full if one in found):
        if found[word] != (word,):
            raise ValueError(f"spelling: {word!r} is both a word and another spelling of one")
    return found


def _other_spellings(spellings: Spellings) -> Spellings:
    found: dict[str, list[str]] = defaultdict(list)
    for written, full in spellings.items():
        for word in full:
            found[word].append(written)
    return {word: tuple(written) for word, written in found.items()}


def _read_phrases(code: str, data: Table, spellings: Spellings) -> tuple[Phrase, ...]:
    where = f"words of {code}"
    refuse_fields(where, data, _WORDS_FIELDS)
    found: dict[tuple[str, ...], Phrase] = {}
    for text in (one for name in _PHRASES for one in texts(where, data, name)):
        words = tuple(one.spelled for one in read_words(text, spellings))
        if not words or len(text) > LONGEST or len(words) > MOST_WORDS:
            raise ValueError(
                f"{where}: {text[:LONGEST]!r} is not a phrase of 1 to {MOST_WORDS} words"
            )
        if words in found:
            raise ValueError(f"{where}: {text!r} and {found[words].text!r} are the same")
        found[words] = Phrase(code, text, words)
    return tuple(found.values())


def _index(
    phrases: Mapping[str, Sequence[Phrase]],
) -> tuple[Mapping[str, Sequence[Phrase]], Mapping[str, float], Mapping[str, Mapping[str, int]]]:
    by_first: dict[str, list[Phrase]] = defaultdict(list)
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for each in (one for listed in phrases.values() for one in listed):
        by_first[each.words[0]].append(each)
        for word in set(each.words):
            counts[word][each.of] += 1
    weights = {word: math.log(1 + len(phrases) / len(of)) for word, of in counts.items()}
    return dict(by_first), weights, dict(counts)

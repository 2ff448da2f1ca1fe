"""What was typed into the search, read as groups of words that a complaint or a customer has.

Nothing that is typed is search syntax: it is cut into plain words first, as both databases cut what
they index. Each word stands for itself and for what the organisation calls another spelling of it.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from complaints.domain.searching.amounts import Amount, find_amounts, terms_of
from complaints.domain.searching.terms import Group, Term, beginning, group_of
from complaints.domain.words.folding import clean

#: Words beyond these do not narrow the search any further, nor does what is typed beyond so much.
MOST_WORDS = 6
LONGEST, LONGEST_WORD = 200, 60
#: "internetnya" is found by "internet", and the other way round.
ENDINGS = ("nya", "ku", "mu")
#: A word without its ending is not shorter than this: "punya" is no "pu".
SHORTEST_STEM = 4
#: So many digits tell enough of a telephone number.
FEWEST_DIGITS = 4

_WORD = re.compile(r"[^\W_]+")
#: Latin letters that may have an accent of their own, and accents beside their letter.
_ACCENTED = re.compile("[\u00c0-\u024f\u1e00-\u1eff]")
_COMBINING = re.compile("[\u0300-\u036f]")
#: Digits with what stands between those of a telephone number; no word begins or ends there.
_DIGITS = re.compile(r"(?<![^\W_])\+?\(?[0-9](?:[0-9 ().\-]*[0-9])?(?![^\W_])", re.ASCII)
_TRUNK = "0"

#: Word → how else it is written; and another spelling → the words it stands for.
Written = Mapping[str, Sequence[str]]
Spelled = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed: `groups` as a complaint has them, `of_customer` as a customer's record.

    `digits` are those of the telephone number, or part of one, that was typed and nothing else.
    """

    text: str
    words: tuple[str, ...]
    groups: tuple[Group, ...]
    of_customer: tuple[Group, ...]
    digits: str | None


@dataclass(frozen=True, slots=True)
class Spellings:
    """Other spellings of words, both ways; none where the organisation keeps none."""

    spelled: Spelled
    written: Written


NO_SPELLINGS = Spellings({}, {})


def plainly(text: str) -> str:
    """A text as the index of either database holds it: small letters, Latin ones without accents.

    Everything but letters and digits parts words there, so that INV/2026/0042 is three.
    """
    cleaned = clean(text)
    if cleaned.isascii():
        return cleaned.lower()
    composed = unicodedata.normalize("NFC", cleaned)
    plain = (
        unicodedata.normalize("NFD", each)[0] if _ACCENTED.match(each) else each
        for each in composed
    )
    return _COMBINING.sub("", "".join(plain)).lower()


def words_in(text: str) -> set[str]:
    """The words of a text, as the index of either database cuts them."""
    return set(_WORD.findall(plainly(text)))


def read_typed(typed: str, spellings: Spellings = NO_SPELLINGS, country: str = "") -> Typed:
    """Read what was typed; a telephone number without a country is one of `country`, as digits."""
    text = typed.replace("\x00", " ").strip()[:LONGEST]
    plain = plainly(text)
    groups = tuple(_groups(plain, list(find_amounts(plain)), spellings))[:MOST_WORDS]
    words = tuple(word[:LONGEST_WORD] for word in _WORD.findall(plain)[:MOST_WORDS])
    of_customer = tuple(_of_customer(plain, spellings, country))[:MOST_WORDS]
    run = _DIGITS.fullmatch(plain)
    digits = _digits(run.group()) if run else ""
    return Typed(text, words, groups, of_customer, digits or None)


def _groups(plain: str, amounts: Sequence[Amount], spellings: Spellings) -> Iterator[Group]:
    place = 0
    for amount in amounts:
        yield from _words(plain[place : amount.start], spellings, is_end=False)
        yield terms_of(amount, is_last=not _WORD.search(plain[amount.end :]))
        place = amount.end
    yield from _words(plain[place:], spellings, is_end=True)


def _of_customer(plain: str, spellings: Spellings, country: str) -> Iterator[Group]:
    """A number typed in pieces is one; a zero in front stands for the country."""
    place = 0
    for run in _DIGITS.finditer(plain):
        digits = _digits(run.group())
        if len(digits) < FEWEST_DIGITS:
            continue
        yield from _words(plain[place : run.start()], spellings, is_end=False)
        terms = [beginning(digits), Term(tuple(_WORD.findall(run.group())))]
        if digits.startswith(_TRUNK) and not digits.startswith(2 * _TRUNK):
            terms.append(beginning(country + digits[1:]))
        yield group_of(terms)
        place = run.end()
    yield from _words(plain[place:], spellings, is_end=True)


def _words(plain: str, spellings: Spellings, *, is_end: bool) -> Iterator[Group]:
    found = [word[:LONGEST_WORD] for word in _WORD.findall(plain)[:MOST_WORDS]]
    for n, word in enumerate(found):
        yield group_of(_terms(word, spellings, is_last=is_end and n == len(found) - 1))


def _terms(word: str, spellings: Spellings, *, is_last: bool) -> Iterator[Term]:
    # Few digits are a part of nearly everybody's telephone number.
    is_short_number = word.isdigit() and len(word) < FEWEST_DIGITS
    yield beginning(word) if is_last and not is_short_number else Term((word,))
    if not word.isalpha():
        return
    stem = _stem(word)
    for base in dict.fromkeys((word, stem)):
        full = tuple(spellings.spelled.get(base, ()))
        yield Term((base,))
        if len(full) > 1:
            first, *rest = full
            yield Term(full)
            yield from (Term((other, *rest)) for other in spellings.written.get(first, ()))
            continue
        for each in dict.fromkeys((base, *full)):
            yield Term((each,))
            yield from (Term((other,)) for other in spellings.written.get(each, ()))
    if len(stem) >= SHORTEST_STEM:
        yield from (Term((stem + ending,)) for ending in ENDINGS)


def _stem(word: str) -> str:
    for ending in ENDINGS:
        stem = word.removesuffix(ending)
        if stem != word and len(stem) >= SHORTEST_STEM:
            return stem
    return word


def _digits(text: str) -> str:
    digits = re.sub("[^0-9]", "", text)
    return digits if len(digits) >= FEWEST_DIGITS else ""

"""What of a complaint must not stand in a public reply: who the customer is, how to reach them."""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from complaints.domain.errors import N_
from complaints.domain.words.folding import fold

#: A number of a telephone as people write it within a text.
_DIGITS = re.compile(r"\+?\d[\d ().\-]{5,}\d")
_WORD = re.compile(r"[^\W_]+")
#: Names so short stand in many words of a sentence.
_SHORTEST_NAME = 3

PHONE = N_("the customer's phone number")
EMAIL = N_("the customer's email address")
NAME = N_("the customer's name")
NUMBER = N_("the customer number")
COMPLAINT = N_("the number of the complaint")


@dataclass(frozen=True, slots=True)
class Person:
    """Whom a private complaint is about, as far as we know them."""

    name: str = ""
    phones: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    complaint: str = ""


def numbers_in(text: str) -> list[str]:
    """What in a text may be a telephone number, as it is written there."""
    return _DIGITS.findall(text)


def personal_in(text: str, person: Person, author: str, called: Collection[str]) -> list[str]:
    """What of the person stands in a text that everybody reads, in words.

    A name that the author of the post goes by in public is told by themselves. `called` are the
    telephone numbers in the text, in the form in which the person's are kept.
    """
    plain = text.casefold()
    words, known = _words(text), _words(author)
    found = []
    if any(each in called for each in person.phones if each):
        found.append(PHONE)
    if any(each.casefold() in plain for each in person.emails if each):
        found.append(EMAIL)
    if any(len(each) >= _SHORTEST_NAME and each in words - known for each in _words(person.name)):
        found.append(NAME)
    if _stands_in(person.numbers, plain):
        found.append(NUMBER)
    if _stands_in([person.complaint], plain):
        found.append(COMPLAINT)
    return found


def _stands_in(numbers: Iterable[str], plain: str) -> bool:
    return any(
        re.search(rf"(?<!\w){re.escape(each.casefold())}(?!\w)", plain)
        for each in numbers
        if len(each) >= _SHORTEST_NAME
    )


def _words(text: str) -> set[str]:
    return set(_WORD.findall(fold(text)))

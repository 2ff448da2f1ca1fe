"""What of a complaint must not stand in a public reply: who the customer is, how to reach them."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from complaints.domain.errors import N_
from complaints.domain.words.folding import fold

#: What people write between the digits of a number, and around it.
_BETWEEN = re.compile(r"[\W_]+")
_WORD = re.compile(r"[^\W_]+")
#: Names so short stand in many words of a sentence.
_SHORTEST_NAME = 3

#: How people write an address so that programs shall not read it; whoever reads it does.
_AT = re.compile(r"\s*[(\[{<]\s*(?:at|@)\s*[)\]}>]\s*|(?<=\w)\s+@\s+(?=[\w.-]+\.[a-z]{2,3}\b)")
_DOT = re.compile(r"\s*[(\[{<]\s*(?:dot|titik|\.)\s*[)\]}>]\s*")

PHONE = N_("the customer's phone number")
EMAIL = N_("the customer's email address")
NAME = N_("the customer's name")
NUMBER = N_("the customer number")
COMPLAINT = N_("the number of the complaint")
OURS = N_("a number of ours")


@dataclass(frozen=True, slots=True)
class CustomerKnown:
    """Whom a private complaint is about, as far as we know them.

    `phones` are digits without country code and zero in front; `complaints` every way in which the
    number of the complaint may have been told.
    """

    names: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    complaints: tuple[str, ...] = ()


def as_read(text: str) -> str:
    """A text as people read it, in small letters: what nobody sees in it and how it is spaced,
    hyphened or hidden from programs changes nothing.
    """
    digits = "".join(str(unicodedata.decimal(each, each)) for each in fold(text))
    return _DOT.sub(".", _AT.sub("@", digits))


def personal_in(text: str, known: CustomerKnown, author: str) -> list[str]:
    """What of the customer stands in a text that everybody reads, in words.

    A name that the author of the post goes by in public is told by themselves. A telephone number
    is looked for in all digits that follow each other, whatever stands between, before or behind.
    """
    plain = as_read(text)
    digits = _BETWEEN.sub("", plain)
    own = _words(text) - _words(author)
    found = []
    if any(each in digits for each in known.phones if each):
        found.append(PHONE)
    if any(fold(each) in plain for each in known.emails if each):
        found.append(EMAIL)
    names = _words(" ".join(known.names))
    if any(len(each) >= _SHORTEST_NAME and each in own for each in names):
        found.append(NAME)
    if _stands_in(known.numbers, plain):
        found.append(NUMBER)
    if _stands_in(known.complaints, plain):
        found.append(COMPLAINT)
    return found


def _stands_in(numbers: Iterable[str], plain: str) -> bool:
    return any(
        re.search(rf"(?<!\w){re.escape(fold(each))}(?!\w)", plain)
        for each in numbers
        if len(each) >= _SHORTEST_NAME
    )


def _words(text: str) -> set[str]:
    return set(_WORD.findall(fold(text)))

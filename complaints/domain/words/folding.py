"""One spelling for what people spell in many ways: how texts are cleaned, and how compared.

Two programs, two keyboards and two hands write one name in different characters: a space that does
not break, an apostrophe that curls, an accent of its own, a mark that nobody sees. What is kept is
`clean`; what is compared or looked up is `fold`, on both sides.
"""

import re
import unicodedata

#: Marks that nobody sees and that are no format character to Unicode: fillers, variation selectors.
_UNSEEN = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)
#: What is typed, or put in by a program, for an apostrophe.
_APOSTROPHES = re.compile(
    "[`\u00b4\u02b9\u02bb-\u02bf\u02c8\u02ca\u02cb\u05f3\u2018-\u201b\u2032\u2035\ua78b\ua78c\uff07]"
)
_HYPHENS = re.compile("[\u058a\u2010-\u2015\u2043\u2212\ufe58\ufe63\uff0d]")
#: Controls, format characters, halves of characters, and places nobody has given a character.
_NOT_TEXT = frozenset({"Cc", "Cf", "Cs"})


def is_text(text: str) -> bool:
    """Whether a text can be written in UTF-8; halves of characters cannot."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def clean(text: str) -> str:
    """One line as it was told, without what cannot be seen: NFC, and one space where any stood."""
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    seen = "".join(
        " " if each.isspace() else each
        for each in _UNSEEN.sub("", text).replace("\u2800", " ")
        if each.isspace() or unicodedata.category(each) not in _NOT_TEXT
    )
    return unicodedata.normalize("NFC", " ".join(seen.split()))


def fold(text: str) -> str:
    """A name or number as it is compared: whatever its spaces, case, forms and apostrophes."""
    if not text.isascii():
        # Before the compatible forms: they would take an acute accent for a space.
        text = _HYPHENS.sub("-", _APOSTROPHES.sub("'", text))
        text = unicodedata.normalize("NFKC", text)
        text = unicodedata.normalize("NFKC", clean(text).casefold())
    return clean(text).replace("`", "'").casefold()

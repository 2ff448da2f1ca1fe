"""Bytes of a message as text: by the character set it names, by what they look like, never raising.

Nothing here trusts the name: some codecs are no character sets, and many names are wrong.
"""

import codecs
import re
from collections.abc import Callable

#: Names a likely character set of bytes; None where nothing fits. Given by the caller.
Guess = Callable[[bytes], str | None]

#: Codecs that are no character sets of mail, or take too long for a long text.
_NEVER = frozenset(
    {
        "idna",
        "mbcs",
        "oem",
        "punycode",
        "raw-unicode-escape",
        "undefined",
        "unicode-escape",
    }
)
#: What programs call Latin 1 and is Windows'.
_WINDOWS = frozenset({"iso8859-1", "latin-1", "ascii"})
_UNSHOWN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufeff\ud800-\udfff]")
_LINE_END = re.compile("\r\n?|\u2028|\u2029")


def to_text(data: bytes, declared: str = "", guess: Guess | None = None) -> str:
    """The text of these bytes, cleaned; whatever they are, something that can be read and stored.

    1. the declared character set, when it is one and fits;
    2. UTF-8, when it fits;
    3. what `guess` says, when it fits;
    4. Windows' Latin 1 with marks where a byte means nothing.
    """
    name = _codec(declared)
    candidates = [name, "utf-8"]
    if name in _WINDOWS or not name:
        # What says ASCII and is more is mostly UTF-8; Latin 1 fits everything.
        candidates = ["utf-8"] if not name or name == "ascii" else ["utf-8", "cp1252"]
    for each in filter(None, candidates):
        text = _decoded(data, each)
        if text is not None:
            return clean_text(text)
    if guess is not None and (guessed := _codec(guess(data) or "")):
        text = _decoded(data, guessed)
        if text is not None:
            return clean_text(text)
    return clean_text(data.decode("cp1252", "replace"))


def clean_text(text: str) -> str:
    """One kind of line end, and no character that cannot be stored or shown."""
    return _UNSHOWN.sub("", _LINE_END.sub("\n", text))


def one_line(text: str, most: int = 300) -> str:
    """A text as one clean line, cut where it is longer than `most`."""
    line = " ".join(re.sub("[\x00-\x1f\x7f\x85\u2028\u2029]", " ", text).split())
    return _UNSHOWN.sub("", line)[:most].strip()


def _codec(name: str) -> str:
    """The codec of a character set as Python calls it; empty when it is none."""
    plain = name.strip().strip("\"'").lower()[:40]
    if not plain.isascii() or not plain:
        return ""
    try:
        found = codecs.lookup(plain)
    except (LookupError, ValueError):
        return ""
    is_text = getattr(found, "_is_text_encoding", True)
    return found.name if is_text and found.name.replace("_", "-") not in _NEVER else ""


def _decoded(data: bytes, codec: str) -> str | None:
    try:
        return data.decode(codec)
    except (UnicodeError, LookupError, ValueError, OverflowError):
        return None

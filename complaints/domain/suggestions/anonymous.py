"""A story without whoever it speaks of, so that nothing learned from it tells of a person."""

import re

from complaints.domain.searching.read import plainly

#: After these words somebody's name follows.
_CALLED = re.compile(
    r"\b(?:bapak|bpk|pak|ibu|bu|sdr|sdri|saudara|saudari|mas|mbak|kak|kakak|tuan|nyonya|ny|tn|haji"
    r"|bernama|atas nama|a\.?n\.?|nama saya|mr|mrs|ms|my name is)\b"
    r"\.?[ :]+((?:[^\W\d_'’.-]+[ '’.-]*){1,3})",
    re.IGNORECASE,
)
#: A word with a capital within a sentence: somebody, or some place.
_NAMED = re.compile(r"(?<=[^\W_])([ ,;:(\"'“]+)[A-Z][a-z]\w*")
_WORD = re.compile(r"\w+")


def without_persons(text: str, name: str) -> str:
    """The text without its customer's name, what follows a form of address, and what has a capital.

    Some small words go as well; what is learned can do without them.
    """
    gone = set(_WORD.findall(plainly(name)))
    kept = _NAMED.sub(r"\1", _CALLED.sub(_unnamed, text))
    return _WORD.sub(lambda word: " " if plainly(word.group()) in gone else word.group(), kept)


def _unnamed(found: re.Match[str]) -> str:
    """Of up to three words those with a capital are a name; without any the first one is."""
    words = found[1].split()
    named = [word for word in words if word[:1].isupper()] or words[:1]
    return " ".join(word for word in words if word not in named) + " "

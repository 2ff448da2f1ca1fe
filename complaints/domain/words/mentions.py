"""Names of colleagues in a note: `@dewi`, an e-mail address up to its @, or the whole of it."""

import re

#: A name begins where no word goes on, and with a letter: an address and a price name nobody.
_NAME = re.compile(
    r"(?<![\w.@+-])@(?!rp\.?\d)([a-z][\w.+-]*(?:@[a-z0-9-]+(?:\.[a-z0-9-]+)+)?)", re.IGNORECASE
)
#: More than these nobody calls into one note.
MOST_NAMED = 20


def names_written(text: str) -> tuple[str, ...]:
    """The names written behind an @, in small letters, each once, as they come."""
    found = (match[1].rstrip(".-+").lower() for match in _NAME.finditer(text))
    return tuple(dict.fromkeys(found))


def write_name(email: str, is_shared: bool = False) -> str:
    """How somebody is named in a note; all of the address where others share its beginning."""
    return f"@{email if is_shared else email.partition('@')[0]}"

"""What every database, form and file can hold of a rule: words, finite numbers, yes and no."""

import math
import re
from collections.abc import Mapping

from complaints.domain.errors import N_, Invalid

#: What no database takes: NUL, and halves of characters.
_UNSTORABLE = re.compile(r"[\x00\ud800-\udfff]")
_HIGHEST = 2**63


def require_plain(body: object, place: str = "") -> None:
    """Raise Invalid naming the first place that holds anything else, such as a date or NaN."""
    match body:
        case Mapping():
            for name, each in body.items():
                require_plain(name, place)
                require_plain(each, f"{place}.{name}" if place else str(name))
            return
        case list():
            for nth, each in enumerate(body, 1):
                require_plain(each, f"{place}[{nth}]")
            return
    if not _is_plain(body):
        raise Invalid(
            N_(
                "%(place)s contains a value that cannot be kept. Write a text, a number, true or "
                "false."
            ),
            place=_UNSTORABLE.sub("", place)[:120],
        )


def _is_plain(value: object) -> bool:
    match value:
        case str():
            return _UNSTORABLE.search(value) is None
        case int():
            return abs(value) < _HIGHEST
        case float():
            return math.isfinite(value)
    return value is None

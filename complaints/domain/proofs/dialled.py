"""Which number stands for a call: one that can be dialled, and that is the customer's."""

from collections.abc import Iterable

#: Digits of a number behind 62, area or mobile prefix first, and of one of another country.
_INDONESIAN = range(7, 13)
_ABROAD = range(8, 16)


def is_plausible(number: str) -> bool:
    """Whether a number, normalised to its digits, can be dialled at all."""
    if len(set(number)) < 3:
        return False
    if number.startswith("62"):
        return len(number) - 2 in _INDONESIAN and number[2] != "0"
    return len(number) in _ABROAD


def is_known(number: str, known: Iterable[str | None]) -> bool:
    """Whether it is one of the numbers on record for the customer."""
    return number in {each for each in known if each}


def last_digits(number: str) -> str:
    """As much of a number as the history may keep for ever."""
    return f"…{number[-4:]}"

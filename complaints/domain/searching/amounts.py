"""Amounts of money as people write them, and how the same amount stands in a story.

"1.250.000", "1250000", "Rp1,25 juta" and "1,25jt" are one amount; "Rp" may stand at it or apart. An
amount is looked for as a story would have it cut into words: at every point and comma.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from complaints.domain.searching.terms import Group, Term, beginning, group_of

_MILLION, _THOUSAND = ("juta", "jt"), ("ribu", "rb", "k")
_UNITS = {**dict.fromkeys(_MILLION, 1_000_000), **dict.fromkeys(_THOUSAND, 1_000)}
#: Neither a part of a longer number, an address, a date or a reference, nor a telephone number.
_AMOUNT = re.compile(
    r"(?<![\w.,/+-])"
    r"(?:(?P<rp>rp|idr)\.?\s*)?"
    r"(?P<number>[1-9]\d{0,2}(?:\.\d{3}){1,4}|[1-9]\d{0,2}(?:,\d{3}){2,4}|\d{1,4}[.,]\d{1,2}|[1-9]\d{0,14})"
    r"(?P<cents>[.,]00|,-)?"
    rf"(?:\s?(?P<unit>{'|'.join(_UNITS)})\b)?"
    r"(?![\w]|[.,/-]\d)",
    re.ASCII,
)
#: The least that is written with points, and the most that an amount can be.
_LEAST, _MOST = 1_000, 10**13


@dataclass(frozen=True, slots=True)
class Amount:
    """Whole units, and where they stand in what was typed."""

    value: int
    start: int
    end: int


def find_amounts(text: str) -> Iterator[Amount]:
    """The amounts in a text of small letters; a short number without a unit is none."""
    for found in _AMOUNT.finditer(text):
        value = _value(found["number"], found["unit"])
        if value is not None and _LEAST <= value < _MOST:
            yield Amount(value, *found.span())


def terms_of(amount: Amount, *, is_last: bool) -> Group:
    """How the amount may stand in a story; the last thing typed may go on."""
    whole = str(amount.value)
    written: list[tuple[str, ...]] = [(whole,), tuple(f"{amount.value:,}".split(","))]
    for units, size in ((_MILLION, 1_000_000), (_THOUSAND, 1_000)):
        number = _in_units(amount.value, size)
        if number is not None:
            *before, last = number
            written += [(*number, unit) for unit in units]
            written += [(*before, last + unit) for unit in units]
    with_sign = [("rp" + words[0], *words[1:]) for words in written]
    first = beginning(whole) if is_last else Term((whole,))
    return group_of([first, *map(Term, (*written[1:], *with_sign))])


def _value(number: str, unit: str | None) -> int | None:
    grouped = re.fullmatch(r"\d{1,3}(?:[.,]\d{3})+", number)
    if grouped:
        plain = Decimal(re.sub("[.,]", "", number))
    else:
        plain = Decimal(number.replace(",", "."))
    if unit:
        plain *= _UNITS[unit]
    elif not grouped and not number.isdigit():
        return None
    return int(plain) if plain == int(plain) else None


def _in_units(value: int, size: int) -> tuple[str, ...] | None:
    """The words of "1,25 juta" before the unit; None for what nobody writes so."""
    if not size <= value < size * 1_000:
        return None
    whole, rest = divmod(value, size)
    decimals = f"{rest:0{len(str(size)) - 1}d}".rstrip("0")
    if len(decimals) > 2:
        return None
    return (str(whole), decimals) if decimals else (str(whole),)

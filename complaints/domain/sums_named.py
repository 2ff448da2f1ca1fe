"""The sums of money that a text names, however they are written: in figures, in short, in words."""

import re

from complaints.domain.config.currency import Currency
from complaints.domain.words.folding import fold

_UNITS = {"ribu": 3, "rb": 3, "juta": 6, "jt": 6, "miliar": 9, "milyar": 9}
_NUMBER = r"\d{1,3}(?: \d{3})+(?![.,]?\d)|\d[\d.,]*\d|\d"

_ONES = ("nol", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan")
_FIXED = {word: value for value, word in enumerate(_ONES)} | {"sepuluh": 10, "sebelas": 11}
#: What multiplies the figure right before it, and what multiplies all before it.
_TIMES = {"puluh": 10, "ratus": 100}
_GROUPS = {word: 10**digits for word, digits in _UNITS.items() if len(word) > 2}
#: "seratus" is "satu ratus"; so are the others.
_ONE_OF = {f"se{word}": word for word in (*_TIMES, *_GROUPS) if word != "puluh"}
_WORD = "|".join((*_FIXED, *_TIMES, *_GROUPS, *_ONE_OF, "belas"))

#: What makes a number behind it a year.
_YEARS = ("tahun ", "year ")


def amounts_named(words: str, currency: Currency) -> list[int]:
    """The sums of money that a text names, the highest first; what is worth nothing is left out.

    "Rp1.250.000,00", "IDR 500,000", "50.000 rupiah", "50.000,-", "Rp 25 juta", "1,5 jt",
    "1 juta 500 ribu" and "dua puluh lima juta" are read; bare figures may be anything.
    """
    text = fold(words)
    names = "|".join(re.escape(fold(each)) for each in (*currency.labels.values(), currency.code))
    figures = (
        rf"(?:(?<!\w)(?P<mark>{currency.marks})\s*|(?<![\w.,]))(?P<number>{_NUMBER})"
        rf"(?:\s*(?P<unit>{'|'.join(_UNITS)})\b)?(?:\s*(?P<behind>,-|{names})(?!\w))?"
    )
    found: list[int] = []
    before: re.Match[str] | None = None
    for each in re.finditer(figures, text, re.IGNORECASE):
        if each["mark"] or each["unit"] or each["behind"]:
            # "1 juta 500 ribu" is one sum in two parts.
            part = found.pop() if before and _goes_on(before, each, text) else 0
            found.append(part + _whole_units(each["number"], each["unit"]))
            before = each
    sums = set(found)
    in_words = rf"\b(?P<number>(?:{_WORD})(?:\s+(?:{_WORD}))*)\b(?:\s*(?P<behind>{names})\b)?"
    for each in re.finditer(in_words, text):
        tokens = each["number"].split()
        # "seribu maaf" is a saying; a number of two words and more counts something.
        is_year = text[: each.start()].endswith(_YEARS)
        if each["behind"] or (
            not is_year and len(tokens) > 1 and not _GROUPS.keys().isdisjoint(tokens)
        ):
            sums.add(_counted(tokens))
    return sorted(sums - {0}, reverse=True)


def _whole_units(number: str, unit: str | None) -> int:
    figures = number.replace(" ", "")
    if unit:
        whole, _, part = figures.replace(",", ".").partition(".")
        digits = _UNITS[unit]
        return int(whole + re.sub(r"\D", "", part).ljust(digits, "0")[:digits])
    plain = re.sub(r"[.,]\d{1,2}$", "", figures)
    return int(re.sub(r"\D", "", plain) or 0)


def _goes_on(before: re.Match[str], each: re.Match[str], text: str) -> bool:
    """Whether a number with its unit stands right behind another of a greater unit."""
    is_next = text[before.end() : each.start()].isspace() and not each["mark"]
    return bool(is_next and each["unit"]) and _UNITS[each["unit"]] < _UNITS.get(before["unit"], 0)


def _counted(tokens: list[str]) -> int:
    """What a number in words comes to."""
    total = group = last = 0
    for token in [part for each in tokens for part in _parts(each)]:
        if token in _FIXED:
            last = _FIXED[token]
            group += last
        elif token == "belas":
            group += 10
        elif token in _TIMES:
            group += last * (_TIMES[token] - 1)
        else:
            total += group * _GROUPS[token]
            group = last = 0
    return total + group


def _parts(token: str) -> tuple[str, ...]:
    return ("satu", _ONE_OF[token]) if token in _ONE_OF else (token,)

"""Telephone numbers and e-mail addresses: read as people write them, kept in one form.

A number without a country is an Indonesian one. What can be no number, or an address that no letter
can ever reach, is None; nobody is called and no mail server is asked.
"""

import re
import unicodedata
from functools import lru_cache

import phonenumbers
from email_validator import EmailNotValidError, validate_email
from phonenumbers import PhoneNumber, PhoneNumberMatcher

from complaints.domain.words.folding import clean

#: Where a number belongs that names no country.
COUNTRY = "ID"
#: How the numbers of that country begin.
COUNTRY_CODE = str(phonenumbers.country_code_for_region(COUNTRY))

#: So many numbers and addresses are remembered: an import reads each of them several times.
_KEPT = 4096
#: No number and no address that anybody writes is longer.
_LONGEST = 254
#: So many digits of a number tell enough to look for it.
_FEWEST = 5

#: "Telp. 0812 …", "HP: …": a word in front; letters anywhere else make it no number.
_LABEL = re.compile(r"^[^\W\d_]{1,12}\s*[.:]?\s*(?=[+(0-9])")
_WRITTEN = re.compile(r"\+?[0-9 ().\-]+", re.ASCII)
#: 021/5550100: the area code apart.
_AREA_APART = re.compile(r"(0[0-9]{2,3})\s*/\s*(?=[0-9])", re.ASCII)
#: 81234500001.0: a number that a spreadsheet took for an amount.
_AMOUNT = re.compile(r"(\+?[0-9]{8,})[.,]0{1,2}", re.ASCII)
_SHORTENED = re.compile(r"[0-9]([.,][0-9]+)?\s*[eE]\s*\+?[0-9]{1,2}", re.ASCII)
_TRUNK = re.compile(r"\(\s*0\s*\)")
_ADDRESS = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[\w-]+(?:\.[\w-]+)+")


def is_shortened(typed: str) -> bool:
    """Whether a spreadsheet wrote this number as 6,28123E+12, so that its last digits are lost."""
    return _SHORTENED.fullmatch(clean(typed)) is not None


@lru_cache(_KEPT)
def normalise_phone(typed: str) -> str | None:
    """A telephone number as it is stored: country code and digits; None when it cannot be one."""
    if len(typed) > _LONGEST:
        return None
    # A spreadsheet is told with an apostrophe that a number is a text.
    plain = unicodedata.normalize("NFKC", _hyphened(clean(typed))).removeprefix("'")
    if found := _AMOUNT.fullmatch(plain):
        plain = found[1]
    plain = _AREA_APART.sub(r"\1 ", _LABEL.sub("", plain, count=1))
    if not _WRITTEN.fullmatch(plain):
        return None
    digits = re.sub("[^0-9]", "", _TRUNK.sub("", plain) if "+" in plain else plain)
    if digits.startswith("00") or (plain.startswith("+") and not digits.startswith("0")):
        return _stored(_parse("+" + digits.removeprefix("00")))
    if digits.startswith("0"):
        return _stored(_parse(digits))
    # No zero in front: a spreadsheet has dropped it, or the country stands there without its plus.
    abroad, at_home = _parse("+" + digits), _parse(digits)
    if digits.startswith(COUNTRY_CODE):
        return _stored(abroad)
    if at_home is not None and phonenumbers.is_valid_number(at_home):
        return _stored(at_home)
    if abroad is not None and phonenumbers.is_valid_number(abroad):
        return _stored(abroad)
    return _stored(at_home)


def national_part(stored: str) -> str:
    """The digits of a stored number that stand in it however it is written."""
    digits = re.sub("[^0-9]", "", stored)
    parsed = _parse("+" + digits)
    national = phonenumbers.national_significant_number(parsed) if parsed is not None else digits
    return national.lstrip("0")


def beginning_of_phone(typed: str) -> str | None:
    """What a stored number begins with of which so much has been typed; None when it is no number.

    A whole number is found as it is stored; fewer than five digits fit too many.
    """
    whole = normalise_phone(typed)
    plain = unicodedata.normalize("NFKC", clean(typed[:_LONGEST]))
    if whole is not None or not _WRITTEN.fullmatch(plain):
        return whole
    digits = re.sub("[^0-9]", "", plain).removeprefix("00")
    if digits.startswith("0"):
        digits = COUNTRY_CODE + digits[1:]
    return digits if len(digits) >= _FEWEST else None


@lru_cache(_KEPT)
def normalise_email(typed: str) -> str | None:
    """An e-mail address as it is stored and written to; None when no letter can ever reach it."""
    address = clean(typed)
    if not address or len(address) > _LONGEST:
        return None
    try:
        found = validate_email(
            address, check_deliverability=False, allow_smtputf8=False, strict=True
        )
    except EmailNotValidError:
        return None
    return (found.ascii_email or found.normalized).lower()


def reached_by(text: str) -> tuple[frozenset[str], frozenset[str]]:
    """The telephone numbers and the e-mail addresses that stand in a text, as they are stored."""
    plain = unicodedata.normalize("NFKC", _hyphened(text))
    phones = (_stored(each.number) for each in PhoneNumberMatcher(plain, COUNTRY))
    emails = (normalise_email(each.strip(".")) for each in _ADDRESS.findall(plain))
    return frozenset(filter(None, phones)), frozenset(filter(None, emails))


def staff_email(typed: str) -> str:
    """The address of an account as it is stored and looked up, however it was typed.

    What can be no address stays as typed, so that it is found by nobody.
    """
    return normalise_email(typed) or clean(typed).lower()


def _hyphened(text: str) -> str:
    return re.sub("[\u2010-\u2015\u2212]", "-", text)


def _parse(number: str) -> PhoneNumber | None:
    try:
        return phonenumbers.parse(number, COUNTRY)
    except phonenumbers.NumberParseException:
        return None


def _stored(number: PhoneNumber | None) -> str | None:
    if number is None:
        return None
    if str(number.country_code) == COUNTRY_CODE:
        # What is too short for the country keeps its trunk zero, which no number here has.
        number.italian_leading_zero = False
    if not phonenumbers.is_possible_number(number):
        return None
    written = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return written.removeprefix("+")

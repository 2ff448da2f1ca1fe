"""A complaint's number: written one way, read as people type it, of any organisation's prefix."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from complaints.domain.number import PATTERN, NumberForm

OURS = NumberForm("KLH")
RENAMED = NumberForm("ADUAN", former=("KLH", "TKT"))


def test_a_number_is_the_prefix_the_year_and_the_id():
    assert OURS.write(2026, 123) == "KLH-2026-000123"
    assert OURS.write(2026, 1_234_567) == "KLH-2026-1234567"
    assert RENAMED.write(2026, 123) == RENAMED.example == "ADUAN-2026-000123"


@pytest.mark.parametrize("form", [OURS, RENAMED])
@given(year=st.integers(1900, 9999), key=st.integers(1, 999_999_999))
def test_what_is_written_is_read_back_and_fits_the_pattern(form, year, key):
    number = form.write(year, key)
    assert form.read(number) == form.recognise(number) == (year, key)
    assert re.search(PATTERN, number)


@pytest.mark.parametrize(
    ("number", "found"),
    [
        ("KLH-2026-000123", (2026, 123)),
        (" klh-2026-123 ", (2026, 123)),
        ("KLH-2026-1e3", None),
        ("KLH-2026-٠٠٠٠٠١", None),
        ("KLH-2026-99999999999999999999", None),
        ("KLH-26-000001", None),
        ("ABC-2026-000123", None),
        ("2026-000123", None),
        ("000123", None),
        ("", None),
    ],
)
def test_a_whole_number_only_is_read(number, found):
    assert OURS.read(number) == found


def test_numbers_told_under_an_earlier_prefix_are_still_read():
    assert RENAMED.read("KLH-2026-000123") == RENAMED.read("tkt-2026-123") == (2026, 123)
    assert RENAMED.recognise("klh 2026 123") == (2026, 123)
    assert OURS.read("ADUAN-2026-000123") is None


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("KLH-2026-000123", (2026, 123)),
        ("klh 2026 123", (2026, 123)),
        ("2026-000123", (2026, 123)),
        ("123", (None, 123)),
        ("#123", (None, 123)),
        ("00123", (None, 123)),
        ("081234567890", None),
        ("KLH-2026-999999999999", None),
        ("KLH", None),
        ("١", None),
        ("modem 12", None),
        ("", None),
    ],
)
def test_a_number_is_recognised_as_people_type_it(typed, number):
    assert OURS.recognise(typed) == number


@pytest.mark.parametrize(
    ("table", "sentence"),
    [
        ({}, "a prefix must be 2 to 6 capital letters"),
        ({"prefix": "A"}, "a prefix must be"),
        ({"prefix": "KLH-"}, "a prefix must be"),
        ({"prefix": "K2"}, "a prefix must be"),
        ({"prefix": "KLH", "former": "ABC"}, "former must be a list"),
        ({"prefix": "KLH", "former": ["abc"]}, "a prefix must be"),
        ({"prefix": "ADUAN", "formerly": ["KLH"]}, "nothing here is called formerly"),
    ],
)
def test_a_mistake_in_the_file_is_one_sentence(table, sentence):
    with pytest.raises(ValueError, match=sentence):
        NumberForm.from_dict(table)


def test_the_form_comes_from_the_organisations_file():
    assert NumberForm.from_dict({"prefix": "ADUAN", "former": ["KLH", "TKT"]}) == RENAMED

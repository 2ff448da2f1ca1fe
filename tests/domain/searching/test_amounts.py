"""Amounts as people write them are one amount; what only looks like one is none."""

import pytest

from complaints.domain.searching.amounts import find_amounts


@pytest.mark.parametrize(
    "typed",
    [
        "1.250.000",
        "1250000",
        "1,250,000",
        "rp1.250.000,-",
        "rp 1.250.000,00",
        "1,25 juta",
        "1.25jt",
    ],
)
def test_one_amount_however_it_is_written(typed):
    assert [each.value for each in find_amounts(typed)] == [1_250_000]


@pytest.mark.parametrize(
    "typed",
    [
        "192.168.1.1",
        "2026-11-03",
        "v2.10.3",
        "inv/2026/0042",
        "12",
        "3,5",
        "+62812345678",
    ],
)
def test_what_is_no_amount(typed):
    assert list(find_amounts(typed)) == []

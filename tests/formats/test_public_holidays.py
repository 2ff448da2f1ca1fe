"""A year's holidays as a proposal: national days and collective leave, regions, other countries."""

from __future__ import annotations

from datetime import date

import pytest

from complaints.domain.errors import Invalid
from complaints.formats.public_holidays import country_codes, holidays_of, regions_of


def test_indonesia_has_its_national_days_and_its_collective_leave():
    days = holidays_of("ID", "", 2026)
    assert days[date(2026, 8, 17)] == "Hari Kemerdekaan Republik Indonesia"
    assert days[date(2026, 12, 24)] == "Cuti Bersama Hari Raya Natal"
    assert {day.year for day in days} == {2026}


def test_regions_have_holidays_of_their_own():
    assert ("BY", "Bayern") in regions_of("DE") or "BY" in dict(regions_of("DE"))
    epiphany = date(2026, 1, 6)
    assert epiphany in holidays_of("DE", "BY", 2026)
    assert epiphany not in holidays_of("DE", "", 2026)


def test_a_country_without_regions_has_none():
    assert regions_of("ID") == []
    assert regions_of("XX") == []


@pytest.mark.parametrize(
    ("country", "region", "year", "field"),
    [("XX", "", 2026, "country"), ("ID", "BY", 2026, "region"), ("ID", "", 1800, "year")],
)
def test_an_unknown_place_or_year_is_refused(country, region, year, field):
    with pytest.raises(Invalid) as refusal:
        holidays_of(country, region, year)
    assert refusal.value.field == field


def test_many_countries_are_known():
    assert {"ID", "MY", "SG", "TL", "AU"} <= set(country_codes())

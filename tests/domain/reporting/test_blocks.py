"""Any period is put together from few blocks, each day once; and is set against as long a one."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from complaints.domain.reporting.blocks import blocks_between, blocks_by_month, blocks_of
from complaints.domain.reporting.previous import past_part, stretch_before
from complaints.domain.reporting.spans import counted_span

DAYS = st.dates(date(2019, 1, 1), date(2031, 12, 31))


@given(DAYS, st.integers(0, 1500))
def test_each_day_of_a_period_lies_in_one_of_its_blocks(first: date, length: int):
    last = first + timedelta(days=length)
    wanted, by_month = blocks_between(first, last), blocks_by_month(first, last)
    assert len(wanted) == len(set(wanted))
    for place in range(-40, length + 40):
        day = first + timedelta(days=place)
        is_within = first <= day <= last
        assert len(set(blocks_of(day)) & set(wanted)) == is_within
        (*found,) = set(blocks_of(day)) & set(by_month)
        months = (day.year - first.year) * 12 + day.month - first.month
        assert [by_month[each] for each in found] == [months] * is_within


def test_three_years_are_put_together_from_little_more_than_a_month():
    assert len(blocks_between(date(2023, 12, 1), date(2026, 11, 30))) == 14
    assert len(blocks_between(date(2026, 11, 1), date(2026, 11, 30))) == 1
    worst = max(
        len(blocks_between(date(2026, 1, 2) + timedelta(days=skip), date(2026, 12, 30)))
        for skip in range(300)
    )
    assert worst <= 35


@pytest.mark.parametrize(
    ("first", "last", "before"),
    [
        ("2026-03-01", "2026-03-10", ("2026-02-01", "2026-02-10")),
        ("2026-03-01", "2026-03-31", ("2026-02-01", "2026-02-28")),
        ("2026-03-01", "2026-03-30", ("2026-02-01", "2026-02-28")),
        ("2026-01-01", "2026-03-31", ("2025-10-01", "2025-12-31")),
        ("2026-03-10", "2026-03-16", ("2026-03-03", "2026-03-09")),
    ],
)
def test_half_a_month_is_set_against_half_a_month(first: str, last: str, before: tuple[str, str]):
    found = stretch_before(date.fromisoformat(first), date.fromisoformat(last))
    assert tuple(each.isoformat() for each in found) == before


def test_what_has_not_come_yet_is_set_against_nothing():
    first, last = date(2026, 3, 1), date(2026, 3, 31)
    assert past_part(first, last, date(2026, 3, 10)) == (first, date(2026, 3, 10))
    assert past_part(first, last, date(2026, 2, 28)) is None


@given(st.integers(0, 10**7))
def test_nothing_is_counted_as_longer_than_it_was(seconds: int):
    counted = counted_span(seconds)
    assert 0 <= seconds - counted < 3600
    assert counted_span(counted) == counted
    assert counted_span(10 * 60 + 59) == 600

"""Before and after: equal days, an exact interval, and silence where little is known."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from complaints.domain.improvement.effect import Judgement, Window, evaluate, windows
from complaints.domain.reporting.intervals import exact_share_interval, ratio_interval

DAY = date(2026, 11, 19)
OVER = DAY + timedelta(days=400)


def stretch(cases: int, of: int, unknown: int = 0) -> Window:
    return Window(DAY, DAY, cases, of, unknown)


def judged(*sides: tuple[int, ...]) -> Judgement:
    before, after = (stretch(*each) for each in sides)
    return evaluate(before, after, today=OVER).judgement


@pytest.mark.parametrize("weeks", [4, 8, 12])
def test_the_days_are_equally_many_and_the_day_itself_in_neither(weeks: int):
    before, after = windows(DAY, weeks)
    assert [(last - first).days + 1 for first, last in (before, after)] == [7 * weeks] * 2
    assert before[1] == DAY - timedelta(days=1)
    assert after[0] == DAY + timedelta(days=1)


@given(st.integers(1, 3000).flatmap(lambda whole: st.tuples(st.integers(0, whole), st.just(whole))))
def test_the_exact_interval_is_the_one_of_scipy(counts: tuple[int, int]):
    some, whole = counts
    wanted = binomtest(some, whole).proportion_ci(0.95, method="exact")
    assert exact_share_interval(some, whole) == pytest.approx((wanted.low, wanted.high), abs=1e-9)


def test_a_million_are_no_harder():
    wanted = binomtest(400_000, 1_000_000).proportion_ci(0.95, method="exact")
    found = exact_share_interval(400_000, 1_000_000)
    assert found == pytest.approx((wanted.low, wanted.high), abs=1e-9)


@pytest.mark.parametrize(("some", "whole"), [(1, 0), (-1, 5), (6, 5)])
def test_what_is_no_share_is_refused(some: int, whole: int):
    with pytest.raises(ValueError, match="is no share"):
        exact_share_interval(some, whole)


def test_equal_rates_lie_within_whatever_they_are_out_of():
    low, high = ratio_interval(20, 200, 40, 400)
    assert high is not None
    assert low < 1 < high


def test_none_before_has_no_upper_end():
    low, high = ratio_interval(12, 100, 0, 100)
    assert low > 1
    assert high is None


@pytest.mark.parametrize(
    ("before", "after", "wanted"),
    [
        ((48, 600), (21, 590), Judgement.FEWER),
        ((21, 590), (48, 600), Judgement.MORE),
        ((30, 600), (27, 590), Judgement.CHANCE),
        # Half as many, but of half as many complaints received.
        ((40, 800), (20, 400), Judgement.CHANCE),
        # A smaller share of far more complaints, but half as many again of this kind.
        ((40, 200), (60, 600), Judgement.OPPOSED),
        ((60, 600), (40, 200), Judgement.OPPOSED),
        ((5, 600), (4, 600), Judgement.FEW),
        ((12, 600), (0, 0), Judgement.FEW),
        ((12, 600), (0, 600), Judgement.FEWER),
        ((0, 600), (12, 600), Judgement.MORE),
        # Of those received lately many causes are not confirmed yet.
        ((48, 600, 20), (21, 300, 300), Judgement.UNKNOWN_APART),
        ((48, 600, 60), (21, 590, 60), Judgement.FEWER),
    ],
)
def test_what_may_be_said(before: tuple[int, ...], after: tuple[int, ...], wanted: Judgement):
    assert judged(before, after) is wanted


def test_nothing_is_said_before_the_days_are_over():
    before, after = Window(DAY, DAY, 90, 100), Window(DAY, DAY, 1, 100)
    assert evaluate(before, after, today=DAY).judgement is Judgement.NOT_OVER
    assert evaluate(before, after, today=DAY + timedelta(days=1)).judgement is Judgement.FEWER

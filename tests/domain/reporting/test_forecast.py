"""The risk of a promise by its kind and step, by coarser kinds where that is thin, or none."""

from __future__ import annotations

from datetime import timedelta

import pytest

from complaints.domain.reporting.forecast import (
    Curve,
    Risk,
    Seen,
    curve_keys,
    looked_at,
    risk_of,
)
from tests.conftest import NOW

DAY = 28_800
#: Of a hundred: 50 settled after a day, 25 more after two, 10 after five.
NARROW = Curve([DAY, 2 * DAY, 5 * DAY], [0.5, 0.25, 0.15], [100, 50, 25], 85)
WIDE = Curve([DAY], [0.9], [400], 40)
KEYS = curve_keys("in_handling", "GGN_MATI", "TEKNIK")


def test_the_narrowest_kind_stands_first():
    assert KEYS == ["in_handling/GGN_MATI/TEKNIK", "in_handling/GGN_MATI", "in_handling"]
    assert curve_keys("received", None, None)[0] == "received//"


@pytest.mark.parametrize(
    ("stayed", "left", "share"),
    [
        (0, DAY - 1, 1.0),
        (0, DAY, 0.5),
        (0, 2 * DAY, 0.25),
        # Who lasted a day is compared with those who lasted a day.
        (DAY, DAY, 0.5),
        (DAY, 0, 1.0),
        (DAY, -5, 1.0),
        (2 * DAY, 3 * DAY, 0.6),
    ],
)
def test_who_waited_is_compared_with_those_who_waited_as_long(stayed, left, share):
    assert risk_of({KEYS[0]: NARROW}, KEYS, stayed, left) == Risk(pytest.approx(share), 85)


def test_a_coarser_kind_answers_where_the_narrow_one_is_thin():
    thin = Curve([DAY], [0.1], [100], 29)
    assert risk_of({KEYS[0]: thin, KEYS[2]: WIDE}, KEYS, 0, DAY) == Risk(0.9, 40)
    # Nineteen lasted as long: too few to compare with.
    few = Curve([DAY, 9 * DAY], [0.5, 0.1], [100, 19], 85)
    assert risk_of({KEYS[0]: few, KEYS[2]: WIDE}, KEYS, 0, DAY) == Risk(0.5, 85)
    assert risk_of({KEYS[0]: few, KEYS[2]: WIDE}, KEYS, 2 * DAY, DAY) is None, "both end before"


def test_nothing_is_said_where_nothing_is_known():
    assert risk_of({}, KEYS, 0, DAY) is None
    done = Curve([DAY], [0.0], [100], 100)
    assert risk_of({KEYS[0]: done}, KEYS, DAY, DAY) is None


def test_what_began_lately_counts_alone_where_it_is_enough():
    old = [Seen(NOW - timedelta(days=200), 9, True)] * 500
    late = [Seen(NOW - timedelta(days=20), 5, True)] * 100
    still = [Seen(NOW - timedelta(days=10), 3, False)] * 7
    assert looked_at([*old, *late, *still], NOW) == [(5, True)] * 100 + [(3, False)] * 7
    assert len(looked_at([*old, *late[1:], *still], NOW)) == 606

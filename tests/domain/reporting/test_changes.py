"""A difference is called one only where chance would hardly bring it."""

from __future__ import annotations

import pytest

from complaints.domain.reporting.changes import counts_differ, shares_differ


@pytest.mark.parametrize(
    ("some", "whole", "other", "other_whole", "differs"),
    [
        # The examples of Newcombe's paper, method 10, at 95 %: 0.0524 to 0.3339, 0.1705 to 0.8090,
        # −0.0177 … for 6/7 against 2/7 (0.0582 to 0.8062), −0.0381 to 0.1926.
        (56, 70, 48, 80, True),
        (9, 10, 3, 10, True),
        (6, 7, 2, 7, True),
        (5, 56, 0, 29, False),
        (0, 10, 0, 20, False),
        (10, 10, 0, 10, True),
    ],
)
def test_shares_differ_as_the_paper_has_it(some, whole, other, other_whole, differs):
    assert shares_differ(some, whole, other, other_whole, 0.95) is differs
    assert shares_differ(other, other_whole, some, whole, 0.95) is differs


def test_one_in_a_hundred_is_asked_for_as_many_lines_are_looked_at():
    assert not shares_differ(6, 7, 2, 7)
    assert shares_differ(56, 70, 28, 80)


def test_counts_are_held_against_their_days():
    assert counts_differ(60, 20, 30, 20)
    assert not counts_differ(40, 20, 30, 20)
    # Twice as many on twice as many working days are no more than before.
    assert not counts_differ(60, 20, 30, 10)
    assert not counts_differ(0, 20, 0, 20)
    assert not counts_differ(5, 0, 5, 0)

"""Whose word an amount needs: one offer, one complaint, one customer, and what was rejected."""

from __future__ import annotations

import pytest

from complaints.domain.approval import (
    Bound,
    Rejection,
    Standing,
    bound_met,
    may_approve,
    room_of,
)
from complaints.domain.config.authority import Authority

AUTHORITY = Authority.from_dict(
    {
        "limits": {"csr": 100, "supervisor": 1000},
        "limits_per_complaint": {"csr": 150, "supervisor": 1000},
        "limits_per_customer": {"csr": 200, "supervisor": 2000},
    }
)


@pytest.mark.parametrize(
    ("amount", "on_complaint", "to_customer", "bound"),
    [
        (0, 10_000, 10_000, None),
        (100, 0, 0, None),
        (101, 0, 0, Bound.OFFER),
        (100, 50, 50, None),
        (100, 51, 51, Bound.COMPLAINT),
        (100, 0, 100, None),
        (100, 0, 101, Bound.CUSTOMER),
        (1, 150, 150, Bound.COMPLAINT),
        (1, 0, 200, Bound.CUSTOMER),
    ],
)
def test_the_first_limit_that_the_sum_exceeds(amount, on_complaint, to_customer, bound):
    beside = Standing(on_complaint, to_customer)
    assert bound_met(AUTHORITY, "csr", 1, amount, beside) is bound
    assert (amount <= room_of(AUTHORITY, "csr", beside)) is (bound is None or amount == 0)


def test_room_is_never_negative():
    assert room_of(AUTHORITY, "csr", Standing(500, 500)) == 0
    assert room_of(AUTHORITY, "auditor", Standing()) == 0


@pytest.mark.parametrize(
    ("amount", "person", "bound"),
    [(80, 1, Bound.REJECTED), (90, 1, Bound.REJECTED), (79, 1, None), (80, 7, None)],
)
def test_what_somebody_rejected_is_not_given_by_a_colleague(amount, person, bound):
    beside = Standing(rejected=[Rejection(80, by_id=7)])
    assert bound_met(AUTHORITY, "csr", person, amount, beside) is bound


def test_a_superior_approves_what_all_three_limits_cover():
    assert may_approve(AUTHORITY, "supervisor", 1000, Standing(0, 1000))
    assert not may_approve(AUTHORITY, "supervisor", 1000, Standing(1, 1000))
    assert not may_approve(AUTHORITY, "supervisor", 1000, Standing(0, 1001))

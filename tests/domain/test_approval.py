"""Whose word an amount needs: one offer, one complaint, one customer, and what was rejected."""

from __future__ import annotations

import pytest

from complaints.domain.approval import (
    Bound,
    Rejection,
    Standing,
    amounts_named,
    bound_met,
    may_approve,
    room_of,
)
from complaints.domain.config.authority import Authority
from tests.money import RINGGIT, RUPIAH

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


@pytest.mark.parametrize(
    ("words", "sums"),
    [
        ("Kabel disambung dalam 3 hari", []),
        ("Tagihan Rp142.500 dikoreksi", [142_500]),
        ("Uang tunai Rp 25.000.000,00 dari 1.000", [25_000_000]),
        ("IDR 1,250,000.00 back", [1_250_000]),
        ("Rp5", [5]),
        ("Rp0 dan nol ribu", []),
        ("ganti rugi 25 juta dan 1,5 jt", [25_000_000, 1_500_000]),
        ("hanya 1,5 jt", [1_500_000]),
        ("250 ribu", [250_000]),
        ("KLH-2026-000001, nomor 08123456789", []),
    ],
)
def test_the_sums_named_in_words_are_read(words, sums):
    assert amounts_named(words, RUPIAH) == sums


def test_sums_are_read_in_the_organisations_own_currency():
    words = "RM1,250.00 or MYR 300, once Rp5.000"
    assert amounts_named(words, RINGGIT) == [1250, 300]

"""What becomes of a customer's word after the end, to the second."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from complaints.domain.customer_page.coming_back import Ended, WayBack, way_back

CLOSED = datetime(2026, 11, 19, 3, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def way(at: datetime, status: str = "closed", **more: bool) -> WayBack:
    return way_back(Ended(status, CLOSED, **more), at, reopen_days=14, take_back_days=7)


@pytest.mark.parametrize("status", ["closed", "referred"])
def test_it_opens_again_until_the_last_second_and_goes_on_as_another_after_it(status):
    last = CLOSED + timedelta(days=14)
    assert way(last, status) is WayBack.REOPENS
    assert way(last + SECOND, status) is WayBack.CONTINUES


def test_a_withdrawal_is_taken_back_and_not_opened_by_a_message():
    last = CLOSED + timedelta(days=7)
    assert way(last, "withdrawn") is WayBack.KEPT
    assert way(last + SECOND, "withdrawn") is WayBack.CONTINUES


def test_what_goes_on_needs_no_opening():
    later = CLOSED + timedelta(days=100)
    assert way(later, is_duplicate=True) is WayBack.KEPT
    assert way(later, awaits_delivery=True) is WayBack.KEPT
    assert way_back(Ended("offered", None), later, reopen_days=14, take_back_days=7) is (
        WayBack.KEPT
    )

"""Money in the reports: requests, decisions and gifts, by person and branch."""

from __future__ import annotations

from datetime import date

import pytest

from complaints.domain.permissions import Actor
from complaints.queries.reports.approvals import approval_sums, given_sums
from complaints.queries.reports.period import Period
from complaints.steps.answer import take_answer
from complaints.steps.casework.approve import decide_offer
from complaints.steps.offer import offer_solution
from tests.office import Office

GIFT = {"remedy": "GOODWILL", "description": "Tanda perhatian"}


@pytest.fixture
def month(office: Office) -> Period:
    """A month in which each kind of thing has happened once."""
    numbers = [office.receive(who={"phone": f"0812 0000 100{i}", "email": ""}) for i in range(4)]
    for number in numbers:
        office.walk(number, to="020-3.2")
    given, rejected, waiting, overtaken = numbers
    office.take(given, offer_solution, amount=300_000, **GIFT)
    office.take(given, decide_offer, by="supervisor", answer="approved")
    office.take(given, take_answer, answer="accepted")
    office.take(rejected, offer_solution, amount=400_000, **GIFT)
    office.take(rejected, decide_offer, by="supervisor", answer="rejected", reason="Terlalu besar")
    office.take(waiting, offer_solution, amount=3_000_000, **GIFT)
    office.take(overtaken, offer_solution, amount=500_000, **GIFT)
    office.take(overtaken, offer_solution, amount=50_000, **GIFT)
    return Period.of(date(2026, 11, 1), date(2026, 11, 30), office.rules)


def of(office: Office, name: str) -> Actor:
    return office.actor(name)


def test_requests_are_counted_by_who_asked_and_who_decided(office: Office, month: Period):
    found = approval_sums(office.session, of(office, "manager"), month)
    said = {
        (each.asker, each.decider, each.bound): (
            each.asked,
            each.approved,
            each.rejected,
            each.overtaken,
            each.waiting,
            each.amount_asked,
            each.amount_approved,
        )
        for each in found
    }
    assert said == {
        ("Csr", "Supervisor", "offer"): (3, 1, 1, 1, 0, 1_200_000, 300_000),
        ("Csr", "Manager", "offer"): (1, 0, 0, 0, 1, 3_000_000, 0),
    }


def test_what_was_given_is_summed_by_person(office: Office, month: Period):
    (row,) = given_sums(office.session, of(office, "manager"), month)
    assert (row.person, row.offers, row.amount, row.agreed, row.amount_agreed) == (
        "Csr",
        2,
        350_000,
        1,
        300_000,
    )


def test_another_branch_and_another_month_see_nothing(office: Office, month: Period):
    for each in (approval_sums, given_sums):
        assert each(office.session, of(office, "csr2"), month) == []
    before = Period.of(date(2026, 10, 1), date(2026, 10, 31), office.rules)
    assert approval_sums(office.session, of(office, "manager"), before) == []

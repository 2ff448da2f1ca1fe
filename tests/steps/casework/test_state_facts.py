"""Facts of a customer: who stated which when is kept, and a new type moves nothing in silence."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from complaints.domain.errors import Forbidden, Invalid, NotFound
from complaints.models import Complaint, Customer, CustomerFact, LedgerEntry, StepRecord
from complaints.people.customer_facts import FactsGiven
from complaints.steps.casework.state_facts import state_facts, state_facts_of
from complaints.steps.note_condition import note_condition
from tests.conftest import NOW
from tests.office import Office

PLG = {"number": "PLG-7"}


def put(office: Office, by: str = "csr", number: str = "PLG-7", **facts: Any) -> Customer:
    customer = state_facts_of(
        office.session,
        office.rules,
        number,
        FactsGiven(**facts),
        by=office.actor(by),
        at=office.at,
    )
    office.session.commit()
    return customer


def stated(office: Office) -> list[tuple[str, Any, Any, str, str]]:
    rows = office.session.scalars(select(CustomerFact).order_by(CustomerFact.id))
    return [(each.fact, each.before, each.value, each.source, each.by_name) for each in rows]


def test_each_fact_is_kept_with_what_stood_before_and_who_said_so(office: Office):
    number = office.receive(who=PLG)
    given = FactsGiven(since=date(2019, 3, 1), products=("INTERNET_RUMAH",), arrears=250_000)
    office.take(number, state_facts, given=given)
    put(office, by="supervisor", arrears=0, notes="Bekerja malam hari")
    rina, boss = office.actor("csr").name, office.actor("supervisor").name
    assert stated(office) == [
        ("since", None, "2019-03-01", "complaint", rina),
        ("products", [], ["INTERNET_RUMAH"], "complaint", rina),
        ("arrears", None, 250_000, "complaint", rina),
        ("arrears", 250_000, 0, "api", boss),
        ("notes", "", "Bekerja malam hari", "api", boss),
    ]
    # The complaint's history says that it changed; how much somebody owes stays with the customer.
    entry = office.history(number)[-1]
    assert (entry.what, entry.detail) == (
        "state_facts",
        {"changed": ["arrears", "products", "since"]},
    )


def test_the_review_keeps_the_facts_with_their_dates(office: Office):
    number = office.receive(who=PLG)
    office.walk(number, to="020-1.6")
    office.take(number, state_facts, given=FactsGiven(since=date(2019, 3, 1), arrears=0))
    said_at = office.at
    office.take(number, note_condition, none=True, at=said_at + timedelta(hours=1))
    kept = office.rows(StepRecord, number)[-1].detail["snapshot"]
    assert (kept["since"], kept["arrears"], kept["notes"]) == ("2019-03-01", 0, "")
    assert kept["as_of"] == dict.fromkeys(("since", "arrears"), said_at.isoformat())


@pytest.mark.both_databases
def test_the_same_twice_is_one(office: Office):
    office.receive(who=PLG)
    for _ in range(2):
        put(office, arrears=90_000, products=("TV_KABEL", "TV_KABEL"))
    assert [fact for fact, *_ in stated(office)] == ["products", "arrears"]


def test_on_a_complaint_there_has_to_be_something_new(office: Office):
    number = office.receive(who=PLG)
    with pytest.raises(Invalid, match="Nothing was changed"):
        office.take(number, state_facts, given=FactsGiven(tier="REGULER"))


def test_what_is_not_known_any_more_is_taken_back(office: Office):
    office.receive(who=PLG)
    put(office, arrears=90_000, notes="Sedang mencicil")
    customer = put(office, unknown=("arrears", "notes"))
    assert (customer.arrears, customer.notes) == (None, "")
    assert stated(office)[-1][:3] == ("notes", "Sedang mencicil", "")


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"tier": "RAJA"}, "tier"),
        ({"since": NOW.date() + timedelta(days=1)}, "since"),
        ({"since": date(1899, 12, 31)}, "since"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_kept(office: Office, facts, field):
    number = office.receive(who=PLG)
    for take in (
        lambda: put(office, arrears=1, **facts),
        lambda: office.take(number, state_facts, given=FactsGiven(arrears=1, **facts)),
    ):
        with pytest.raises(Invalid) as refusal:
            take()
        assert refusal.value.field == field
        office.session.rollback()
    assert stated(office) == []


def test_a_customer_of_whom_one_sees_no_complaint_does_not_exist_for_one(office: Office):
    office.receive(who=PLG)
    for by, number in (("csr2", "PLG-7"), ("csr", "PLG-8")):
        with pytest.raises(NotFound, match="There is no customer"):
            put(office, by=by, number=number, arrears=1)
    for by in ("officer", "manager", "auditor", "admin"):
        with pytest.raises(Forbidden):
            put(office, by=by, arrears=1)


# ---- another type of customer


def due(office: Office, number: str) -> Any:
    clocks = office.clocks(number)
    return clocks["resolve"].due_at


@pytest.mark.parametrize("door", ["complaint", "number"])
def test_a_new_type_is_followed_on_every_open_complaint_and_written_down(office: Office, door: str):
    office.switch_on("id-telco-field-ttr")
    here, there = office.receive(who=PLG), office.receive(who=PLG, branch="MKS", by="csr2")
    closed = office.receive(who=PLG)
    office.complaint(closed).status = "withdrawn"
    office.session.commit()
    before = {
        number: (due(office, number), len(office.history(number))) for number in (here, there)
    }
    left = len(office.history(closed))
    if door == "complaint":
        office.take(here, state_facts, given=FactsGiven(tier="HVC_DIAMOND"))
    else:
        put(office, tier="HVC_DIAMOND")
    for number, (was_due, entries) in before.items():
        assert due(office, number) == NOW + timedelta(hours=3) < was_due
        complaint: Complaint = office.complaint(number)
        assert complaint.priority == "P1"
        (entry,) = office.history(number)[entries:]
        assert entry.what == "state_facts"
        assert entry.detail["changed"] == ["tier"]
        assert (entry.detail["was"], entry.detail["tier"]) == ("Reguler", "HVC Diamond")
        assert (entry.detail["priority_before"], entry.detail["priority"]) == ("P2", "P1")
        assert entry.by_name == office.actor("csr").name
        reasons = {each.reason for each in office.rows(LedgerEntry, number)}
        assert "tier REGULER -> HVC_DIAMOND" in reasons
    assert len(office.history(closed)) == left


def test_a_lower_type_takes_back_no_date_that_was_told(office: Office):
    office.switch_on("id-telco-field-ttr")
    number = office.receive(who={**PLG, "tier": "HVC_DIAMOND"})
    office.walk(number, to="020-1.4")
    told = office.complaint(number).promised_at
    office.take(number, state_facts, given=FactsGiven(tier="REGULER"))
    complaint = office.complaint(number)
    assert complaint.promised_at == complaint.first_told_at == told
    assert any(each.told_at == told for each in office.clocks(number).values())


def test_other_facts_move_neither_priority_nor_clocks(office: Office):
    number = office.receive(who=PLG)
    before = {kind: each.due_at for kind, each in office.clocks(number).items()}
    priority, written = office.complaint(number).priority, len(office.rows(LedgerEntry, number))
    office.take(number, state_facts, given=FactsGiven(since=date(1990, 1, 1), arrears=9_000_000))
    assert {kind: each.due_at for kind, each in office.clocks(number).items()} == before
    assert office.complaint(number).priority == priority
    assert len(office.rows(LedgerEntry, number)) == written

"""Offers over the API: whose word an amount needs, who decides, and the ledger of money."""

from __future__ import annotations

import pytest

from complaints.models import Offer
from complaints.steps.answer import take_answer
from complaints.steps.offer import offer_solution
from tests.channels.api.conftest import Programs
from tests.office import Office

GIFT = {"remedy": "PENJELASAN", "description": "Tanda perhatian"}


@pytest.fixture
def number(office: Office, time) -> str:
    """A complaint ready for an offer, of a customer who was given something before."""
    before = office.receive()
    office.walk(before, to="020-3.2")
    office.take(before, offer_solution, amount=60_000, **GIFT)
    office.take(before, take_answer, answer="accepted")
    number = office.receive()
    office.walk(number, to="020-3.2")
    time.at = office.at
    return number


def test_an_amount_above_the_limit_waits_whatever_it_is_called(programs: Programs, number: str):
    recorded = programs.csr.record(number, "offer", **GIFT, amount=25_000_000)
    assert recorded.status_code == 200
    assert (recorded.json["status"], "020-3.3" in recorded.json["missing"]) == ("in_handling", True)
    seen = programs.csr.get(f"/complaints/{number}/offers").json
    (offer,) = seen["items"]
    assert (offer["state"], offer["exceeds"], offer["asked_of"]) == (
        "waiting_approval",
        "offer",
        "Manager",
    )
    assert seen["waiting"] == {"id": offer["id"], "asked_of": "Manager", "may_decide": False}
    refused = programs("supervisor").record(number, "offer/approval", answer="approved")
    assert refused.status_code == 403
    assert "Manager" in refused.json["detail"]


def test_what_nobody_may_approve_is_refused_with_its_field(programs: Programs, number: str):
    refused = programs.csr.record(number, "offer", **GIFT, amount=25_000_001)
    assert refused.status_code == 422
    assert refused.json["errors"][0]["field"] == "amount"
    assert programs.csr.get(f"/complaints/{number}/offers").json["items"] == []


@pytest.mark.first_row_on_postgresql
@pytest.mark.parametrize("amount", [-1, 1.5, 2_000_000_001, "1e3", "NaN", True])
def test_an_amount_is_a_whole_number_of_rupiah(programs: Programs, number: str, amount):
    refused = programs.csr.record(number, "offer", **GIFT, amount=amount)
    assert refused.status_code == 422
    assert refused.json["errors"][0]["field"] == "amount"


def test_the_ledger_names_sums_limits_and_who_approved(programs: Programs, number: str):
    seen = programs.csr.get(f"/complaints/{number}/offers").json
    assert seen["given"] == {
        "on_complaint": 0,
        "agreed": 0,
        "delivered": 0,
        "to_customer": 60_000,
        "days": 90,
    }
    assert (seen["own_limit"], seen["approvers"]) == (
        100_000,
        [{"name": "Supervisor", "up_to": 2_500_000}, {"name": "Manager", "up_to": 25_000_000}],
    )
    (elsewhere,) = seen["elsewhere"]
    assert (elsewhere["number"], elsewhere["amount"], elsewhere["state"]) == (
        "KLH-2026-000001",
        60_000,
        "accepted",
    )
    programs.csr.record(number, "offer", **GIFT, amount=300_000)
    assert programs("supervisor").get(f"/complaints/{number}/offers").json["waiting"]["may_decide"]
    approved = programs("supervisor").record(number, "offer/approval", answer="approved")
    assert approved.status_code == 200
    programs.csr.record(number, "answer", answer="accepted")
    seen = programs("supervisor").get(f"/complaints/{number}/offers").json
    (offer,) = seen["items"]
    assert (offer["by"], offer["decided_by"], offer["agreed_by"]) == ("Csr", "Supervisor", "Csr")
    assert (seen["given"]["on_complaint"], seen["given"]["agreed"]) == (300_000, 300_000)
    assert (seen["given"]["delivered"], offer["delivered_at"]) == (0, None)
    assert seen["waiting"] is None


def test_a_list_of_acts_goes_by_the_same_limits(programs: Programs, office: Office, number: str):
    acts = [
        {"noun": "offer", **GIFT, "amount": 90_000},
        {"noun": "answer", "answer": "refused", "reason": "Kurang"},
        {"noun": "offer", **GIFT, "amount": 300_000},
        {"noun": "offer/approval", "answer": "approved"},
    ]
    refused = programs("supervisor").post(f"/complaints/{number}/actions", acts)
    assert (refused.status_code, refused.json["noun"]) == (409, "offer/approval")
    assert programs.csr.post(f"/complaints/{number}/actions", acts).status_code == 403
    assert programs.csr.post(f"/complaints/{number}/actions", acts[:3]).status_code == 200
    states = [each.state for each in office.rows(Offer, number)]
    assert states == ["refused", "waiting_approval"]


@pytest.mark.parametrize("by_header", [False, True])
def test_who_decides_without_the_version_is_told_what_to_send(
    programs: Programs, number: str, by_header: bool
):
    """An outside caller finds the way forward in the answer, and in OpenAPI beforehand."""
    for amount in (120_000, 130_000):
        programs.csr.record(number, "offer", **GIFT, amount=amount)
    supervisor = programs("supervisor")
    refused = supervisor.record(number, "offer/approval", answer="approved")
    assert (refused.status_code, refused.json["type"].rpartition(":")[2]) == (409, "stale")
    assert [each["field"] for each in refused.json["errors"]] == ["version"]
    for words in ("130,000", "`version`", "If-Match"):
        assert words in refused.json["detail"]
    read = supervisor.get(f"/complaints/{number}")
    if by_header:
        headers = {"If-Match": read.headers["ETag"]}
        decided = supervisor.post(
            f"/complaints/{number}/offer/approval", {"answer": "approved"}, headers=headers
        )
    else:
        version = read.json["version"]
        decided = supervisor.record(number, "offer/approval", answer="approved", version=version)
    assert decided.status_code == 200
    schemas = supervisor.get("/openapi.json").json["components"]["schemas"]
    for name in ("OfferDecision", "AnswerTaken"):
        assert "409" in schemas[name]["properties"]["version"]["description"]

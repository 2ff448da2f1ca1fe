"""An organisation with numbers of its own: every page, letter and list says them so."""

from __future__ import annotations

from typing import Any

import pytest

from complaints.domain.policies.whatif import RuleKind
from complaints.models import Notice
from complaints.rules.edit import rule_in_force
from complaints.rules.load import NewVersion, Origin, store_version
from complaints.steps.casework.escalate import escalate_by_hand
from complaints.steps.offer import offer_solution
from tests.conftest import NOW
from tests.office import Office


@pytest.fixture
def renamed(office: Office) -> str:
    """A complaint with an offer that waits, an escalation and a letter, of such an organisation."""
    kind = RuleKind.SWITCHES
    body: dict[str, Any] = dict(rule_in_force(office.session, kind, kind.value).body)
    body["number"] = {"prefix": "ADUAN", "former": ["KLH"]}
    new = NewVersion(kind.value, kind.value, body, Origin.CONFIG)
    store_version(office.session, new, by="complaints init", at=NOW)
    office.session.commit()
    number = office.receive()
    office.walk(number, to="020-3.2")
    money = {"remedy": "RESTITUSI", "description": "Potongan tagihan", "amount": 300_000}
    office.take(number, offer_solution, **money)
    office.take(number, escalate_by_hand, reason="Pelanggan menunggu lama")
    return number


def test_every_page_calls_the_complaint_by_it(at_desk, office: Office, renamed: str, wall):
    assert renamed == "ADUAN-2026-000001"
    wall.at = office.at
    supervisor = at_desk("supervisor")
    for path in (
        "/",
        "/complaints",
        "/notices",
        f"/complaints/{renamed}",
        f"/complaints/{renamed}/receipt",
        f"/complaints/{renamed}/deadlines",
    ):
        page = supervisor.get(path)
        assert renamed in page.main, path
        assert "KLH-" not in page.main, path


def test_letters_and_notices_call_it_so(office: Office, renamed: str):
    facts = [each.facts for each in (*office.letters(renamed), *office.rows(Notice, renamed))]
    assert facts
    assert {each["number"] for each in facts} == {renamed}


@pytest.mark.parametrize("typed", ["ADUAN-2026-000001", "aduan 2026 1", "KLH-2026-000001", "#1"])
def test_it_is_found_under_the_old_number_too(at_desk, office: Office, renamed: str, wall, typed):
    wall.at = office.at
    answer = at_desk("csr").client.get("/complaints", query_string={"q": typed})
    assert answer.location == f"/complaints/{renamed}"


def test_the_address_of_an_old_letter_still_leads_to_it(
    at_desk, office: Office, renamed: str, wall
):
    wall.at = office.at
    page = at_desk("csr").get("/complaints/KLH-2026-000001")
    assert page.words(".number") == [renamed]


def test_the_description_of_the_api_numbers_its_examples_so(at_desk, office: Office, renamed: str):
    client = at_desk("supervisor").client
    for path in ("/api/v1/openapi.json", "/api/v1/docs?lang=id", "/api/v1/docs?lang=en"):
        described = client.get(path).get_data(as_text=True)
        assert "ADUAN-2026-000123" in described
        assert "KLH-" not in described

"""For whom open complaints wait: the reader, a unit, the customer, or whoever approves."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from complaints.models import Party, Team
from complaints.steps.close import withdraw_complaint
from tests.conftest import NOW

pytestmark = pytest.mark.both_databases


def listed(page):
    return page.words(".list .c-number a")


@pytest.fixture
def mine(office):
    """A complaint in the hands of the CSR, beside one that nobody has."""
    number, other = office.receive(), office.receive()
    office.complaint(other).handler_id = None
    office.session.commit()
    return number


def waiting(at_desk, name="csr"):
    """Numbers by the words of each link of the row."""
    person = at_desk(name)
    page = person.get("/complaints")
    words = page.words(".views-low a")
    return {word: listed(person.get(page.link(word))) for word in words}


def test_what_waits_for_nobody_else_waits_for_whoever_handles_it(office, at_desk, mine):
    assert waiting(at_desk) == {"saya": [mine], "unit": [], "pelanggan": [], "persetujuan": []}
    assert waiting(at_desk, "supervisor")["saya"] == []


def test_a_paused_one_waits_for_the_customer_and_no_longer_for_us(office, at_desk, mine):
    office.complaint(mine).waiting_customer = True
    office.session.commit()
    assert waiting(at_desk) == {"saya": [], "unit": [], "pelanggan": [mine], "persetujuan": []}


def test_one_that_a_unit_has_not_answered_waits_for_the_unit(office, at_desk, mine):
    team = office.session.scalars(select(Team).where(Team.code == "TEKNIK")).one()
    complaint = office.complaint(mine)
    party = Party(complaint_id=complaint.id, team_id=team.id, sent_at=NOW)
    office.session.add(party)
    office.session.commit()
    assert waiting(at_desk) == {"saya": [], "unit": [mine], "pelanggan": [], "persetujuan": []}
    party.answer = "accepted"
    office.session.commit()
    assert waiting(at_desk) == {"saya": [mine], "unit": [], "pelanggan": [], "persetujuan": []}


def test_one_whose_step_has_to_be_signed_waits_for_approval(office, at_desk, mine):
    office.complaint(mine).signature_asked_at = NOW
    office.session.commit()
    assert waiting(at_desk) == {"saya": [], "unit": [], "pelanggan": [], "persetujuan": [mine]}


def test_what_ended_waits_for_nobody(office, at_desk, mine):
    office.take(mine, withdraw_complaint, reason="salah nomor")
    office.session.commit()
    assert not any(waiting(at_desk).values())


def test_a_word_that_is_none_of_them_is_refused(at_desk):
    assert at_desk("csr").get("/complaints?waiting=nobody", status=422).all(".said-stop")

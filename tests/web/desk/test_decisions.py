"""What waits for whose decision: the badge, the board and the home page count the same things."""

from __future__ import annotations

from datetime import timedelta

import pytest

from complaints.steps.casework.escalate import escalate_by_hand
from complaints.steps.casework.extend import ask_extension
from complaints.steps.casework.pause import pause_clocks
from complaints.steps.confirm import confirm_back
from complaints.steps.excuse import Unable
from complaints.steps.offer import offer_solution
from tests.conftest import NOW
from tests.office import Office

LEFT = Unable("Pelanggan pergi sebelum ringkasan dibacakan")


@pytest.fixture
def waiting(office: Office) -> dict[str, str]:
    """One of each kind that waits: asked by the CSR, and by the supervisor themselves."""
    numbers = {name: office.receive() for name in ("escalated", "offer", "own", "signed", "mine")}
    office.take(numbers["escalated"], escalate_by_hand, reason="Pelanggan menunggu di loket")
    office.walk(numbers["offer"], to="020-3.2")
    words = {"remedy": "RESTITUSI", "description": "Ganti rugi", "amount": 900_000}
    office.take(numbers["offer"], offer_solution, **words)
    until = NOW + timedelta(days=9)
    for number, by in ((numbers["own"], "supervisor"), (numbers["escalated"], "csr")):
        office.take(number, ask_extension, by=by, until=until, reason="Suku cadang belum datang")
    office.take(numbers["signed"], confirm_back, unable=LEFT)
    office.take(numbers["mine"], confirm_back, by="supervisor", unable=LEFT)
    return numbers


@pytest.mark.parametrize(("name", "count"), [("supervisor", 4), ("manager", 4), ("csr", 0)])
def test_the_badge_counts_what_the_board_shows_as_yours(
    office, at_desk, waiting, wall, name, count
):
    wall.at = office.at
    page = at_desk(name).get("/complaints")
    assert sum(int(each.split()[0]) for each in page.words(".tabs .count")) == count
    if name == "csr":
        return
    board = at_desk(name).get("/board")
    own = ("mine", "approvals", "signatures")
    cards = [each for pile in own for each in board.all(f"[aria-labelledby={pile}] .card-item")]
    assert len(cards) == count
    for pile in ("approvals-others", "signatures-others"):
        assert board.all(f"[aria-labelledby={pile}] .btn-do") == []


def test_what_one_asked_for_oneself_waits_for_somebody_else(office, at_desk, waiting, wall):
    wall.at = office.at
    board = at_desk("supervisor").get("/board")
    others = " ".join(board.words("[aria-labelledby=approvals-others] .card-item"))
    assert waiting["own"] in others
    assert waiting["mine"] in " ".join(board.words("[aria-labelledby=signatures-others]"))
    page = at_desk("supervisor").get(f"/complaints/{waiting['own']}")
    assert page.all(".decision") == []
    assert "menunggu keputusan Manager." in page.words(".case-next")[0]


def test_the_home_page_shows_only_what_waits_for_oneself(office, at_desk, waiting, wall):
    wall.at = office.at
    home = at_desk("supervisor").get("/")
    assert len(home.all("[aria-labelledby=escalations] li")) == 1
    decisions = " ".join(home.words("[aria-labelledby=deciding] li"))
    assert all(waiting[name] in decisions for name in ("escalated", "offer", "signed"))
    assert waiting["own"] not in decisions


def test_a_paused_complaint_says_what_it_waits_for_instead_of_going_on(office, at_desk, wall):
    number = office.receive()
    office.walk(number, to="020-3.1")
    until = NOW + timedelta(days=5)
    office.take(number, pause_clocks, by="supervisor", reason="Menunggu foto modem", until=until)
    wall.at = office.at
    card = at_desk("csr").get("/").one(".next")
    words = card.get_text(" ", strip=True)
    assert "Menunggu: Dokumen atau foto dari pelanggan" in words
    assert "sampai Selasa, 24 Nov, 09.15 WIB" in words
    assert "Lanjutkan" not in words
    hint = at_desk("csr").get(f"/complaints/{number}").words(".case-next")[0]
    assert "Menunggu pelanggan sampai Selasa, 24 November 2026, pukul 09.15 WIB" in hint
    # With something else to do, that stands in front.
    other = office.receive(who={"name": "Sri Lestari"})
    assert other in at_desk("csr").get("/").one(".next").get_text()

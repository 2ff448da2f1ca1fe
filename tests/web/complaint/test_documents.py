"""A clock that waits for the customer's documents, on the complaint's page and on its reckoning."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.office import Office

OJK = "id-ojk-pojk22-2023"
WAITS = (
    "Written complaint (POJK 22/2023 (with POJK 18/POJK.07/2018 as amended), consumer complaints "
    "in financial services): starts when the documents are complete."
)


@pytest.fixture
def letter(office: Office) -> str:
    """A written complaint under the rules for banks."""
    office.switch_on(OJK)
    return office.receive(channel="email")


def test_the_page_says_what_waits_and_takes_the_moment(office: Office, at_desk, wall, letter):
    wall.at = office.at + timedelta(hours=3)
    desk = at_desk("csr", "en")
    path = f"/complaints/{letter}"
    page = desk.get(path)
    assert WAITS in " ".join(page.words("#promise"))
    assert page.link("Documents are complete") == f"{path}/documents"
    form = desk.get(f"{path}/documents")
    fields = {"at": "2026-11-19T10:00", "note": "KTP dan bukti transaksi"}
    done = desk.follow(desk.submit(form, f"{path}/documents", 303, **fields))
    assert WAITS not in " ".join(done.words("#promise"))
    assert "Written complaint" in " ".join(done.words("#promise"))
    told = desk.get(f"{path}?view=history").main
    assert "Documents complete" in told
    assert "KTP dan bukti transaksi" in told
    assert not [a for a in done.tree.select("a") if a["href"] == f"{path}/documents"]


def test_the_reckoning_says_so_too(at_desk, letter):
    page = at_desk("csr", "en").get(f"/complaints/{letter}/deadlines")
    assert WAITS in page.main


def test_nothing_is_offered_where_nothing_waits(office: Office, at_desk):
    number = office.receive()
    page = at_desk("csr", "en").get(f"/complaints/{number}")
    assert "documents" not in {a["href"].rpartition("/")[2] for a in page.tree.select("a[href]")}

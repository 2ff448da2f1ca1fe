"""A long conversation, many notes and a long history: shown by page, with nothing lost between."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest

from complaints.models import Note
from complaints.queries.complaint.notes import SHOWN
from complaints.steps.answer import take_answer
from complaints.steps.casework.converse import write_note
from complaints.steps.thank import thank_customer
from tests.office import STORY, Office
from tests.web.page import Page, Visitor

At = Callable[..., Visitor]


def add(office: Office, number: str, count: int, direction: str) -> None:
    """So many messages or notes, several in one second."""
    complaint = office.complaint(number)
    office.session.add_all(
        Note(
            complaint_id=complaint.id,
            direction=direction,
            text=f"Baris {n:04}",
            at=complaint.received_at + timedelta(seconds=n // 7),
            by_id=None,
            by_name="Petugas",
        )
        for n in range(count)
    )
    office.session.commit()


def walk(desk: Visitor, path: str) -> Iterator[Page]:
    """Every page from the newest on, by the link that each one has."""
    page = desk.get(path)
    yield page
    while links := page.all('#timeline a[rel="next"]'):
        address = str(links[0]["href"])
        assert address.endswith("#timeline")
        page = desk.get(address)
        yield page


def texts(page: Page) -> list[str]:
    return [each.get_text() for each in page.all("#timeline .talk-text")]


@pytest.fixture
def number(office: Office, wall) -> str:
    number = office.receive()
    office.walk(number, to="020-1.6")
    office.session.commit()
    wall.at = office.at
    return number


@pytest.mark.parametrize(("view", "direction"), [("conversation", "in"), ("notes", "internal")])
def test_every_line_stands_on_one_page_in_its_order(
    at_desk: At, office: Office, number: str, view: str, direction: str
):
    path = f"/complaints/{number}?view={view}"
    desk = at_desk("csr")
    before = len(desk.get(path).all("#timeline .talk li"))
    add(office, number, 2 * SHOWN + 10, direction)
    pages = list(walk(desk, path))
    counts = [len(page.all("#timeline .talk li")) for page in pages]
    assert counts == [SHOWN, SHOWN, 10 + before]
    told = [text for page in reversed(pages) for text in texts(page)]
    assert [text for text in told if text.startswith("Baris")] == [
        f"Baris {n:04}" for n in range(2 * SHOWN + 10)
    ]
    whole = desk.get(f"{path}&whole=1")
    assert texts(whole) == told
    if view == "conversation":
        assert told[0] == STORY
    for page in pages:
        assert page.one("#timeline .case-views [aria-current]")["href"] == f"{path}#timeline"


def test_the_history_is_walked_to_its_first_entry(at_desk: At, office: Office, number: str):
    for n in range(SHOWN):
        office.take(number, write_note, text=f"Catatan {n}")
    office.session.commit()
    pages = list(walk(at_desk("csr"), f"/complaints/{number}?view=history"))
    lines = [len(page.all("#timeline .talk li")) for page in pages]
    assert sum(lines) == office.complaint(number).history_seq
    assert lines[0] == SHOWN
    assert "Keluhan diterima" in pages[-1].words("#timeline")[0]


def test_a_printed_page_says_that_lines_are_left_out(at_desk: At, office: Office, number: str):
    desk, path = at_desk("csr"), f"/complaints/{number}"
    assert not desk.get(path).all("#timeline .print-only")
    add(office, number, SHOWN, "out")
    newest, oldest = walk(desk, path)
    assert newest.words("#timeline .print-only") == [
        "Yang tercetak di sini hanya baris terbaru; baris yang lebih lama tidak ikut dicetak."
    ]
    assert oldest.words("#timeline .print-only") == [
        "Yang tercetak di sini hanya sebagian baris; sisanya tidak ikut dicetak."
    ]
    assert oldest.one(f'#timeline .pager a[href="{path}?view=conversation#timeline"]')
    assert not desk.get(f"{path}?whole=1").all("#timeline .print-only")


@pytest.mark.parametrize("before", ["x", "1-9-1", "-1", "9" * 40, "1-2-3"])
@pytest.mark.parametrize("view", ["conversation", "notes", "history"])
def test_an_address_typed_by_hand_is_answered(at_desk: At, number: str, view: str, before: str):
    page = at_desk("csr").get(f"/complaints/{number}?view={view}&before={before}")
    assert page.one("#timeline")


def test_5000_messages_cost_what_50_do(at_desk: At, office: Office, number: str, counted):
    desk, path = at_desk("csr"), f"/complaints/{number}"
    add(office, number, SHOWN + 1, "in")
    desk.get(path)
    with counted() as few:
        short = desk.get(path)
    add(office, number, 5_000, "in")
    with counted() as many:
        long = desk.get(path)
    assert len(many) == len(few)
    assert abs(len(long.text) - len(short.text)) < 2_000


def test_the_tab_counts_notes_up_to_a_hundred(at_desk: At, office: Office, number: str):
    add(office, number, 150, "internal")
    tab = at_desk("csr").get(f"/complaints/{number}").one('.case-views a[href*="view=notes"]')
    assert tab.get_text(" ", strip=True) == "Catatan internal 99+"


@pytest.mark.parametrize("view", ["conversation", "history"])
def test_within_one_second_the_answer_stands_before_the_thanks_for_it(
    at_desk: At, office: Office, wall, view: str
):
    number = office.receive()
    office.walk(number, to="020-3.3")
    at = office.at + timedelta(minutes=5)
    office.take(number, take_answer, at=at, answer="accepted")
    office.take(number, thank_customer, at=at)
    wall.at = at
    said = at_desk("csr").get(f"/complaints/{number}?view={view}").words("#timeline .talk-who")
    accepts = [n for n, each in enumerate(said) if "Pelanggan menerima" in each]
    thanks = [n for n, each in enumerate(said) if "erima kasih" in each]
    assert len(accepts) == len(thanks) == 1
    assert (accepts < thanks) is (view == "conversation")


def test_an_answer_copied_from_a_message_stands_behind_the_message(
    at_desk: At, office: Office, wall
):
    number = office.receive()
    office.walk(number, to="020-3.3")
    office.take(number, take_answer, answer="accepted", reason="Saya setuju", method="message")
    wall.at = office.at
    said = at_desk("csr").get(f"/complaints/{number}").words("#timeline .talk-who")
    assert "Pelanggan menerima" in said[-1]
    assert "Pelanggan menerima" not in said[-2]

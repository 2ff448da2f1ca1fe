"""The customer withdraws on their own page, and writes to whoever handles the complaint."""

from __future__ import annotations

from datetime import timedelta

import pytest

from complaints.models import Exit, Note, Notice
from complaints.steps.by_customer.write import MOST_MESSAGES
from complaints.steps.casework.pause import pause_clocks
from tests.channels.portal.test_pages import at_place, link_to, status_of
from tests.office import Office


def told(office: Office, number: str) -> list[str]:
    mine = office.id_of("csr")
    return [row.kind for row in office.rows(Notice, number) if row.user_id == mine]


def test_a_withdrawal_is_asked_for_once_more_and_then_made(visitor, office, wall):
    number = at_place(office, "020-1.6")
    wall.at = office.at + timedelta(minutes=5)
    link = link_to(office, number)
    page = visitor.get(link)
    asks = visitor.get(page.link("Cabut keluhan"))
    assert "Selama 7 hari" in asks.main
    assert status_of(office, number) == "registered"
    refused = visitor.post(f"{link}/withdrawal", {"reason": " "}, 422)
    assert refused.one("#reason-error").get_text()
    assert status_of(office, number) == "registered"
    answer = visitor.post(f"{link}/withdrawal", {"reason": "Sudah menyala sendiri"}, 303)
    after = visitor.get(answer.response.headers["Location"])
    assert "Petugas kami sudah diberi tahu" in after.main
    assert "dapat membatalkan pencabutan" in after.main
    assert "Cabut keluhan" not in after.main
    assert status_of(office, number) == "withdrawn"


def test_it_is_kept_as_the_customers_own_act(visitor, office, wall):
    number = at_place(office, "020-1.6")
    wall.at = office.at + timedelta(minutes=5)
    link = link_to(office, number)
    for _ in range(2):
        visitor.post(f"{link}/withdrawal", {"reason": "Sudah menyala sendiri"}, 303)
    (exit_,) = [row for row in office.rows(Exit, number) if row.kind == "withdrawal"]
    assert (exit_.method, exit_.by_id, exit_.promise_state) == ("page", None, "running")
    assert [row.kind for row in office.letters(number) if row.kind == "withdrawn"] == ["withdrawn"]
    assert told(office, number).count("customer_withdrew") == 1
    visitor.post(f"{link}/take-back", {"confirm": "yes"}, 303)
    assert status_of(office, number) == "registered"


def test_what_has_ended_is_not_withdrawn(visitor, office, wall):
    number = at_place(office, "closed")
    wall.at = office.at
    link = link_to(office, number)
    visitor.get(f"{link}/withdrawal", 303)
    visitor.post(f"{link}/withdrawal", {"reason": "Sudah menyala sendiri"}, 303)
    assert status_of(office, number) == "closed"


def test_a_stranger_withdraws_and_writes_nothing(visitor, office, wall):
    number = at_place(office, "020-1.6")
    wall.at = office.at
    link = f"{link_to(office, number)}x"
    visitor.get(f"{link}/withdrawal", 404)
    visitor.post(f"{link}/withdrawal", {"reason": "Bukan saya"}, 404)
    visitor.post(f"{link}/message", {"text": "Bukan saya"}, 404)
    assert status_of(office, number) == "registered"
    assert office.rows(Note, number) == []


@pytest.mark.parametrize("place", ["020-1.1", "020-1.6", "020-3.4"])
def test_the_customer_writes_and_the_handler_hears(visitor, office, wall, place):
    number = at_place(office, place)
    wall.at = office.at
    link = link_to(office, number)
    for _ in range(2):
        answer = visitor.post(f"{link}/message", {"text": "Lampu modem merah"}, 303)
    assert "diterima petugas" in visitor.get(answer.response.headers["Location"]).main
    (note,) = office.rows(Note, number)
    assert (note.direction, note.method, note.by_name) == ("in", "page", "Pelanggan")
    assert told(office, number).count("customer_wrote") == 1


def test_an_empty_message_is_refused_beside_its_field(visitor, office, wall):
    number = at_place(office, "020-1.6")
    wall.at = office.at
    page = visitor.post(f"{link_to(office, number)}/message", {"text": " "}, 422)
    assert page.one("#text-error").get_text()
    assert page.one("details:has(#text)").has_attr("open")


@pytest.mark.parametrize("form", ["message", "answer", "withdrawal"])
def test_what_was_refused_can_be_read_in_the_other_language(visitor, office, wall, form):
    number = at_place(office, "020-3.4")
    wall.at = office.at
    refused = visitor.post(f"{link_to(office, number)}/{form}", {}, 422)
    visitor.get(refused.link("English"))
    lost = visitor.post(f"{link_to(office, number)}x/{form}", {}, 404)
    visitor.get(lost.link("English"), 404)


def test_too_many_messages_have_to_wait(visitor, office, wall):
    number = at_place(office, "020-1.6")
    wall.at = office.at
    link = link_to(office, number)
    for n in range(MOST_MESSAGES):
        visitor.post(f"{link}/message", {"text": f"Pesan {n}"}, 303)
    page = visitor.post(f"{link}/message", {"text": "Satu lagi"}, 409)
    assert "Mohon tunggu" in page.main
    assert "Satu lagi" in page.main
    wall.at += timedelta(hours=1)
    visitor.post(f"{link}/message", {"text": "Satu lagi"}, 303)


def test_a_pause_says_what_is_awaited_and_an_answer_ends_it(visitor, office, wall):
    number = at_place(office, "020-1.6")
    office.take(
        number,
        pause_clocks,
        reason="Mohon kirim foto lampu modem",
        until=office.at + timedelta(days=1),
    )
    wall.at = office.at
    link = link_to(office, number)
    page = visitor.get(link)
    assert "Kami menunggu dokumen atau foto dari Anda" in page.main
    assert "Mohon kirim foto lampu modem" in page.main
    assert "paling lama sampai Jumat, 20 November 2026" in page.main
    assert page.form(f"{link}/message?lang=id")
    visitor.post(f"{link}/message", {"text": "Lampu merah berkedip"}, 303)
    assert not office.complaint(number).waiting_customer
    office.session.commit()
    assert "awaited_came" in told(office, number)
    assert "Kami menunggu" not in visitor.get(link).main

"""Commitments on the pages: ticked in one tap, on the complaint and on the desk; told plainly."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from complaints.models import Commitment
from complaints.steps.casework.pause import pause_clocks
from complaints.steps.commitments.settle import drop_commitment, keep_commitments
from complaints.steps.commitments.undertake import StepGiven
from complaints.steps.plan import draw_up_plan
from complaints.steps.promise import promise_deadline
from tests.channels.portal.test_pages import link_to
from tests.conftest import NOW
from tests.office import Office

HOUR = timedelta(hours=1)


def told(office: Office, *steps: StepGiven) -> str:
    number = office.receive()
    office.take(number, promise_deadline, steps=list(steps))
    return number


def ids(office: Office, number: str) -> list[int]:
    return [each.id for each in office.rows(Commitment, number)]


def test_the_complaint_shows_whose_by_when_and_ticks_in_one_tap(at_desk, office: Office, wall):
    number = told(office, StepGiven("Memeriksa kabel", "TEKNIK", NOW + HOUR))
    wall.at = NOW + 2 * HOUR
    asked = at_desk("csr").get(f"/complaints/{number}").one("#commitments")
    assert "Siapa dari unit yang melaporkan" in asked.get_text()
    desk = at_desk("officer")
    page = desk.get(f"/complaints/{number}")
    box = page.one("#commitments")
    assert "Langkah yang disampaikan kepada pelanggan" in box.get_text()
    assert "terlambat 1 jam kerja" in box.get_text()
    said = " ".join(box.get_text(" ").split())
    assert "jatuh tempo Kamis, 19 Nov, 10.15 WIB · dibuat Kamis, 19 Nov, 09.20 WIB" in said
    answered = desk.submit(page, f"/complaints/{number}/commitments/done", 303)
    again = desk.follow(answered)
    assert "Tercatat: Tugas selesai" in again.text
    assert "selesai terlambat" in again.one("#commitments").get_text()
    assert not again.all("#commitments form")


def test_dropping_asks_for_a_reason_and_keeps_what_was_typed(at_desk, office: Office, wall):
    number = told(office, StepGiven("Memeriksa kabel"))
    wall.at = office.at
    desk = at_desk("csr")
    path = f"/complaints/{number}/commitments/drop"
    page = desk.get(path)
    refused = desk.submit(page, path, 422, reason=" a ")
    assert "alasan" in refused.main.lower()
    answered = desk.submit(refused, path, 303, reason="Sudah menyala")
    again = desk.follow(answered)
    assert "Sudah menyala" in again.one("#commitments").get_text()


def test_the_desk_lists_ones_own_and_the_units_and_comes_back_after_the_tick(
    at_desk, office: Office, wall
):
    number = told(office, StepGiven("Memeriksa kabel", "TEKNIK"), StepGiven("Memberi kabar"))
    wall.at = office.at
    officer = at_desk("officer")
    page = officer.get("/")
    assert "Memeriksa kabel" in page.main
    assert "Memberi kabar" not in page.main
    answered = officer.submit(page, f"/complaints/{number}/commitments/done", 303)
    assert officer.follow(answered).path == "/"
    assert "Memeriksa kabel" not in officer.get("/").main
    assert "Memberi kabar" in at_desk("csr").get("/").main


def test_the_customer_reads_what_was_agreed_in_plain_words(visitor, office: Office, wall):
    number = told(
        office,
        StepGiven("Memeriksa kabel", "", NOW + HOUR),
        StepGiven("Mengganti modem", "", NOW + 2 * HOUR),
        StepGiven("Menelepon Ibu", "", NOW + 3 * HOUR),
        StepGiven("Membawa KTP", "pelanggan"),
    )
    first, _, third, _ = ids(office, number)
    office.take(number, keep_commitments, ids=[first])
    office.take(number, drop_commitment, commitment=third, reason="Dilakukan lewat pesan saja")
    wall.at = NOW + 2 * HOUR + timedelta(minutes=1)
    lists = visitor.get(link_to(office, number)).all(".steps")
    words = " ".join(each.get_text(" ", strip=True) for each in lists)
    assert "Memeriksa kabel Selesai dikerjakan" in words
    assert "Mengganti modem Seharusnya selesai paling lambat" in words
    assert "Menelepon Ibu Tidak diperlukan lagi" in words
    assert "Membawa KTP Mohon dibawa paling lambat" in words
    # What colleagues tell each other is not the customer's.
    assert "lewat pesan saja" not in words


def test_steps_of_earlier_rules_are_marked_as_such(at_desk, office: Office, wall):
    number = told(office, StepGiven("Memeriksa kabel"))
    for row in office.session.scalars(select(Commitment)).all():
        row.is_earlier, row.deadline_id = True, None
    office.session.commit()
    wall.at = office.at
    box = at_desk("csr").get(f"/complaints/{number}").one("#commitments")
    assert "dicatat menurut aturan sebelumnya" in box.get_text()
    assert not box.select("form")


def test_the_closing_form_names_a_told_and_planned_step_once(at_desk, office: Office, wall):
    number = office.receive()
    office.walk(number, to="020-2.4")
    steps = [StepGiven("Memeriksa jaringan"), StepGiven("Mengganti modem")]
    office.take(number, draw_up_plan, steps=steps)
    wall.at = office.at
    boxes = at_desk("csr").get(f"/complaints/{number}/closure").all("input[name=done]")
    assert len(boxes) == 2
    assert len(ids(office, number)) == 3


def test_every_date_says_how_long_still_or_how_late(at_desk, office: Office, visitor, wall):
    number = told(office, StepGiven("Memeriksa kabel", "", NOW + HOUR))
    wall.at = NOW + HOUR / 2
    path = f"/complaints/{number}"
    own = at_desk("csr")
    assert "30 menit kerja lagi" in own.get("/").one("[aria-labelledby=commitments]").get_text()
    assert own.get(path).words(".commitment-state") == ["30 menit kerja lagi"]
    assert "30 menit kerja lagi" in visitor.get(link_to(office, number)).one(".steps").get_text()
    assert "hari kerja lagi" in visitor.get(link_to(office, number)).one(".by-when").get_text()
    wall.at = NOW + 2 * HOUR
    assert "terlambat 1 jam kerja" in own.get("/").one("[aria-labelledby=commitments]").get_text()
    assert own.get(path).words(".commitment-state") == ["terlambat 1 jam kerja"]
    late = visitor.get(f"{link_to(office, number)}?lang=en")
    assert "1 working hour late" in late.one(".steps").get_text()
    wall.at = office.complaint(number).promised_at + HOUR
    late = visitor.get(f"{link_to(office, number)}?lang=en").one(".by-when").get_text()
    assert "late" in late
    assert "sorry that we missed this date" in late


def test_a_paused_step_has_no_time_left(at_desk, office: Office, wall):
    number = office.receive()
    office.walk(number, to="020-1.6")
    office.take(number, pause_clocks, reason="Menunggu KTP", by="supervisor", until=NOW + 24 * HOUR)
    wall.at = office.at
    for page in (at_desk("csr").get("/"), at_desk("csr").get(f"/complaints/{number}")):
        (box,) = page.all("[aria-labelledby=commitments], #commitments")[:1]
        assert "lagi" not in box.get_text(), page.path
        assert "dijeda" in box.get_text(), page.path

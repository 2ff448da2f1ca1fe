"""A lost link: the same answer to everybody, and the link to the address on file alone."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import sessionmaker

from complaints.channels.portal.lost import PER_ADDRESS, PER_NUMBER
from complaints.models import LinkRequest, LoginAttempt
from complaints.outbox.mail.transports import Folder
from complaints.worker.lost_links import send_lost_links
from complaints.worker.sweeps import WorkerContext
from tests.channels.portal.test_pages import at_place, link_to
from tests.office import Office
from tests.outbox.test_deliver import OFFICE

PHONE, EMAIL = "0812-3456-7890", "Siti@pelanggan.example"
#: What somebody may type; of all of it only two pairs are right.
WRONG = [
    ("KLH-2026-000999", EMAIL),
    ("KLH-2025-000001", EMAIL),
    ("bukan nomor", EMAIL),
    ("KLH-2026-000001", "orang@lain.example"),
    ("KLH-2026-000001", "0812 000 0000"),
    ("KLH-2026-" + "9" * 30, "x\x00y"),
]


@pytest.fixture
def sweep(engine: Engine, tmp_path: Path, wall):
    """Let the worker see to what was asked for; returns how much."""
    context = WorkerContext(sessionmaker(engine), OFFICE, Folder(tmp_path))
    return lambda: send_lost_links(context, wall.at).handled


@pytest.fixture
def number(office: Office, wall) -> str:
    number = at_place(office, "020-1.6")
    wall.at = office.at
    return number


def ask(visitor, number: str, contact: str, status: int = 303, **headers: str):
    return visitor.post("/portal/lost", {"number": number, "contact": contact}, status, **headers)


def sent(office: Office, number: str) -> list[str]:
    return [row.to_address for row in office.letters(number) if row.kind == "lost_link"]


@pytest.mark.parametrize("contact", [PHONE, EMAIL, " siti@PELANGGAN.example "])
def test_a_right_pair_sends_the_link_to_the_address_on_file(
    visitor, office, number, sweep, contact
):
    before = link_to(office, number)
    ask(visitor, f" {number.lower()} ", contact)
    assert sent(office, number) == []
    assert sweep() == 1
    assert sent(office, number) == ["siti@pelanggan.example"]
    assert office.count(LinkRequest) == 0
    # It is the link that they had, which still opens.
    assert link_to(office, number) == before
    entry = office.history(number)[-1]
    assert (entry.what, entry.by_name) == ("send_link", "Pelanggan")
    assert before.rpartition("/")[2] not in str(entry.detail)
    assert "siti" not in str(entry.detail)


@pytest.mark.parametrize(("typed", "contact"), WRONG)
def test_right_and_wrong_are_answered_alike_with_the_same_work(
    visitor, office, number, sweep, counted, typed, contact
):
    answers = []
    for pair in ((number, EMAIL), (typed, contact)):
        with counted() as queries:
            answer = ask(visitor, *pair)
        shapes = [each.partition("(")[0].split("WHERE")[0] for each in queries]
        page = visitor.follow(answer)
        answers.append((answer.response.headers["Location"], shapes, page.text))
    assert answers[0] == answers[1]
    assert "sedang dikirim" in answers[0][2]
    assert sweep() == 2
    assert len(sent(office, number)) == 1
    assert office.count(LinkRequest) == 0


def test_without_an_address_nothing_is_sent(visitor, office, wall, sweep):
    number = at_place(office, "020-1.6", who={"email": ""})
    wall.at = office.at
    ask(visitor, number, PHONE)
    assert sweep() == 1
    assert sent(office, number) == []


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({}, "number"),
        ({"number": " ", "contact": EMAIL}, "number"),
        ({"number": "KLH-2026-000001"}, "contact"),
        ({"number": "x" * 41, "contact": EMAIL}, "number"),
        ({"number": "KLH-2026-000001", "contact": "x" * 255}, "contact"),
    ],
)
def test_an_empty_field_is_said(visitor, office, form, field):
    page = visitor.post("/portal/lost", form, 422)
    assert page.one(f"#{field}-error").get_text()
    assert office.count(LinkRequest) == 0


def test_one_number_is_asked_for_a_few_times_and_the_answer_stays_the_same(
    visitor, office, number, sweep, wall
):
    answers = {ask(visitor, number, EMAIL).response.headers["Location"] for _ in range(5)}
    assert len(answers) == 1
    assert sweep() == PER_NUMBER
    wall.at += timedelta(hours=1)
    ask(visitor, number, EMAIL)
    assert sweep() == 1


def test_an_address_that_asks_too_often_has_to_wait_whatever_it_asks(visitor, office, number):
    for n in range(PER_ADDRESS):
        ask(visitor, f"KLH-2026-{n:06d}", EMAIL)
    page = ask(visitor, number, EMAIL, 429)
    assert int(page.response.headers["Retry-After"]) > 0
    assert "Tunggu 60 menit" in page.main
    assert page.one("[name=number]")["value"] == number


def test_a_request_that_fails_holds_up_no_other(visitor, office, number, sweep, monkeypatch):
    import complaints.worker.lost_links as job

    real = job.send_link_again

    def broken(case, contact):
        if contact == PHONE:
            raise RuntimeError("broken")
        return real(case, contact)

    monkeypatch.setattr(job, "send_link_again", broken)
    ask(visitor, number, PHONE)
    ask(visitor, number, EMAIL)
    with pytest.raises(RuntimeError):
        sweep()
    assert len(sent(office, number)) == 1
    assert office.count(LinkRequest) == 0


def test_a_link_expires_long_after_the_end_and_the_page_leads_to_a_new_one(
    visitor, office, wall, sweep
):
    number = at_place(office, "closed")
    closed_at, link = office.complaint(number).closed_at, link_to(office, number)
    days = office.rules.authority.portal.link_days
    office.session.commit()
    wall.at = closed_at + timedelta(days=days)
    visitor.get(link)
    wall.at += timedelta(seconds=1)
    page = visitor.get(link, 410)
    assert number not in page.text
    assert "Masa berlakunya" in page.main
    for path in ("message", "fixed", "rating", "consent", "withdrawal", "objection", "take-back"):
        visitor.post(f"{link}/{path}", {"text": "x", "answer": "no", "reason": "x"}, 410)
    # Nobody who had it rightly has to wait for the next try.
    assert office.count(LoginAttempt) == 0
    visitor.get(page.link("Minta tautan lewat email"))
    ask(visitor, number, EMAIL)
    assert sweep() == 1
    new = link_to(office, number)
    assert new != link
    visitor.get(new)
    visitor.get(link, 404)
    wall.at += timedelta(days=days)
    visitor.get(new)


def test_the_link_of_an_open_complaint_never_expires(visitor, office, number, wall):
    wall.at += timedelta(days=5_000)
    visitor.get(link_to(office, number))


def test_a_link_that_opens_nothing_leads_to_a_new_one(visitor, office, number):
    page = visitor.get(f"{link_to(office, number)}x", 404)
    assert visitor.get(page.link("Minta tautan lewat email")).h1 == "Tautan hilang?"

"""Mail that cannot leave: seen on the complaint, told once an outage, over when mail leaves."""

from __future__ import annotations

import smtplib
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.orm import sessionmaker

from complaints import clock
from complaints.models import OutboxMessage, User
from complaints.outbox.mail.transports import Unreachable
from complaints.people.mail_outage import PATIENCE
from complaints.queries.engine.status import read_metrics
from complaints.queries.mail_outage import mail_outage
from complaints.steps.casework.converse import record_message
from complaints.steps.casework.extend import ask_extension, decide_extension
from complaints.worker.sweeps import WorkerContext, deliver_messages
from tests.office import Office
from tests.outbox.test_deliver import OFFICE, Hand
from tests.web.complaint.test_complaint import path_of
from tests.web.complaint.test_letters import offered
from tests.web.complaint.test_stuck_letters import stuck
from tests.web.page import Visitor

At = Callable[..., Visitor]
CLOSED = Unreachable("ConnectionRefusedError")
MINUTE = timedelta(minutes=1)
Round = Callable[..., None]


@pytest.fixture
def deliver(office: Office) -> Round:
    """`deliver(minutes, failing)`: a round of the worker so long after the office's time."""
    hand = Hand()
    context = WorkerContext(sessionmaker(office.engine, expire_on_commit=False), OFFICE, hand)

    def deliver(minutes: int = 0, failing: Exception | None = CLOSED) -> None:
        hand.failing = failing
        context.way_opens = float("-inf")
        deliver_messages(context, office.at + minutes * MINUTE)

    return deliver


def heard(office: Office, name: str) -> list[str]:
    kinds = ("letter_held_up", "mail_closed")
    return [each.kind for each in office.notices(name) if each.kind in kinds]


@pytest.fixture
def promised(office: Office, wall) -> str:
    """A complaint whose receipt, with the promised date in it, waits to leave."""
    number = office.receive()
    office.walk(number, to="020-1.6")
    wall.at = office.at
    return number


@pytest.fixture
def written(office: Office, wall, deliver: Round) -> str:
    """A complaint of which a message without a date waits to leave."""
    number = office.receive()
    office.walk(number)
    deliver(0, None)
    write(office, number)
    wall.at = office.at
    return number


def write(office: Office, number: str) -> None:
    office.take(
        number, record_message, text="Kami datang besok pagi.", direction="out", method="email"
    )


def test_a_promised_date_that_cannot_leave_is_seen_and_told_at_once(
    office: Office, promised: str, deliver: Round, at_desk: At
):
    desk = at_desk("csr")
    deliver()
    assert heard(office, "csr") == ["letter_held_up"]
    said = stuck(desk, promised)
    assert "Tanda terima" in said
    assert "belum terkirim. Sejak" in said
    assert "tanggal yang dijanjikan" in said
    # Nobody else has to know of a minute.
    assert heard(office, "admin") == []


def test_a_new_deadline_that_cannot_leave_is_seen_and_told_at_once(
    office: Office, promised: str, deliver: Round, at_desk: At
):
    deliver(0, None)
    until = office.complaint(promised).promised_at + timedelta(days=2)
    office.take(promised, ask_extension, until=until, reason="Suku cadang belum tiba")
    office.take(promised, decide_extension, by="supervisor", answer="approved")
    deliver()
    assert heard(office, "csr") == ["letter_held_up"]
    said = stuck(at_desk("csr"), promised)
    assert "tenggat baru" in said.lower()
    assert "tanggal yang dijanjikan" in said


def test_a_letter_without_a_date_is_told_once_it_has_waited(
    office: Office, written: str, deliver: Round, at_desk: At
):
    deliver()
    deliver(29)
    assert (heard(office, "csr"), heard(office, "admin")) == ([], [])
    assert stuck(at_desk("csr"), written) == ""
    deliver(30)
    assert heard(office, "csr") == ["letter_held_up"]
    assert "Pesan" in stuck(at_desk("csr"), written)
    assert PATIENCE == 30 * MINUTE


def test_nothing_is_said_to_be_on_its_way_while_no_mail_leaves(
    office: Office, wall, deliver: Round, at_desk: At
):
    number, _ = offered(office, "email")
    wall.at = office.at
    desk = at_desk("csr")
    said = [" ".join(desk.get(path_of(number)).words(".talk"))]
    for minute in (0, 31):
        deliver(minute)
    said.append(" ".join(desk.get(path_of(number)).words(".talk")))
    assert ["sedang dikirim" in each for each in said] == [True, False]
    assert ["belum terkirim" in each for each in said] == [False, True]


def test_each_person_hears_once_an_outage_however_many_letters_wait(
    office: Office, written: str, deliver: Round
):
    for minute in range(0, 200, 20):
        for _ in range(3):
            write(office, written)
        deliver(minute)
    assert heard(office, "csr") == ["letter_held_up"]
    assert heard(office, "admin") == ["mail_closed"]
    (notice,) = [each for each in office.notices("admin") if each.kind == "mail_closed"]
    assert notice.facts["count"] >= 4


def test_somebody_whose_first_letter_comes_later_in_the_outage_hears_as_well(
    office: Office, written: str, deliver: Round
):
    deliver()
    deliver(31)
    office.at += 40 * MINUTE
    office.take(
        written,
        record_message,
        by="supervisor",
        text="Kami datang lusa.",
        direction="out",
        method="email",
    )
    deliver(1)
    assert heard(office, "supervisor") == []
    deliver(31)
    assert heard(office, "supervisor") == ["letter_held_up"]


def test_the_next_outage_is_told_anew(office: Office, promised: str, deliver: Round, at_desk: At):
    for minute in (0, 31, 45):
        deliver(minute)
    deliver(60, None)
    assert stuck(at_desk("csr"), promised) == ""
    assert mail_outage(office.session) is None
    office.session.commit()
    office.at += 100 * MINUTE
    write(office, promised)
    for minute in (0, 31, 45):
        deliver(minute)
    assert heard(office, "admin") == ["mail_closed"] * 2
    assert heard(office, "csr") == ["letter_held_up"] * 2


@pytest.mark.parametrize("failing", [smtplib.SMTPDataError(451, b"not now"), None])
def test_whatever_the_mail_server_answers_ends_the_outage(
    office: Office, promised: str, deliver: Round, failing: Exception | None
):
    deliver()
    deliver(10, failing)
    assert mail_outage(office.session) is None
    office.session.commit()


def test_while_nothing_waits_no_outage_is_stated(office: Office, promised: str, deliver: Round):
    deliver()
    office.session.execute(update(OutboxMessage).values(state="printed"))
    office.session.commit()
    assert mail_outage(office.session) is None
    office.session.commit()
    # Hours later the next one cannot leave either: since then, as far as anybody knows.
    write(office, promised)
    deliver(300)
    outage = mail_outage(office.session)
    office.session.commit()
    assert outage is not None
    assert outage.since == office.at + 300 * MINUTE


def test_a_letter_that_cannot_even_be_written_ends_no_outage(
    office: Office, promised: str, deliver: Round
):
    deliver()
    office.session.execute(update(OutboxMessage).values(kind="unheard_of"))
    office.session.commit()
    deliver(10)
    outage = mail_outage(office.session)
    office.session.commit()
    assert outage is not None
    assert outage.since == office.at


def test_a_clock_that_is_set_back_starts_the_outage_now(
    office: Office, promised: str, deliver: Round
):
    deliver(60)
    deliver(0)
    deliver(30)
    assert heard(office, "admin") == ["mail_closed"]


def test_of_an_author_who_has_left_somebody_else_hears(
    office: Office, promised: str, deliver: Round
):
    # Who received the complaint wrote the letter and is gone: the line above has it now.
    gone = update(User).where(User.id == office.id_of("csr")).values(is_active=False)
    office.session.execute(gone)
    office.session.commit()
    deliver()
    told = [each for each in office.notices("supervisor") if each.kind == "letter_held_up"]
    assert [each.facts.get("instead_of") for each in told] == ["Csr"]


def test_page_metrics_and_doctor_say_that_no_mail_leaves(
    office: Office, promised: str, deliver: Round, at_desk: At, monkeypatch
):
    def seconds(at: datetime) -> float:
        found = read_metrics(office.session, at).values["mail_closed_seconds"][1]
        office.session.commit()
        return found

    admin = at_desk("admin")
    assert seconds(office.at) == 0
    deliver()
    assert "Tidak ada email yang dapat dikirim" not in admin.get("/admin/engine").main
    deliver(31)
    assert seconds(office.at + 31 * MINUTE) == 31 * 60
    monkeypatch.setattr(clock, "now", lambda: office.at + 31 * MINUTE)
    page = admin.get("/admin/engine")
    page.check()
    assert "Tidak ada email yang dapat dikirim" in page.main
    assert "Tidak ada email yang dapat dikirim" not in admin.get("/notices").main
    assert "tidak ada email yang dapat dikirim; yang menunggu: " in admin.get("/notices").main
    deliver(40, None)
    assert seconds(office.at + 41 * MINUTE) == 0
    assert "Tidak ada email yang dapat dikirim" not in admin.get("/admin/engine").main

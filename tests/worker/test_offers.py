"""An offer that is not answered in time: the customer is reminded once, or the handler is asked."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import sessionmaker

from complaints.models import Notice, OutboxMessage
from complaints.outbox.delivery_settings import DeliverySettings
from complaints.outbox.mail.transports import Folder
from complaints.people.absences import note_absence
from complaints.steps.answer import take_answer
from complaints.steps.casework import remind
from complaints.steps.casework.converse import record_message
from complaints.steps.casework.letters import print_letter
from complaints.steps.casework.pause import pause_clocks, resume_clocks
from complaints.steps.casework.remind import remind_of_offer
from complaints.steps.close import withdraw_complaint
from complaints.worker.offers import remind_of_offers
from complaints.worker.sweeps import WorkerContext
from tests.office import Office
from tests.steps.test_silence import OFFER, SILENT, letter, offer, post, wall

#: The time that an offer letter of Thursday the 19th states is over.
OVER = wall(24)


@pytest.fixture
def context(office: Office, tmp_path: Path) -> WorkerContext:
    sessions = sessionmaker(office.engine, expire_on_commit=False)
    delivery = DeliverySettings("http://localhost:8000", "a key for tests only, long enough")
    return WorkerContext(sessions, delivery, Folder(tmp_path))


@pytest.fixture
def number(office: Office) -> str:
    """A complaint whose offer left by e-mail on Thursday."""
    number = office.receive()
    office.walk(number, to="020-3.2")
    offer(office, number)
    post(office)
    return number


@pytest.fixture
def on_paper(office: Office) -> str:
    """The same for a customer without an e-mail address."""
    number = office.receive(who={"name": "Budi", "phone": "0813 9999 0000", "email": ""})
    office.walk(number, to="020-3.2")
    offer(office, number, "letter")
    office.take(number, print_letter, letter=letter(office, number).id)
    return number


def sweep(office: Office, context: WorkerContext, at: datetime = OVER) -> int:
    office.session.rollback()
    handled = remind_of_offers(context, at).handled
    office.session.expire_all()
    return handled


def reminders(office: Office, number: str) -> list[OutboxMessage]:
    return [each for each in office.letters(number) if each.kind == "reminder"]


def asked(office: Office, number: str) -> list[tuple[str, int]]:
    notices = office.rows(Notice, number)
    return [(each.kind, each.user_id) for each in notices if each.kind.startswith("offer_rem")]


def test_the_customer_is_reminded_once_when_the_stated_time_is_over(office, number, context):
    assert sweep(office, context, OVER - timedelta(minutes=1)) == 0
    assert [sweep(office, context), sweep(office, context), sweep(office, context, wall(60))] == [
        1,
        0,
        0,
    ]
    (written,) = reminders(office, number)
    assert (written.via, written.state, written.created_at) == ("email", "queued", OVER)
    assert written.facts["until"] == "2026-11-27T09:00:00+00:00"
    last = office.history(number)[-1]
    assert (last.what, last.by_name, last.detail["method"]) == ("remind", "Tanggap", "email")
    assert asked(office, number) == []


def test_silence_counts_after_it_as_after_one_by_hand(office, number, context):
    sweep(office, context)
    office.at = OVER
    post(office)
    office.take(number, take_answer, at=wall(27), unable=SILENT)
    assert office.states(number)["020-3.4"] == "unable"


def test_where_there_is_no_address_the_handler_is_asked_once(office, on_paper, context):
    assert [sweep(office, context), sweep(office, context, wall(60))] == [1, 0]
    assert reminders(office, on_paper) == []
    assert asked(office, on_paper) == [("offer_reminder_due", office.id_of("csr"))]
    assert office.rows(Notice, on_paper)[-1].facts["until"] == "2026-11-24T09:00:00+00:00"
    last = office.history(on_paper)[-1]
    assert (last.what, last.by_name) == ("ask_reminder", "Tanggap")
    office.take(on_paper, remind_of_offer, at=wall(61))
    assert reminders(office, on_paper)[-1].state == "to_print"


def test_who_stands_in_for_the_handler_hears_too(office, on_paper, context):
    away = {"from_at": wall(20), "until_at": wall(30), "at": office.at}
    note_absence(office.session, deputy="", by=office.actor("csr"), **away)
    office.session.commit()
    sweep(office, context)
    heard = asked(office, on_paper)
    assert {user for _, user in heard} > {office.id_of("csr")}
    assert len(heard) == len(set(heard))


@pytest.mark.parametrize("how", ["thinking", "wrote"])
def test_who_was_heard_since_is_left_to_the_handler(office, number, context, how):
    if how == "thinking":
        office.take(number, take_answer, at=wall(23), answer="thinking", method="phone")
    else:
        wrote = {"text": "Saya tidak setuju", "direction": "in", "method": "email"}
        office.take(number, record_message, at=wall(23), **wrote)
    assert [sweep(office, context), sweep(office, context)] == [1, 0]
    assert reminders(office, number) == []
    assert asked(office, number) == [("offer_reminder_due", office.id_of("csr"))]


def test_nothing_is_written_of_an_offer_that_was_answered_or_replaced(office, number, context):
    offer(office, number, description="Kabel disambung hari ini")
    post(office)
    office.take(number, take_answer, answer="refused", reason="Minta ganti rugi", method="phone")
    assert sweep(office, context) == 0
    offer(office, number, "phone", description="Kabel diganti baru")
    assert sweep(office, context) == 0


def test_another_offer_has_its_own_reminder(office, number, context):
    assert sweep(office, context) == 1
    office.at = OVER
    offer(office, number, description="Kabel disambung hari ini")
    post(office)
    assert [sweep(office, context, wall(26)), sweep(office, context, wall(27))] == [0, 1]
    assert [each.facts["text"] for each in reminders(office, number)] == [
        OFFER["description"],
        "Kabel disambung hari ini",
    ]


def test_nothing_is_written_of_a_letter_that_has_not_left(office, context):
    number = office.receive()
    office.walk(number, to="020-3.2")
    offer(office, number)
    assert sweep(office, context, wall(40)) == 0


def test_nothing_is_written_when_the_complaint_has_ended(office, number, context):
    office.take(number, withdraw_complaint, reason="Pelanggan mencabut")
    assert sweep(office, context) == 0


def test_a_reminder_waits_for_the_end_of_a_pause(office, number, context):
    pause: dict[str, Any] = {"reason": "Menunggu dokumen pelanggan", "until": wall(24, 9)}
    office.take(number, pause_clocks, by="supervisor", **pause)
    assert sweep(office, context) == 0
    office.take(number, resume_clocks, at=OVER)
    assert sweep(office, context, OVER + timedelta(minutes=1)) == 1


def test_two_workers_at_once_write_one(office, number, on_paper, context):
    office.session.rollback()
    with ThreadPoolExecutor(2) as pool:
        done = pool.map(lambda at: remind_of_offers(context, at).handled, [OVER, OVER])
        assert sum(done) == 2
    office.session.expire_all()
    assert (len(reminders(office, number)), len(asked(office, on_paper))) == (1, 1)


def test_what_dies_on_one_complaint_leaves_nothing_and_holds_up_no_other(
    office, number, on_paper, context, monkeypatch
):
    def die(*given: Any, **more: Any) -> None:
        raise OSError("the machine goes down")

    with monkeypatch.context() as broken:
        broken.setattr(remind, "letter_to_customer", die)
        with pytest.raises(OSError, match="goes down"):
            sweep(office, context)
    office.session.expire_all()
    assert office.history(number)[-1].what != "remind"
    assert len(asked(office, on_paper)) == 1
    assert sweep(office, context) == 1
    assert len(reminders(office, number)) == 1


def test_one_by_hand_is_the_reminder(office, number, context):
    office.take(number, remind_of_offer, at=OVER)
    assert sweep(office, context, wall(25)) == 0
    assert len(reminders(office, number)) == 1

"""Silence answers an offer (020-3.4): the letter left, a reminder after it, and the time stated."""

from __future__ import annotations

from datetime import datetime, timedelta
from importlib.util import module_from_spec, spec_from_file_location
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext

from complaints.actions.recording import ActGiven, record_several
from complaints.domain.errors import Invalid, Refused
from complaints.domain.words.exits import Unable
from complaints.models import Exit, OutboxMessage
from complaints.outbox.purge import purge_letters
from complaints.places import MIGRATIONS
from complaints.queries.complaint.exits import exits_waiting
from complaints.rules.authority import authority_in_force, save_authority
from complaints.steps.answer import take_answer
from complaints.steps.case import Case
from complaints.steps.casework.converse import record_message
from complaints.steps.casework.letters import note_return, print_letter
from complaints.steps.casework.remind import remind_of_offer
from complaints.steps.offer import offer_solution
from tests.office import Office
from tests.outbox.test_deliver import Hand, deliver

DAY = timedelta(days=1)
JAKARTA = ZoneInfo("Asia/Jakarta")
SILENT = Unable("Pelanggan tidak menjawab surat maupun telepon")
OFFER = {"remedy": "PERBAIKAN", "description": "Kabel disambung besok"}


def wall(day: int, hour: int = 16, minute: int = 0) -> datetime:
    """A moment of November or, above thirty, December 2026 in Jakarta."""
    return datetime(2026, 11, 1, hour, minute, tzinfo=JAKARTA) + timedelta(days=day - 1)


def offer(office: Office, number: str, method: str = "email", **words: Any) -> None:
    office.take(number, offer_solution, method=method, **{**OFFER, **words})


def post(office: Office) -> None:
    deliver(office, Hand(), office.at)


def letter(office: Office, number: str, kind: str = "conversation") -> OutboxMessage:
    return [each for each in office.letters(number) if each.kind == kind][-1]


@pytest.fixture
def number(office: Office) -> str:
    """A complaint of Thursday 19 November whose cause has been explained."""
    number = office.receive()
    office.walk(number, to="020-3.2")
    return number


def refused(office: Office, number: str, sentence: str, at: datetime | None = None) -> Invalid:
    with pytest.raises(Invalid, match=sentence) as error:
        office.take(number, take_answer, unable=SILENT, **({"at": at} if at else {}))
    return error.value


def test_letter_reminder_and_both_periods_make_silence_an_answer(office: Office, number: str):
    offer(office, number)
    refused(office, number, "not been sent yet")
    post(office)
    # Thursday, three working days from Friday on: Tuesday at closing.
    over = wall(24)
    error = refused(office, number, "until Tuesday, 24 November 2026")
    assert "Selasa, 24 November 2026" in error.filled(error.sentence, "id")
    with pytest.raises(Invalid, match="until Tuesday, 24 November 2026"):
        office.take(number, remind_of_offer, at=over - timedelta(minutes=1))
    refused(office, number, "only after a reminder.*from Friday, 27 November", at=over)
    office.take(number, remind_of_offer, at=over)
    refused(office, number, "reminder has not been sent yet", at=over)
    post(office)
    refused(office, number, "until Friday, 27 November 2026", at=wall(27) - timedelta(minutes=1))
    office.take(number, take_answer, at=wall(27), unable=SILENT)
    assert office.states(number)["020-3.4"] == "unable"


def test_each_letter_states_its_date(office: Office, number: str):
    offer(office, number)
    assert letter(office, number).facts["parts"][-1]["until"] == "2026-11-24T09:00:00+00:00"
    post(office)
    office.take(number, remind_of_offer, at=wall(25, 9))
    facts = letter(office, number, "reminder").facts
    assert facts["until"] == "2026-11-30T09:00:00+00:00"
    assert facts["text"] == OFFER["description"]


def test_the_organisation_says_how_long_the_customer_may_take(office: Office, number: str):
    row = authority_in_force(office.session)
    body = {**row.body, "reminders": {**row.body["reminders"], "answer_days": 5}}
    save_authority(office.session, body, row.id, by=office.actor("admin"), at=office.at)
    office.session.commit()
    offer(office, number)
    post(office)
    refused(office, number, "until Thursday, 26 November 2026")


@pytest.mark.parametrize("method", ["spoken", "phone", "message", "signature"])
def test_an_offer_that_staff_merely_attest_is_not_in_writing(
    office: Office, number: str, method: str
):
    offer(office, number, method)
    refused(office, number, "offer in writing that we sent", at=wall(30))
    with pytest.raises(Invalid, match="offer in writing that we sent"):
        office.take(number, remind_of_offer, at=wall(30))


def test_a_message_beside_the_offer_is_neither_its_letter_nor_its_reminder(
    office: Office, number: str
):
    offer(office, number, "phone")
    say = {"text": "Tawaran kami", "direction": "out"}
    office.take(number, record_message, method="email", **say)
    office.take(number, record_message, method="message", **say)
    refused(office, number, "offer in writing that we sent", at=wall(30))
    offer(office, number)
    post(office)
    office.take(number, record_message, at=wall(44), method="email", **say)
    refused(office, number, "only after a reminder", at=wall(50))


def test_on_paper_it_counts_from_the_printing(office: Office, number: str):
    offer(office, number, "letter")
    refused(office, number, "offer letter has not been printed", at=wall(30))
    office.take(number, print_letter, at=wall(23, 9), letter=letter(office, number).id)
    # Three working days from Tuesday on, though the letter was written on Thursday.
    refused(office, number, "until Thursday, 26 November", at=wall(25))
    office.take(number, remind_of_offer, at=wall(27, 9), method="letter")
    refused(office, number, "reminder has not been printed", at=wall(34))
    reminder = letter(office, number, "reminder")
    assert reminder.state == "to_print"
    office.take(number, print_letter, at=wall(27, 10), letter=reminder.id)
    refused(office, number, "until Wednesday, 2 December", at=wall(31))
    office.take(number, take_answer, at=wall(32), unable=SILENT)


def test_a_letter_that_came_back_reached_nobody(office: Office, number: str):
    offer(office, number)
    post(office)
    office.take(number, remind_of_offer, at=wall(25, 9))
    post(office)
    reminder = letter(office, number, "reminder")
    office.take(number, note_return, letter=reminder.id, reason="Kotak surat penuh")
    refused(office, number, "reminder did not reach", at=wall(34))
    office.take(number, remind_of_offer, at=wall(34), method="letter")
    offered = letter(office, number)
    office.take(number, note_return, letter=offered.id, reason="Kotak surat penuh")
    refused(office, number, "offer letter did not reach", at=wall(44))


@pytest.mark.parametrize("heard", ["thinking", "wrote"])
def test_whoever_answers_the_reminder_is_not_silent(office: Office, number: str, heard: str):
    offer(office, number)
    post(office)
    office.take(number, remind_of_offer, at=wall(25, 9))
    post(office)
    if heard == "thinking":
        office.take(number, take_answer, at=wall(26, 9), answer="thinking", method="phone")
    else:
        wrote = {"text": "Saya masih di luar kota", "direction": "in", "method": "email"}
        office.take(number, record_message, at=wall(26, 9), **wrote)
    refused(office, number, "only after a reminder", at=wall(34))
    office.take(number, remind_of_offer, at=wall(34, 9))
    post(office)
    office.take(number, take_answer, at=wall(39), unable=SILENT)


def test_one_reminder_at_a_time(office: Office, number: str):
    offer(office, number)
    post(office)
    office.take(number, remind_of_offer, at=wall(25, 9))
    with pytest.raises(Invalid, match="reminder has not been sent yet"):
        office.take(number, remind_of_offer)
    post(office)
    with pytest.raises(Invalid, match="to answer the reminder"):
        office.take(number, remind_of_offer)
    assert len([each for each in office.letters(number) if each.kind == "reminder"]) == 1


def test_another_offer_begins_anew(office: Office, number: str):
    offer(office, number)
    post(office)
    office.take(number, remind_of_offer, at=wall(25, 9))
    post(office)
    offer(office, number, description="Kabel disambung hari ini")
    post(office)
    refused(office, number, "to answer the offer letter", at=wall(25, 12))


def test_nobody_is_silent_about_an_offer_that_is_not_open(office: Office, number: str):
    offer(office, number, "phone")
    office.take(number, take_answer, answer="refused", reason="Minta ganti rugi")
    refused(office, number, "no open offer")
    with pytest.raises(Refused, match="no open offer"):
        office.take(number, remind_of_offer)


def test_nothing_of_it_can_be_dated_back_in_a_batch(office: Office, number: str):
    """Offer, reminder and silence in one go, each with the time it should have had."""

    def act(noun: str, at: datetime, **more: Any) -> ActGiven:
        return ActGiven(noun, {"at": at.isoformat(), **more})

    acts = [
        act("offer", wall(19, 12), method="email", **OFFER),
        act("offer/reminder", wall(25, 9)),
        act("answer", wall(30), unable={"reason": SILENT.reason, "code": "silence"}),
    ]
    by = office.actor("csr")
    for given in (acts, acts[:1] + acts[2:]):
        with pytest.raises(Invalid, match="not been sent yet"):
            record_several(office.session, number, given, by=by, now=wall(30))
        office.session.rollback()
    assert list(office.rows(Exit, number)) == []


def test_a_reminder_said_to_be_earlier_leaves_when_it_is_recorded(office: Office, number: str):
    offer(office, number)
    post(office)
    given = ActGiven("offer/reminder", {"at": wall(24, 18).isoformat()})
    case: Case = record_several(
        office.session, number, [given], by=office.actor("csr"), now=wall(30, 9)
    )
    office.session.commit()
    assert case.at == wall(30, 9)
    assert letter(office, number, "reminder").created_at == wall(30, 9)


def test_letters_emptied_long_after_still_count(office: Office, number: str):
    offer(office, number)
    post(office)
    office.take(number, remind_of_offer, at=wall(25, 9))
    post(office)
    purge_letters(office.session, sent_before=wall(29), at=wall(400))
    office.session.commit()
    office.take(number, take_answer, at=wall(401), unable=SILENT)
    assert office.states(number)["020-3.4"] == "unable"


def test_silence_from_before_our_own_reminders_is_marked_as_proven_under_the_rules_of_then(
    office: Office, number: str
):
    """By migration; what rests on a reminder of ours is not touched, and both keep their force."""
    today = office.receive()
    office.walk(today, to="020-3.2")
    for each in (number, today):
        offer(office, each)
        office.wait_in_vain(each, SILENT)
    # An older version took any message for a reminder; its history has no entry of one.
    entry = next(each for each in office.history(number) if each.what == "remind")
    office.session.delete(entry)
    office.session.commit()
    revise(office, "upgrade")
    marks = {each: silence_of(office, each) for each in (number, today)}
    assert marks == {number: ("unable", True), today: ("unable", False)}
    assert len(exits_waiting(office.session, office.complaint(number).id, 3)) == 1
    revise(office, "downgrade")
    assert silence_of(office, number) == ("unable", False)


def silence_of(office: Office, number: str) -> tuple[str, bool]:
    (item,) = (each for each in office.evidence(number) if each.criterion == "020-3.4")
    return item.state.value, item.is_by_earlier_rules


def revise(office: Office, way: str) -> None:
    """Run the statements of the revision on the database as it is."""
    (path,) = (MIGRATIONS / "versions").glob("*_silence_before_reminders.py")
    spec = spec_from_file_location("revision", path)
    assert spec is not None
    assert spec.loader is not None
    revision = module_from_spec(spec)
    spec.loader.exec_module(revision)
    context = MigrationContext.configure(office.session.connection())
    with Operations.context(context):
        getattr(revision, way)()
    office.session.commit()
    office.session.expire_all()

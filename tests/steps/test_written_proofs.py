"""A letter proves something when it has left: sending, proven, open again when it comes back."""

from __future__ import annotations

from datetime import timedelta
from email.message import EmailMessage

import pytest

from complaints.domain.errors import GateRefused, Invalid, NotFound, Refused
from complaints.domain.words.exits import Unable
from complaints.models import OutboxMessage, StepRecord
from complaints.outbox.deliver import MOST_ATTEMPTS
from complaints.outbox.mail.transports import Unreachable
from complaints.people.undelivered import tell_undelivered
from complaints.steps.answer import take_answer
from complaints.steps.apologise import send_apology
from complaints.steps.casework.letters import note_return, print_letter
from complaints.steps.close import close_complaint
from complaints.steps.commitments.settle import keep_commitments
from complaints.steps.confirm import confirm_back
from complaints.steps.explain import explain_cause
from complaints.steps.inform_standard import inform_standard
from complaints.steps.offer import offer_solution
from complaints.steps.promise import StepGiven, promise_deadline
from complaints.steps.thank import thank_customer
from tests.office import Office
from tests.outbox.test_deliver import Hand, deliver

#: Criterion → the step that sends its words, what it takes, and the last act before it.
SENT = {
    "020-1.3": (send_apology, {"stage": "intake"}, "020-1.2"),
    "020-1.4": (promise_deadline, {"steps": [StepGiven("Memeriksa jaringan")]}, "020-1.3"),
    "020-3.1": (send_apology, {"stage": "resolution"}, "confirmed"),
    "020-3.2": (explain_cause, {"text": "Kabel terputus"}, "020-3.1"),
    "020-3.3": (
        offer_solution,
        {"remedy": "PERBAIKAN", "description": "Kabel disambung"},
        "020-3.2",
    ),
    "020-3.6": (thank_customer, {}, "020-3.4"),
    "020-3.7": (inform_standard, {"all_items": True}, "020-3.6"),
}


def state(office: Office, number: str, key: str) -> str:
    return next(item.state.value for item in office.evidence(number) if item.criterion == key)


def conversation(office: Office, number: str) -> list[OutboxMessage]:
    return [row for row in office.letters(number) if row.kind == "conversation"]


def send(office: Office, number: str, key: str, method: str = "email", **more: object) -> None:
    step, words, before = SENT[key]
    office.walk(number, to=before)
    office.take(number, step, method=method, **{**words, **more})


@pytest.mark.parametrize("key", SENT)
def test_an_email_proves_what_it_says_once_the_mail_server_has_it(office: Office, key: str):
    number = office.receive()
    send(office, number, key)
    assert state(office, number, key) == "sending"
    (letter,) = conversation(office, number)
    assert (letter.state, letter.to_address) == ("queued", "siti@pelanggan.example")
    deliver(office, Hand(), office.at)
    assert state(office, number, key) == "proven"


@pytest.mark.parametrize("key", SENT)
def test_a_letter_on_paper_proves_it_once_it_is_printed(office: Office, key: str):
    number = office.receive(who={"email": ""})
    send(office, number, key, "letter")
    assert state(office, number, key) == "sending"
    (letter,) = conversation(office, number)
    deliver(office, Hand(), office.at)
    assert state(office, number, key) == "sending"
    office.take(number, print_letter, letter=letter.id)
    assert state(office, number, key) == "proven"
    assert office.history(number)[-1].what == "print_letter"


@pytest.mark.parametrize("key", SENT)
def test_without_an_address_an_email_is_refused_with_the_way_forward(office: Office, key: str):
    number = office.receive(who={"email": ""})
    step, words, before = SENT[key]
    office.walk(number, to=before)
    with pytest.raises(Invalid, match="choose a letter, the phone or face to face"):
        office.take(number, step, method="email", **words)
    assert state(office, number, key) == "missing"


@pytest.mark.parametrize("method", ["spoken", "phone", "message", "print", "signature"])
def test_what_somebody_said_is_their_word_and_writes_nothing(office: Office, method: str):
    number = office.receive()
    send(office, number, "020-3.1", method)
    assert state(office, number, "020-3.1") == "proven"
    assert conversation(office, number) == []


def test_the_very_words_of_the_record_are_in_the_letter(office: Office):
    number = office.receive()
    send(office, number, "020-3.3", description="Kabel disambung hari ini juga")
    hand = Hand()
    deliver(office, hand, office.at)
    message = hand.sent[-1]
    assert message["Subject"] == "Penawaran kami atas keluhan [KLH-2026-000001]"
    assert "Kabel disambung hari ini juga" in message.get_body(("plain",)).get_content()


def test_closing_waits_for_the_letter_and_says_so(office: Office):
    number = office.receive()
    send(office, number, "020-3.7")
    office.take(number, keep_commitments, everything=True, note="Joko melapor selesai")
    with pytest.raises(GateRefused) as refused:
        office.take(number, close_complaint)
    assert refused.value.missing == ("020-3.7",)
    assert refused.value.because == {"020-3.7": "queued"}
    deliver(office, Hand(), office.at)
    office.take(number, close_complaint)


def test_one_conversation_at_intake_need_not_wait_for_the_mail_server(office: Office):
    number = office.receive()
    office.walk(number, to="020-1.2")
    office.take(number, send_apology, stage="intake", method="email")
    office.walk(number, after="020-1.3", to="020-1.6")
    assert office.complaint(number).status == "registered"


def test_an_apology_at_intake_that_came_back_keeps_the_complaint_open(office: Office):
    number = office.receive()
    send(office, number, "020-1.3")
    deliver(office, Hand(), office.at)
    office.walk(number, after="020-1.3", to="kept")
    (letter,) = conversation(office, number)
    office.take(number, note_return, letter=letter.id, reason="Kotak surat penuh")
    with pytest.raises(GateRefused) as refused:
        office.take(number, close_complaint)
    assert refused.value.because == {"020-1.3": "bounced"}
    office.take(number, send_apology, stage="intake", method="phone")
    office.take(number, close_complaint)


def test_a_letter_that_came_back_opens_the_criterion_and_says_why(office: Office):
    number = office.receive()
    send(office, number, "020-3.3")
    deliver(office, Hand(), office.at)
    (letter,) = conversation(office, number)
    office.take(number, note_return, letter=letter.id, reason="Alamat tidak dikenal")
    item = next(each for each in office.evidence(number) if each.criterion == "020-3.3")
    assert (item.state, item.because) == ("missing", "bounced")
    assert office.history(number)[-1].detail["reason"] == "Alamat tidak dikenal"


def test_a_letter_given_up_opens_the_criterion_and_tells_the_handler(office: Office):
    number = office.receive()
    send(office, number, "020-3.2")
    # It is tried for days: every four hours in the end.
    for attempt in range(MOST_ATTEMPTS):
        item = next(each for each in office.evidence(number) if each.criterion == "020-3.2")
        assert item.state == "sending"
        at = office.at + timedelta(hours=4 * attempt)
        deliver(office, Hand(failing=ValueError("no")), at, tell=tell_undelivered)
    item = next(each for each in office.evidence(number) if each.criterion == "020-3.2")
    assert (item.state, item.because) == ("missing", "failed")
    assert "letter_lost" in [notice.kind for notice in office.notices("csr")]


def test_only_a_letter_that_has_left_can_come_back_and_only_once(office: Office):
    number = office.receive()
    send(office, number, "020-3.1")
    (letter,) = conversation(office, number)
    with pytest.raises(Refused, match="has not left"):
        office.take(number, note_return, letter=letter.id, reason="Kotak surat penuh")
    with pytest.raises(Refused, match="not waiting to be printed"):
        office.take(number, print_letter, letter=letter.id)
    with pytest.raises(NotFound):
        office.take(number, note_return, letter=letter.id + 99, reason="Kotak surat penuh")


@pytest.mark.both_databases
def test_the_same_letter_does_not_go_twice(office: Office):
    number = office.receive()
    send(office, number, "020-3.3")
    step, words, _ = SENT["020-3.3"]
    office.take(number, step, method="email", **words)
    assert state(office, number, "020-3.3") == "sending"
    deliver(office, Hand(), office.at)
    office.take(number, step, method="email", **words)
    assert state(office, number, "020-3.3") == "proven"
    assert len(conversation(office, number)) == 1


def test_the_customers_view_of_a_letter_that_has_left_sends_no_second_one(office: Office):
    number = office.receive()
    send(office, number, "020-3.2")
    deliver(office, Hand(), office.at)
    told = {"text": "Kabel terputus", "method": "email"}
    office.take(number, explain_cause, view="unclear", **told)
    assert state(office, number, "020-3.2") == "missing"
    office.take(number, explain_cause, view="agrees", **told)
    assert state(office, number, "020-3.2") == "proven"
    assert len(conversation(office, number)) == 1


def test_a_correction_before_it_leaves_goes_in_its_last_words_only(office: Office):
    number = office.receive()
    send(office, number, "020-3.3", description="Kabel disambung bulan depan")
    office.take(
        number, offer_solution, method="email", remedy="PERBAIKAN", description="Besok disambung"
    )
    hand = Hand()
    deliver(office, hand, office.at)
    said = [message.get_body(("plain",)).get_content() for message in hand.sent]
    assert sum("Besok disambung" in text for text in said) == 1
    assert not any("bulan depan" in text for text in said)
    assert state(office, number, "020-3.3") == "proven"


def test_a_correction_on_the_phone_takes_back_the_offer_that_has_not_left(office: Office):
    number = office.receive()
    send(office, number, "020-3.3")
    office.take(
        number, offer_solution, method="phone", remedy="PERBAIKAN", description="Besok disambung"
    )
    deliver(office, Hand(), office.at)
    assert [row.state for row in conversation(office, number)] == ["replaced"]
    assert state(office, number, "020-3.3") == "proven"


@pytest.mark.parametrize("failing", [Unreachable("ConnectionRefusedError"), ValueError("x")])
@pytest.mark.parametrize("method", ["email", "phone"])
def test_what_is_corrected_while_the_mail_server_is_away_leaves_in_no_old_words(
    office: Office, method: str, failing: Exception
):
    number = office.receive()
    send(office, number, "020-3.3", description="Kabel disambung bulan depan")
    deliver(office, Hand(failing=failing), office.at)
    words = {"remedy": "PERBAIKAN", "description": "Besok disambung"}
    office.take(number, offer_solution, at=office.at, method=method, **words)
    hand = Hand()
    deliver(office, hand, office.at + timedelta(minutes=10))
    said = [message.get_body(("plain",)).get_content() for message in hand.sent]
    assert not any("bulan depan" in text for text in said)
    assert sum("Besok disambung" in text for text in said) == (method == "email")


@pytest.mark.parametrize("failing", [None, ValueError("x"), Unreachable("ConnectionRefusedError")])
def test_what_is_leaving_keeps_its_words_at_the_first_try_and_at_the_next(office: Office, failing):
    number = office.receive()
    send(office, number, "020-3.3", description="Kabel disambung bulan depan")
    key = conversation(office, number)[-1].key
    if failing:
        deliver(office, Hand(failing=failing), office.at)
        office.at += timedelta(minutes=10)

    class Correcting(Hand):
        def send(self, message: EmailMessage) -> None:
            super().send(message)
            if "bulan depan" in str(message.get_body(("plain",)).get_content()):
                words = {"remedy": "PERBAIKAN", "description": "Besok disambung"}
                office.take(number, offer_solution, at=office.at, **words)

    hand = Correcting()
    deliver(office, hand, office.at)
    row = next(row for row in conversation(office, number) if row.key == key)
    assert row.state == "sent"
    assert [part["text"] for part in row.facts["parts"]] == ["Kabel disambung bulan depan"]


def test_a_replaced_offer_that_was_sent_proves_nothing_for_the_new_one(office: Office):
    number = office.receive()
    send(office, number, "020-3.3")
    deliver(office, Hand(), office.at)
    office.take(
        number, offer_solution, method="email", remedy="PERBAIKAN", description="Besok disambung"
    )
    assert state(office, number, "020-3.3") == "sending"


def test_what_was_said_stands_while_a_letter_about_it_is_on_its_way(office: Office):
    number = office.receive()
    send(office, number, "020-3.1", "spoken")
    office.take(number, send_apology, stage="resolution", text="Maaf sekali.", method="email")
    assert state(office, number, "020-3.1") == "proven"


def test_what_could_not_be_done_writes_no_letter(office: Office):
    number = office.receive()
    office.walk(number, to="confirmed")
    unable = Unable("Pelanggan menolak permintaan maaf lagi")
    office.take(number, send_apology, stage="resolution", method="email", unable=unable)
    assert state(office, number, "020-3.1") == "unable"
    assert conversation(office, number) == []


def test_an_answer_that_came_by_email_is_the_customers_own_letter(office: Office):
    number = office.receive()
    office.walk(number, to="020-3.3")
    office.take(number, take_answer, answer="accepted", method="email", reason="Ya, saya setuju")
    assert state(office, number, "020-3.4") == "proven"
    assert conversation(office, number) == []


def test_a_summary_sent_by_email_is_on_its_way(office: Office):
    number = office.receive()
    office.walk(number, to="020-1.1")
    office.take(number, confirm_back, summary="Internet mati sejak kemarin", method="email")
    assert state(office, number, "020-1.2") == "sending"


def test_what_was_proven_under_earlier_rules_stays_proven_and_is_marked(office: Office):
    number = office.receive()
    office.walk(number, to="020-3.1")
    (record,) = (row for row in office.rows(StepRecord, number) if row.criterion == "020-3.1")
    record.proof_rules, record.method = 1, "email"
    office.session.commit()
    item = next(each for each in office.evidence(number) if each.criterion == "020-3.1")
    assert (item.state, item.is_by_earlier_rules) == ("proven", True)
    office.walk(number, after="020-3.1")
    assert office.complaint(number).status == "closed"

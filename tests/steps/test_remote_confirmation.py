"""A summary that was sent is proven by the customer's own answer, on their page or in a call."""

from __future__ import annotations

from datetime import timedelta

import pytest

from complaints.domain.errors import GateRefused, Invalid, Refused
from complaints.domain.permissions import CUSTOMER
from complaints.models import Commitment, Deadline, Note, Notice, StepRecord
from complaints.steps.case import open_case
from complaints.steps.casework.assign import assign_complaint
from complaints.steps.close import close_complaint, withdraw_complaint
from complaints.steps.commitments.settle import keep_commitments
from complaints.steps.confirm import answer_confirmation, confirm_back
from tests.office import Office
from tests.outbox.test_deliver import Hand, deliver
from tests.steps.test_written_proofs import state

SUMMARY = "Internet mati sejak kemarin sore, minta segera menyala"


def ask(office: Office, number: str, method: str = "email") -> None:
    office.walk(number, to="020-1.1")
    office.take(number, confirm_back, summary=SUMMARY, method=method)
    deliver(office, Hand(), office.at)


def answer(office: Office, number: str, **words: str) -> None:
    """Answer on the customer's own page."""
    office.at += timedelta(minutes=5)
    try:
        case = open_case(office.session, number, by=CUSTOMER, at=office.at)
        answer_confirmation(case, **words)
    except Refused:
        office.session.rollback()
        raise
    office.session.commit()


def follow_ups(office: Office, number: str) -> list[Commitment]:
    return [row for row in office.rows(Commitment, number) if row.kind == "confirm"]


def is_awaited(office: Office, number: str) -> bool:
    return office.complaint(number).awaiting_confirmation


@pytest.mark.parametrize("method", ["email", "message"])
def test_staff_cannot_answer_for_the_customer(office: Office, method: str):
    number = office.receive()
    ask(office, number, method)
    assert state(office, number, "020-1.2") == "awaiting"
    assert is_awaited(office, number)
    with pytest.raises(Invalid, match="on their page"):
        office.take(
            number,
            confirm_back,
            summary=SUMMARY,
            method=method,
            answer="corrected",
            corrections="x",
        )


def test_the_customers_own_yes_proves_it_and_ends_the_follow_up(office: Office):
    number = office.receive()
    ask(office, number)
    (each,) = follow_ups(office, number)
    assert each.owner_id == office.id_of("csr")
    # One working day: Friday at the same time.
    assert each.due_at == each.at + timedelta(days=1)
    answer(office, number, answer="yes")
    assert state(office, number, "020-1.2") == "proven"
    assert not is_awaited(office, number)
    (each,) = follow_ups(office, number)
    assert each.done_at is not None
    clock = next(row for row in office.rows(Deadline, number) if row.id == each.deadline_id)
    assert clock.state == "met"
    with pytest.raises(Refused, match="Nothing has to be confirmed"):
        answer(office, number, answer="yes")


def test_a_call_attests_it_as_before(office: Office):
    number = office.receive()
    ask(office, number)
    office.take(number, confirm_back, summary=SUMMARY, method="phone", answer="yes")
    assert state(office, number, "020-1.2") == "proven"
    assert follow_ups(office, number)[0].done_at is not None


def test_a_correction_is_kept_as_the_customers_message_and_leaves_it_open(office: Office):
    number = office.receive()
    ask(office, number)
    with pytest.raises(Invalid):
        answer(office, number, answer="corrected", corrections=" ")
    answer(office, number, answer="corrected", corrections="Mati sejak Senin, bukan kemarin")
    assert state(office, number, "020-1.2") == "awaiting"
    (note,) = office.rows(Note, number)
    assert (note.direction, note.text) == ("in", "Mati sejak Senin, bukan kemarin")
    told = [row for row in office.rows(Notice, number) if row.kind == "customer_wrote"]
    assert [row.user_id for row in told] == [office.id_of("csr")]
    assert follow_ups(office, number)[0].done_at is None


def test_asking_again_moves_no_date(office: Office):
    number = office.receive()
    ask(office, number)
    (before,) = follow_ups(office, number)
    due_at = before.due_at
    office.at += timedelta(hours=3)
    office.take(number, confirm_back, summary=f"{SUMMARY} hari ini", method="email")
    (after,) = follow_ups(office, number)
    assert after.due_at == due_at


def test_the_work_goes_on_and_only_closing_asks_for_the_answer(office: Office):
    number = office.receive()
    ask(office, number)
    office.walk(number, after="020-1.2", to="020-3.7")
    assert office.complaint(number).status == "accepted"
    office.take(number, keep_commitments, everything=True, note="Joko melapor selesai")
    with pytest.raises(GateRefused) as refused:
        office.take(number, close_complaint)
    assert refused.value.missing == ("020-1.2",)
    assert refused.value.because == {"020-1.2": "unconfirmed"}
    answer(office, number, answer="yes")
    office.take(number, close_complaint)
    assert office.complaint(number).status == "closed"


def test_what_was_sent_under_earlier_rules_keeps_its_proof(office: Office):
    number = office.receive()
    ask(office, number)
    record = next(row for row in office.rows(StepRecord, number) if row.criterion == "020-1.2")
    record.detail = {"answer": "yes", "corrections": ""}
    office.session.commit()
    assert state(office, number, "020-1.2") == "proven"


def test_nothing_is_asked_of_whoever_has_withdrawn(office: Office):
    number = office.receive()
    ask(office, number)
    office.take(number, withdraw_complaint, reason="Sudah menyala lagi")
    with pytest.raises(Refused, match="Nothing has to be confirmed"):
        answer(office, number, answer="yes")


# A complaint that came in writing


@pytest.mark.first_row_on_postgresql
@pytest.mark.parametrize("method", ["spoken", "print"])
@pytest.mark.parametrize("channel", ["email", "web", "letter", "whatsapp"])
def test_nobody_heard_the_customer_of_a_written_channel_say_yes(
    office: Office, channel: str, method: str
):
    number = office.receive(channel=channel)
    with pytest.raises(Invalid, match=r"came in writing.*called them.*let them sign") as refused:
        office.take(number, confirm_back, summary=SUMMARY, method=method, answer="yes")
    assert refused.value.field == "method"
    assert office.states(number)["020-1.2"] == "missing"


def test_a_call_confirms_it_and_keeps_the_number_that_was_called(office: Office):
    number = office.receive(channel="email")
    office.take(number, confirm_back, summary=SUMMARY, method="phone", answer="yes")
    assert state(office, number, "020-1.2") == "proven"
    record = next(row for row in office.rows(StepRecord, number) if row.criterion == "020-1.2")
    assert record.detail["called"] == "6281234567890"


def test_without_a_number_nobody_can_have_been_called(office: Office):
    number = office.receive(channel="email", who={"phone": ""})
    with pytest.raises(Invalid, match="Add the number you called"):
        office.take(number, confirm_back, summary=SUMMARY, method="phone", answer="yes")


def test_whoever_came_to_the_desk_later_signs(office: Office):
    number = office.receive(channel="email")
    office.take(number, confirm_back, summary=SUMMARY, method="signature", answer="yes")
    assert state(office, number, "020-1.2") == "proven"


def test_the_follow_up_goes_to_the_new_handler(office: Office):
    number = office.receive()
    ask(office, number)
    assign = {"handler": "supervisor@tanggap.example", "reason": "Saya urus"}
    office.take(number, assign_complaint, by="supervisor", **assign)
    assert follow_ups(office, number)[0].owner_id == office.id_of("supervisor")

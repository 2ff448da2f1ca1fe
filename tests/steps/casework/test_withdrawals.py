"""A withdrawal is the customer's own act, counted with its promise, and can be taken back."""

from __future__ import annotations

from datetime import timedelta

import pytest

from complaints.domain.errors import Forbidden, Invalid, Refused
from complaints.domain.permissions import CUSTOMER
from complaints.models import Exit, Notice
from complaints.steps.amend import Amendment, amend_record
from complaints.steps.case import open_case
from complaints.steps.casework.converse import record_message
from complaints.steps.casework.pause import pause_clocks
from complaints.steps.close import take_back_withdrawal, withdraw_complaint
from tests.office import Office
from tests.steps.test_commitments import sweep

DAY = timedelta(days=1)
WHY = "Sudah menyala lagi sendiri"


def withdrawal(office: Office, number: str) -> Exit:
    (kept,) = (each for each in office.rows(Exit, number) if each.kind == "withdrawal")
    return kept


def take_back(office: Office, number: str) -> None:
    case = open_case(office.session, number, by=CUSTOMER, at=office.at)
    take_back_withdrawal(case)
    office.session.commit()


@pytest.mark.first_row_on_postgresql
@pytest.mark.parametrize(
    ("method", "called", "field"),
    [("spoken", "", "method")]
    + [
        ("phone", typed, "number")
        for typed in ("", "besok", "08123", "12345", "0000000000", "1234567890123456")
    ]
    + [(each, "", "method") for each in ("email", "message", "letter", "print", "")],
)
def test_what_staff_say_alone_is_no_withdrawal(office: Office, method, called, field):
    number = office.receive()
    with pytest.raises(Invalid) as refusal:
        office.take(number, withdraw_complaint, reason=WHY, method=method, number=called)
    assert refusal.value.field == field
    assert office.complaint(number).status == "received"


def test_a_call_on_the_number_on_record_is_kept_with_it(office: Office):
    number = office.receive()
    office.take(number, withdraw_complaint, reason=WHY, method="phone", number="+62 812-3456-7890")
    kept = withdrawal(office, number)
    assert (kept.code, kept.detail) == ("", {"called": "6281234567890"})


def test_a_message_that_staff_typed_is_not_the_customers_own(office: Office):
    number = office.receive()
    office.take(number, record_message, text="Saya cabut", direction="in", method="email")
    with pytest.raises(Invalid, match="wrote themselves") as refusal:
        office.take(number, withdraw_complaint, reason=WHY, method="email")
    assert refusal.value.field == "method"
    for text in ("Kapan teknisi datang?", "Saya cabut saja"):
        case = open_case(office.session, number, by=CUSTOMER, at=office.at)
        record_message(case, text=text, direction="in", method="page")
        office.session.commit()
    office.take(number, withdraw_complaint, reason=WHY, method="message")
    kept = withdrawal(office, number)
    # What somebody read in it stands beside what was written.
    assert (kept.method, kept.reason) == ("message", f"{WHY} – “Saya cabut saja”")


def test_another_number_takes_the_word_of_somebody_who_does_not_handle_it(office: Office):
    number = office.receive()
    call = {"reason": WHY, "method": "phone", "number": "0811 2222 3333"}
    with pytest.raises(Forbidden, match="not the number on record") as refusal:
        office.take(number, withdraw_complaint, **call)
    assert refusal.value.field == "number"
    office.take(number, withdraw_complaint, by="supervisor", **call)
    kept = withdrawal(office, number)
    assert (kept.code, kept.by_name) == ("other_number", "Supervisor")
    assert kept.detail["called"] == "6281122223333"
    said = office.history(number)[-1].detail
    assert said["other_number"] == "…3333"
    assert "6281122223333" not in str(said)


def test_who_handles_it_may_not_vouch_for_another_number_whatever_the_role(office: Office):
    number = office.receive(by="supervisor")
    with pytest.raises(Forbidden, match="does not handle"):
        office.take(
            number,
            withdraw_complaint,
            by="supervisor",
            reason=WHY,
            method="phone",
            number="0811 2222 3333",
        )


def test_a_number_that_one_put_on_record_oneself_is_not_known_by_that(office: Office):
    number = office.receive()
    office.take(number, amend_record, change=Amendment(phone="0811 2222 3333"))
    with pytest.raises(Forbidden, match="not the number on record"):
        office.take(number, withdraw_complaint, reason=WHY, method="phone", number="0811 2222 3333")


def test_it_is_counted_with_what_the_promise_stood_at(office: Office):
    running, late = office.receive(), office.receive()
    office.take(running, withdraw_complaint, reason=WHY)
    due = office.clocks(late)["resolve"].due_at
    office.take(late, withdraw_complaint, at=due + DAY, reason=WHY)
    states = [withdrawal(office, each).promise_state for each in (running, late)]
    assert states == ["running", "missed"]


def test_a_withdrawal_dated_back_before_the_due_time_is_late_all_the_same(office: Office):
    number = office.receive()
    due = office.clocks(number)["resolve"].due_at
    case = office.open(number, at=due - timedelta(hours=1))
    case.recorded_at = due + DAY
    withdraw_complaint(case, reason=WHY)
    office.session.commit()
    assert withdrawal(office, number).promise_state == "missed"
    assert office.clocks(number)["resolve"].state == "breached"


def test_the_customer_may_take_it_back_for_seven_days(office: Office):
    number, other = office.receive(), office.receive()
    for each in (number, other):
        office.take(each, withdraw_complaint, reason=WHY)
    letter = next(each for each in office.letters(number) if each.kind == "withdrawn")
    assert letter.facts["until"] == (withdrawal(office, number).at + 7 * DAY).isoformat()
    office.at += 7 * DAY - timedelta(hours=1)
    take_back(office, number)
    complaint = office.complaint(number)
    assert (complaint.status, complaint.cycle) == ("received", 2)
    assert withdrawal(office, number).ended_at == office.at
    told = [row for row in office.rows(Notice, number) if row.kind == "withdrawal_taken_back"]
    assert [row.user_id for row in told] == [office.id_of("csr")]
    with pytest.raises(Refused, match="not withdrawn"):
        take_back(office, number)
    office.session.rollback()
    office.at += 2 * DAY
    with pytest.raises(Refused, match="is over"):
        take_back(office, other)


def test_a_withdrawal_that_is_taken_back_wins_no_time(office: Office):
    number = office.receive()
    office.walk(number, to="020-1.6")
    before = office.clocks(number)["resolve"]
    told = (before.due_at, before.told_at, before.first_told_at, before.started_at)
    promised = office.complaint(number).promised_at
    assert promised is not None
    assert before.told_at is not None
    office.take(number, withdraw_complaint, reason=WHY)
    office.at += timedelta(hours=20)
    take_back(office, number)
    after = office.clocks(number)["resolve"]
    assert (after.due_at, after.told_at, after.first_told_at, after.started_at) == told
    assert (after.cycle, after.state, after.ended_at) == (2, "running", None)
    assert office.complaint(number).promised_at == promised
    sweep(office, after.due_at + DAY)
    assert office.clocks(number)["resolve"].state == "breached"


def test_a_deadline_nobody_was_told_yet_goes_on_as_well(office: Office):
    number = office.receive()
    dues = {kind: each.due_at for kind, each in office.clocks(number).items()}
    office.take(number, withdraw_complaint, reason=WHY)
    office.at += timedelta(hours=20)
    take_back(office, number)
    after = {kind: each.due_at for kind, each in office.clocks(number).items()}
    for kind in ("ack", "plan", "resolve"):
        assert after[kind] == dues[kind]


def test_a_pause_before_the_withdrawal_still_counts_after_it_and_a_miss_stays_one(office: Office):
    number, late = office.receive(), office.receive()
    office.walk(number, to="020-2.5")
    office.take(number, pause_clocks, reason="Menunggu foto tagihan", until=office.at + DAY)
    office.take(number, withdraw_complaint, at=office.at + timedelta(hours=5), reason=WHY)
    due = office.clocks(number)["resolve"].due_at
    missed = office.clocks(late)["resolve"].due_at
    office.take(late, withdraw_complaint, at=missed + DAY, reason=WHY)
    office.at = missed + 2 * DAY
    for each in (number, late):
        take_back(office, each)
    assert office.clocks(number)["resolve"].due_at == due
    gone_on = office.clocks(late)["resolve"]
    assert (gone_on.state, gone_on.breached_at, gone_on.ended_at) == ("breached", missed, None)

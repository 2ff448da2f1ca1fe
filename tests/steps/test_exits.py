"""What could not be done: for a reason of the list, on record, signed by someone else."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from complaints.actions.recording import ActGiven, record_several
from complaints.domain.errors import Forbidden, GateRefused, Invalid, Refused
from complaints.domain.words.exits import Unable
from complaints.models import Exit, Notice, User
from complaints.people.absences import note_absence
from complaints.queries.lists.decisions import TO_ACKNOWLEDGE, TO_DECIDE
from complaints.queries.reports.exceptions import Asked, ExceptionRow, list_exceptions
from complaints.queries.reports.period import Period
from complaints.steps.amend import Amendment, amend_record
from complaints.steps.answer import take_answer
from complaints.steps.apologise import send_apology
from complaints.steps.attest import attest_listening
from complaints.steps.casework.assign import assign_complaint
from complaints.steps.casework.attempt import record_attempt
from complaints.steps.casework.converse import record_message
from complaints.steps.casework.countersign import countersign
from complaints.steps.close import close_complaint, reopen_complaint
from complaints.steps.confirm import confirm_back
from complaints.steps.explain import explain_cause
from complaints.steps.offer import offer_solution
from complaints.steps.register import register_complaint
from tests.conftest import NOW
from tests.office import Office

LEFT = Unable("Pelanggan pergi sebelum ringkasan dibacakan")
NOT_REACHED = Unable("Lima kali tidak mengangkat telepon", "not_reachable")


def exits(office: Office, number: str) -> list[Exit]:
    return list(office.rows(Exit, number))


def try_to_reach(office: Office, number: str, times: int) -> None:
    for _ in range(times):
        office.take(number, record_attempt, method="phone", text="Tidak diangkat")


def leave_out(office: Office, number: str, *keys: str) -> None:
    """Walk to the closing with these criteria excused, each in its own words."""
    steps: dict[str, tuple[Any, dict[str, Any]]] = {
        "020-1.1": (attest_listening, {"listened": False, "unable": Unable("Menutup telepon")}),
        "020-1.2": (confirm_back, {"unable": LEFT}),
        "020-1.3": (
            send_apology,
            {"stage": "intake", "unable": Unable("Tidak mau mendengar maaf di awal")},
        ),
        "020-3.1": (
            send_apology,
            {"stage": "resolution", "unable": Unable("Meminta agar tidak ada maaf lagi")},
        ),
    }
    for key in (key for key in keys if key.startswith("020-1")):
        step, words = steps[key]
        office.take(number, step, **words)
    office.walk(number, to="020-2.5", skip=set(keys))
    for key in (key for key in keys if key.startswith("020-3")):
        step, words = steps[key]
        office.take(number, step, **words)
    office.walk(number, after="020-2.5", skip={*keys, "closed"})


def listed(office: Office) -> list[ExceptionRow]:
    """What the report of exits says of steps that could not be done."""
    day = office.at.date()
    period = Period.of(day - timedelta(days=30), day + timedelta(days=30), office.rules)
    asked = Asked(kind="unable")
    rows = list_exceptions(office.session, office.actor("manager"), period, office.rules, asked)
    office.session.commit()
    return rows


# The reason and the sentence


def test_an_exit_is_kept_with_everything_a_report_asks_for(office: Office):
    number = office.receive()
    office.take(number, confirm_back, unable=LEFT)
    (made,) = exits(office, number)
    assert (made.kind, made.criterion, made.code) == ("unable", "020-1.2", "customer_left")
    assert (made.reason, made.by_name) == (LEFT.reason, office.people["csr"].name)
    assert made.branch_id == office.complaint(number).branch_id
    assert (made.at, made.state, made.is_earlier) == (office.at, "", False)


@pytest.mark.parametrize("code", ["interpreter_missing", "asked_not_to", "malas", "silence"])
def test_only_a_reason_of_the_criterion_counts(office: Office, code: str):
    number = office.receive()
    with pytest.raises(Invalid, match="Choose the reason from the list") as refusal:
        office.take(number, confirm_back, unable=Unable("Sudah diterangkan kepada saya", code))
    assert refusal.value.field == "unable.code"
    assert exits(office, number) == []


@pytest.mark.parametrize("called", ["customer_left", "The customer left or hung up"])
def test_a_reason_goes_by_its_code_or_its_words(office: Office, called: str):
    number = office.receive()
    office.take(number, confirm_back, unable=Unable("Terburu-buru mengejar kereta", called))
    assert exits(office, number)[0].code == "customer_left"


@pytest.mark.first_row_on_postgresql
@pytest.mark.parametrize("sentence", ["", " - ", "pergi", "x y", "1234 5678 9999"])
def test_a_sentence_says_something(office: Office, sentence: str):
    number = office.receive()
    with pytest.raises(Invalid, match="in a few words") as refusal:
        office.take(number, confirm_back, unable=Unable(sentence, "customer_left"))
    assert refusal.value.field == "unable.reason"


@pytest.mark.parametrize(
    "again",
    [
        "Pelanggan menutup telepon",
        "pelanggan  MENUTUP telepon!",
        "Pelanggan menutup telepon 2",
        "Pelanggan menutup teleponn",
    ],
)
def test_one_sentence_does_not_stand_for_two_steps(office: Office, again: str):
    number = office.receive()
    office.take(
        number, attest_listening, listened=False, unable=Unable("Pelanggan menutup telepon")
    )
    with pytest.raises(Invalid, match="already used for another step"):
        office.take(number, confirm_back, unable=Unable(again))
    other = Unable("Sambungan putus, pelanggan menutup telepon sebelum ringkasan dibacakan")
    office.take(number, confirm_back, unable=other)


# What has to be on record


def test_not_reachable_needs_two_attempts_before_it_is_said(office: Office):
    number = office.receive()
    for made in (0, 1):
        with pytest.raises(Invalid, match=f"at least 2, so far {made}"):
            office.take(number, confirm_back, unable=NOT_REACHED)
        try_to_reach(office, number, 1)
    office.take(number, confirm_back, unable=NOT_REACHED)
    assert office.states(number)["020-1.2"] == "unable"


def test_attempts_recorded_in_one_go_are_one(office: Office):
    """A batch of calls that nobody made, dated back an hour apart."""
    number = office.receive()
    now = office.at + timedelta(hours=5)
    acts = [
        ActGiven("attempt", {"method": "phone", "at": (now - timedelta(hours=back)).isoformat()})
        for back in (4, 3, 2)
    ]
    record_several(office.session, number, acts, by=office.actor("csr"), now=now)
    office.session.commit()
    with pytest.raises(Invalid, match="so far 1"):
        office.take(number, confirm_back, at=now, unable=NOT_REACHED)
    office.take(number, record_attempt, at=now + timedelta(minutes=4), method="phone")
    with pytest.raises(Invalid, match="so far 1"):
        office.take(number, confirm_back, unable=NOT_REACHED)
    office.take(number, record_attempt, at=now + timedelta(minutes=20), method="phone")
    office.take(number, confirm_back, unable=NOT_REACHED)
    tried = [each.detail for each in office.history(number) if each.what == "attempt"]
    assert {each["tried"] for each in tried} == {"6281234567890"}


def test_an_attempt_is_no_contact_with_the_customer(office: Office):
    number = office.receive()
    before = office.clocks(number)["progress"].started_at
    try_to_reach(office, number, 1)
    assert office.clocks(number)["progress"].started_at == before


def test_a_message_in_writing_is_an_attempt_and_a_talk_is_none(office: Office):
    number = office.receive()
    for method in ("phone", "spoken"):
        office.take(number, record_message, text="Kami bicara", direction="out", method=method)
    with pytest.raises(Invalid, match="so far 0"):
        office.take(number, confirm_back, unable=NOT_REACHED)
    for method in ("message", "letter"):
        office.take(number, record_message, text="Mohon hubungi", direction="out", method=method)
    office.take(number, confirm_back, unable=NOT_REACHED)


def test_whoever_has_written_meanwhile_is_reachable(office: Office):
    number = office.receive()
    try_to_reach(office, number, 2)
    office.take(number, record_message, text="Telepon saya", direction="in", method="message")
    with pytest.raises(Invalid, match="so far 0"):
        office.take(number, confirm_back, unable=NOT_REACHED)
    try_to_reach(office, number, 2)
    office.take(number, confirm_back, unable=NOT_REACHED)


def test_a_cause_is_not_explained_only_after_three_attempts_on_two_days(office: Office):
    number = office.receive()
    office.walk(number, to="020-3.1")
    try_to_reach(office, number, 3)
    with pytest.raises(Invalid, match="on 2 days"):
        office.take(number, explain_cause, unable=NOT_REACHED)
    # Written down today, whatever day it is said to have been.
    case = office.open(number)
    case.at, case.recorded_at = case.at - timedelta(hours=1), case.at
    record_attempt(case, method="phone")
    office.session.commit()
    with pytest.raises(Invalid, match="on 2 days"):
        office.take(number, explain_cause, unable=NOT_REACHED)
    office.take(number, record_attempt, at=office.at + timedelta(days=1), method="phone")
    office.take(number, explain_cause, unable=NOT_REACHED)
    assert office.states(number)["020-3.2"] == "unable"


def test_days_told_afterwards_are_one_day(office: Office):
    office.at = NOW - timedelta(days=6)
    number = office.receive()
    office.walk(number, to="020-3.1")
    written = NOW
    for days in (3, 2, 1):
        case = office.open(number, at=written - timedelta(days=days))
        case.recorded_at = written
        record_attempt(case, method="phone")
        office.session.commit()
    with pytest.raises(Invalid, match="on 2 days"):
        office.take(number, explain_cause, at=written, unable=NOT_REACHED)


def test_attempts_of_an_earlier_round_do_not_count_after_reopening(office: Office):
    number = office.receive()
    office.walk(number, to="020-3.1")
    for day in range(3):
        office.take(number, record_attempt, at=office.at + timedelta(days=day), method="phone")
    office.walk(number, after="020-3.1")
    office.take(number, reopen_complaint, reason="Mati lagi sejak pagi")
    office.walk(number, to="020-3.1", after="020-2.5")
    with pytest.raises(Invalid, match="so far 0"):
        office.take(number, explain_cause, unable=NOT_REACHED)


def test_nobody_is_excused_from_explaining_a_cause_nobody_found(office: Office):
    number = office.receive()
    office.walk(number, to="020-2.5")
    with pytest.raises(Invalid, match="First confirm the cause"):
        office.take(number, explain_cause, unable=NOT_REACHED)


# The signature


@pytest.mark.parametrize(
    ("keys", "asked"),
    [
        (("020-1.3",), False),
        (("020-1.1", "020-1.3"), False),
        (("020-1.1", "020-1.3", "020-3.1"), True),
        (("020-1.2",), True),
    ],
)
def test_three_exits_or_one_where_the_customer_was_not_heard_need_a_signature(
    office: Office, keys: tuple[str, ...], asked: bool
):
    number = office.receive()
    leave_out(office, number, *keys)
    assert (office.complaint(number).signature_asked_at is not None) is asked
    if asked:
        with pytest.raises(Refused, match="someone else has to sign them: Supervisor"):
            office.take(number, close_complaint)
        office.take(number, countersign, by="supervisor", answer="signed")
    assert office.take(number, close_complaint).status == "closed"
    assert {row.signed_by for row in listed(office)} == {"Supervisor" if asked else None}
    assert all((made.answered_by_name == "Supervisor") is asked for made in exits(office, number))


def test_who_may_sign_hears_of_it_once(office: Office):
    number = office.receive()
    office.take(number, confirm_back, unable=LEFT)
    office.take(
        number, attest_listening, listened=False, unable=Unable("Menutup telepon saat bercerita")
    )
    asked = [row for row in office.rows(Notice, number) if row.kind == "signature_asked"]
    assert [row.user_id for row in asked] == [office.id_of("supervisor")]
    office.take(number, countersign, by="supervisor", answer="signed")
    told = [row for row in office.rows(Notice, number) if row.kind == "exits_signed"]
    assert [row.user_id for row in told] == [office.id_of("csr")]


def test_with_the_supervisor_away_the_next_one_up_is_asked(office: Office):
    note_absence(
        office.session,
        deputy="",
        from_at=NOW,
        until_at=NOW + timedelta(days=5),
        by=office.actor("supervisor"),
        at=NOW,
    )
    office.session.commit()
    number = office.receive()
    office.take(number, confirm_back, unable=LEFT)
    asked = [row for row in office.rows(Notice, number) if row.kind == "signature_asked"]
    assert [row.user_id for row in asked] == [office.id_of("manager")]
    office.take(number, countersign, by="manager", answer="signed")


@pytest.mark.parametrize("by", ["csr", "officer", "auditor", "csr2"])
def test_nobody_without_the_right_signs(office: Office, by: str):
    number = office.receive()
    office.take(number, confirm_back, unable=LEFT)
    with pytest.raises(Forbidden):
        office.take(number, countersign, by=by, answer="signed")


def test_nobody_signs_their_own_exit_or_a_complaint_they_handle(office: Office):
    number = office.receive()
    office.take(number, confirm_back, by="supervisor", unable=LEFT)
    with pytest.raises(Forbidden, match="recorded one of these steps yourself"):
        office.take(number, countersign, by="supervisor", answer="signed")
    asked = [row for row in office.rows(Notice, number) if row.kind == "signature_asked"]
    assert [row.user_id for row in asked] == [office.id_of("manager")]
    other = office.receive()
    office.take(other, confirm_back, unable=LEFT)
    office.take(other, assign_complaint, handler="supervisor@tanggap.example", reason="Saya urus")
    with pytest.raises(Forbidden, match="handle this complaint yourself"):
        office.take(other, countersign, by="supervisor", answer="signed")
    office.take(other, countersign, by="admin", answer="signed")


def test_handing_the_complaint_over_makes_nobody_a_second_person(office: Office):
    number = office.receive()
    office.take(number, assign_complaint, handler="supervisor@tanggap.example", reason="Saya urus")
    office.take(number, confirm_back, unable=LEFT)
    office.take(
        number,
        assign_complaint,
        by="supervisor",
        handler="csr@tanggap.example",
        reason="Kembali ke meja depan",
    )
    with pytest.raises(Forbidden, match="handle this complaint yourself"):
        office.take(number, countersign, by="supervisor", answer="signed")
    for name, count in (("supervisor", 0), ("manager", 1)):
        me = {"user_id": office.id_of(name)}
        query = select(TO_ACKNOWLEDGE + TO_DECIDE).where(User.id == me["user_id"])
        assert office.session.scalar(query, me) == count
    office.take(number, countersign, by="manager", answer="signed")


def test_a_new_exit_after_the_signature_asks_again(office: Office):
    number = office.receive()
    office.take(number, confirm_back, unable=LEFT)
    office.take(number, countersign, by="supervisor", answer="signed")
    office.walk(number, to="020-1.1")
    office.take(
        number, send_apology, stage="intake", unable=Unable("Tidak mau mendengar maaf di awal")
    )
    assert office.complaint(number).signature_asked_at is not None
    office.walk(number, after="020-1.3", skip={"closed"})
    with pytest.raises(Refused, match="someone else has to sign"):
        office.take(number, close_complaint)


def test_what_is_done_after_all_needs_no_signature(office: Office):
    number = office.receive()
    office.take(number, confirm_back, unable=LEFT)
    office.walk(number, skip={"closed"})
    assert office.states(number)["020-1.2"] == "proven"
    assert office.complaint(number).signature_asked_at is None
    assert office.take(number, close_complaint).status == "closed"


def test_exits_of_an_earlier_round_count_after_reopening(office: Office):
    number = office.receive()
    leave_out(office, number, "020-1.1", "020-1.3")
    office.take(number, close_complaint)
    office.take(number, reopen_complaint, reason="Mati lagi sejak pagi")
    office.take(
        number, send_apology, stage="resolution", unable=Unable("Meminta agar tidak ada maaf lagi")
    )
    office.walk(number, after="020-2.5", skip={"020-3.1", "kept", "closed"})
    office.take(number, explain_cause, text="Kabel terputus lagi", view="agrees")
    assert office.complaint(number).signature_asked_at is not None


def test_what_is_returned_has_to_be_done_even_when_its_gate_is_long_behind(office: Office):
    number = office.receive()
    leave_out(office, number, "020-1.2")
    with pytest.raises(Invalid, match="why the steps are returned"):
        office.take(number, countersign, by="supervisor", answer="refused")
    office.take(
        number, countersign, by="supervisor", answer="refused", reason="Hubungi dan bacakan dahulu"
    )
    assert office.states(number)["020-1.2"] == "missing"
    assert exits(office, number)[0].state == "returned"
    (row,) = listed(office)
    assert (row.returned_by, row.signed_by, row.signed_at) == ("Supervisor", None, None)
    with pytest.raises(GateRefused) as refusal:
        office.take(number, close_complaint)
    assert refusal.value.missing == ("020-1.2",)
    office.walk(number, to="020-1.2", after="020-1.1")
    assert office.take(number, close_complaint).status == "closed"


def test_a_record_returned_as_incomplete_is_completed_or_excused_anew(office: Office):
    number = office.receive(channel="email", who={"email": ""})
    office.take(number, confirm_back, unable=LEFT)
    office.walk(number, to="020-1.4", skip={"020-1.1", "020-1.2"})
    office.take(number, register_complaint, unable=Unable("Alamat pengirim dirahasiakan"))
    back = {"answer": "refused", "reason": "Tanyakan sekali lagi"}
    office.take(number, countersign, by="supervisor", **back)
    assert office.states(number)["020-1.6"] == "missing"
    excuse = Unable("Ditanya dua kali, tetap dirahasiakan olehnya")
    office.take(number, amend_record, change=Amendment(), unable=excuse)
    assert office.states(number)["020-1.6"] == "unable"
    office.take(number, confirm_back, unable=Unable("Pergi lagi sebelum sempat dibacakan"))
    office.take(number, countersign, by="supervisor", **back)
    office.take(number, amend_record, change=Amendment(email="sari@pelanggan.example"))
    assert office.states(number)["020-1.6"] == "proven"


def test_a_closing_is_not_dated_before_its_signature(office: Office):
    number = office.receive()
    leave_out(office, number, "020-1.2")
    before = office.at
    office.take(number, countersign, by="supervisor", answer="signed")
    with pytest.raises(Invalid, match="cannot have happened before") as refusal:
        office.take(number, close_complaint, at=before)
    assert refusal.value.field == "at"


def test_a_supervisor_who_handles_it_does_not_end_the_dispute_alone(office: Office):
    number = office.receive(by="supervisor")
    office.walk(number, to="020-3.3")
    office.take(number, take_answer, answer="refused", reason="Minta ganti rugi")
    nothing = Unable("Kebijakan tidak mengizinkan yang lain")
    office.take(number, offer_solution, by="supervisor", unable=nothing)
    assert exits(office, number)[0].state == ""

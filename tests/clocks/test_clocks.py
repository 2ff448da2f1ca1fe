"""Clocks at work: paused, extended, recomputed, missed — and a breach that nobody can undo."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from complaints.clocks.changes import Clocks
from complaints.clocks.timers import next_timer
from complaints.domain.errors import Forbidden, Invalid, Refused
from complaints.domain.ledger import rebuild
from complaints.domain.policies.whatif import RuleKind
from complaints.engine.fire import fire_due
from complaints.models import Deadline, Extension, LedgerEntry, Notice
from complaints.rulebook import read_entry
from complaints.rules.edit import rule_in_force
from complaints.steps.amend import Amendment, amend_record
from complaints.steps.answer import take_answer
from complaints.steps.case import Case
from complaints.steps.casework.converse import record_message
from complaints.steps.casework.extend import ask_extension, decide_extension
from complaints.steps.casework.pause import pause_clocks, resume_clocks
from complaints.steps.commitments.undertake import StepGiven
from complaints.steps.confirm import confirm_back
from complaints.steps.explain import explain_cause
from complaints.steps.prioritise import override_priority, set_priority
from complaints.steps.promise import promise_deadline
from complaints.steps.register import register_complaint
from tests.conftest import NOW
from tests.office import Office

WORKDAY = timedelta(days=1)
FRONT_DESK = "id-default-front-desk"


def wib(text: str) -> datetime:
    """A wall time in Jakarta of November 2026, as an instant."""
    day, _, clock = text.partition(" ")
    return datetime.fromisoformat(f"2026-11-{day}T{clock}+07:00").astimezone(UTC)


def agree_with_ledger(office: Office, number: str) -> None:
    """Every clock is what its ledger says, and has one timer while it lives."""
    entries, rules = office.rows(LedgerEntry, number), office.rules
    timers = {timer.deadline_id: timer for timer in office.timers(number)}
    for clock in office.rows(Deadline, number):
        own = [entry for entry in entries if entry.deadline_id == clock.id]
        ledger = rebuild(read_entry(rules, entry) for entry in own)
        assert (clock.due_at, clock.state) == (ledger.due_at, ledger.state), clock.kind
        assert clock.breached_at == ledger.breached_at
        assert (clock.id in timers) is (clock.ended_at is None), clock.kind


def test_the_first_clocks_run_from_the_moment_of_receipt(office: Office):
    number = office.receive(received_at=wib("19 08:00"))
    clocks = office.clocks(number)
    assert {clock.started_at for clock in clocks.values()} == {wib("19 08:00")}
    assert clocks["ack"].clause == "ack_oral"
    assert clocks["resolve"].clause == "resolve_p2"
    assert office.complaint(number).next_due_kind == "ack"
    agree_with_ledger(office, number)


def test_each_branch_works_by_its_own_calendar(office: Office):
    here = office.clocks(office.receive())["resolve"]
    there = office.clocks(office.receive(by="csr2", branch="MKS"))["resolve"]
    assert here.calendar_version_id != there.calendar_version_id


def test_a_written_complaint_gets_its_receipt_within_a_working_day(office: Office):
    number = office.receive(channel="email")
    assert office.clocks(number)["ack"].clause == "ack_remote"


def test_what_is_met_in_its_due_second_is_met(office: Office):
    number = office.receive()
    due = office.clocks(number)["ack"].due_at
    office.walk(number, to="020-1.4")
    office.take(number, register_complaint, at=due)
    assert office.clocks(number)["ack"].state == "met"


def test_a_miss_that_nobody_has_swept_is_stamped_with_the_due_time(office: Office):
    number = office.receive()
    due = office.clocks(number)["ack"].due_at
    office.walk(number, to="020-1.4")
    office.take(number, register_complaint, at=due + timedelta(seconds=1))
    ack = office.clocks(number)["ack"]
    assert (ack.state, ack.breached_at, ack.ended_at) == ("breached", due, office.at)
    agree_with_ledger(office, number)


def test_a_pause_stops_all_clocks_but_the_acknowledgement(office: Office):
    number = office.receive()
    until = office.at + 2 * WORKDAY
    office.take(number, pause_clocks, by="supervisor", reason="Tunggu foto rumah", until=until)
    states = {kind: clock.state for kind, clock in office.clocks(number).items()}
    assert states == {"ack": "running", "plan": "paused", "progress": "paused", "resolve": "paused"}
    assert office.complaint(number).waiting_customer
    resuming = {timer.fire_at for timer in office.timers(number) if timer.firing == "resume"}
    assert resuming == {until}
    agree_with_ledger(office, number)
    with pytest.raises(Refused, match="paused before"):
        office.take(number, pause_clocks, reason="Tunggu foto lagi", until=until)


def test_the_time_paused_moves_the_due_times_by_working_time(office: Office):
    number = office.receive()
    before = {kind: clock.due_at for kind, clock in office.clocks(number).items()}
    office.take(
        number,
        pause_clocks,
        by="supervisor",
        at=wib("19 10:00"),
        reason="Tunggu foto",
        until=wib("24 10:00"),
    )
    office.take(number, resume_clocks, at=wib("19 12:00"))
    after = office.clocks(number)
    calendar = office.rules.calendar_of(office.complaint(number).branch_id).value
    paused = calendar.between(wib("19 10:00"), wib("19 12:00"))
    assert paused > 0
    assert after["ack"].due_at == before["ack"]
    assert after["resolve"].due_at == calendar.add(before["resolve"], paused)
    assert not office.complaint(number).waiting_customer
    agree_with_ledger(office, number)
    with pytest.raises(Refused, match="not paused"):
        office.take(number, resume_clocks)


def test_word_from_the_customer_ends_the_pause(office: Office):
    number = office.receive()
    office.take(
        number, pause_clocks, by="supervisor", reason="Tunggu foto", until=office.at + WORKDAY
    )
    office.take(number, record_message, text="Ini fotonya", direction="in", method="message")
    assert not office.complaint(number).waiting_customer
    assert {clock.state for clock in office.clocks(number).values()} == {"running"}
    agree_with_ledger(office, number)


@pytest.mark.parametrize(
    ("before", "step", "words"),
    [
        ("020-1.1", confirm_back, {"summary": "Internet mati", "answer": "yes"}),
        ("020-3.1", explain_cause, {"text": "Kabel putus", "view": "agrees"}),
    ],
)
def test_so_does_a_talk_in_which_the_customer_answers(office: Office, before, step, words):
    number = office.receive()
    office.walk(number, to=before)
    office.take(
        number, pause_clocks, by="supervisor", reason="Tunggu kabar", until=office.at + WORKDAY
    )
    office.take(number, step, **words)
    assert not office.complaint(number).waiting_customer
    agree_with_ledger(office, number)


def test_our_own_word_does_not_end_the_pause(office: Office):
    number = office.receive()
    office.take(
        number, pause_clocks, by="supervisor", reason="Tunggu foto", until=office.at + WORKDAY
    )
    office.take(number, record_message, text="Sudah ada fotonya?", direction="out", method="phone")
    assert office.complaint(number).waiting_customer
    assert office.clocks(number)["resolve"].state == "paused"


def test_news_in_a_pause_starts_a_clock_that_stands_still_like_the_others(office: Office):
    number = office.receive(received_at=wib("19 08:00"))
    until = wib("24 10:00")
    office.take(
        number, pause_clocks, by="supervisor", at=wib("19 10:00"), reason="Tunggu foto", until=until
    )
    words = {"text": "Sudah ada fotonya?", "direction": "out", "method": "phone"}
    office.take(number, record_message, at=wib("20 09:00"), **words)
    news = office.clocks(number)["progress"]
    assert (news.started_at, news.state) == (wib("20 09:00"), "paused")
    assert {timer.fire_at for timer in office.timers(number) if timer.firing == "resume"} == {until}
    agree_with_ledger(office, number)
    office.take(number, resume_clocks, at=wib("23 09:00"))
    news = office.clocks(number)["progress"]
    # Three working days from Monday morning, when the customer is no longer waited for.
    assert (news.state, news.due_at) == ("running", wib("26 09:00"))
    entries = [row.what for row in office.rows(LedgerEntry, number) if row.deadline_id == news.id]
    assert entries == ["start", "pause", "resume"]
    agree_with_ledger(office, number)


def test_a_pause_that_lasts_its_time_lets_the_clock_of_our_news_run_again(office: Office):
    number = office.receive(received_at=wib("19 08:00"))
    until = wib("24 10:00")
    office.take(
        number, pause_clocks, by="supervisor", at=wib("19 10:00"), reason="Tunggu foto", until=until
    )
    office.take(
        number, record_message, at=wib("20 09:00"), text="Halo", direction="out", method="phone"
    )
    fire_due(office.session, office.rules, at=wib("24 10:00"))
    office.session.commit()
    assert "paused" not in {clock.state for clock in office.clocks(number).values()}
    agree_with_ledger(office, number)


def test_a_date_moved_away_is_warned_of_again_when_half_of_the_new_time_is_used(office: Office):
    number = office.receive(received_at=wib("19 08:00"))
    warned = office.clocks(number)["resolve"]
    fire_due(office.session, office.rules, at=wib("20 17:00"))
    office.session.commit()
    assert office.clocks(number)["resolve"].fired == 1
    until = warned.due_at + timedelta(days=14)
    office.take(number, ask_extension, at=wib("20 17:05"), until=until, reason="Suku cadang")
    office.take(number, decide_extension, by="supervisor", answer="approved")
    moved = office.clocks(number)["resolve"]
    assert (moved.due_at, moved.fired) == (until, 0)
    (timer,) = [each for each in office.timers(number) if each.deadline_id == moved.id]
    assert (timer.firing, timer.fire_at > office.at) == ("warn", True)
    fire_due(office.session, office.rules, at=timer.fire_at)
    office.session.commit()
    rungs = [
        entry.detail["rung"]
        for entry in office.history(number)
        if entry.what == "warn" and entry.detail["deadline"] == moved.id
    ]
    assert rungs == ["half_used", "half_used"]


def test_a_clock_may_begin_with_the_registration(office: Office):
    clocks = [
        {**each, "start": "registered"} if each["kind"] == "plan" else each
        for each in rule_in_force(office.session, RuleKind.POLICY, FRONT_DESK).body["clock"]
    ]
    office.edit(RuleKind.POLICY, FRONT_DESK, clock=clocks)
    number = office.receive()
    assert "plan" not in office.clocks(number)
    office.walk(number, to="020-1.6")
    registered = next(each.at for each in office.history(number) if each.what == "register")
    assert office.clocks(number)["plan"].started_at == registered
    agree_with_ledger(office, number)


def test_a_clock_asked_for_in_a_pause_has_stood_still_in_all_of_them(office: Office):
    office.edit(RuleKind.POLICY, FRONT_DESK, clock=with_bills(office))
    number = office.receive(category="GGN_LAMBAT", received_at=wib("19 08:00"))
    for begin, end in (("19 10:00", "19 12:00"), ("19 13:00", None)):
        until = wib("27 10:00")
        office.take(
            number, pause_clocks, by="supervisor", at=wib(begin), reason="Tunggu foto", until=until
        )
        if end is not None:
            office.take(number, resume_clocks, at=wib(end))
    office.take(number, amend_record, at=wib("20 09:00"), change=Amendment(category="TAG_NAIK"))
    bills = office.clocks(number)["legal"]
    assert (bills.started_at, bills.state) == (wib("19 08:00"), "paused")
    office.take(number, resume_clocks, at=wib("20 09:00"))
    bills = office.clocks(number)["legal"]
    calendar = office.rules.calendar_of(office.complaint(number).branch_id).value
    lost = calendar.between(wib("19 10:00"), wib("19 12:00"))
    lost += calendar.between(wib("19 13:00"), wib("20 09:00"))
    assert bills.due_at == calendar.add(wib("23 08:00"), lost)
    agree_with_ledger(office, number)


def with_bills(office: Office) -> list[dict[str, object]]:
    """The clocks of the front desk with one more, for bills alone."""
    clocks = rule_in_force(office.session, RuleKind.POLICY, FRONT_DESK).body["clock"]
    bills = {"id": "bills", "kind": "legal", "duration": 2, "unit": "working_day"}
    return [*clocks, {**bills, "category": "TAG_NAIK"}]


@pytest.mark.parametrize(
    ("answer", "waits"), [("refused", False), ("thinking", False), ("none", True)]
)
def test_an_answer_to_the_offer_is_word_from_the_customer(office: Office, answer, waits):
    number = office.receive()
    office.walk(number, to="020-3.3")
    office.take(
        number, pause_clocks, by="supervisor", reason="Menimbang tawaran", until=office.at + WORKDAY
    )
    office.take(number, take_answer, answer=answer, reason="Terlalu lama")
    assert office.complaint(number).waiting_customer is waits
    assert (office.clocks(number)["progress"].state == "paused") is waits
    agree_with_ledger(office, number)


def test_a_pause_cannot_undo_a_miss(office: Office):
    number = office.receive()
    resolve = office.clocks(number)["resolve"]
    late = resolve.due_at + timedelta(hours=1)
    office.take(
        number, pause_clocks, by="supervisor", at=late, reason="Tunggu foto", until=late + WORKDAY
    )
    after = office.clocks(number)["resolve"]
    assert (after.state, after.breached_at, after.due_at) == (
        "breached",
        resolve.due_at,
        resolve.due_at,
    )
    agree_with_ledger(office, number)


def test_a_new_priority_counts_from_the_original_start_with_pauses_kept(office: Office):
    number = office.receive()
    office.walk(number, to="020-1.6")
    started = office.clocks(number)["resolve"].started_at
    office.take(
        number, pause_clocks, by="supervisor", reason="Tunggu foto", until=office.at + WORKDAY
    )
    office.take(number, resume_clocks, at=office.at + timedelta(hours=2))
    words = {"priority": "P1", "reason": "Pelanggan sakit di rumah"}
    office.take(number, override_priority, by="supervisor", **words)
    resolve = office.clocks(number)["resolve"]
    assert (resolve.clause, resolve.started_at) == ("resolve_p1", started)
    entries = [
        row.what for row in office.rows(LedgerEntry, number) if row.deadline_id == resolve.id
    ]
    assert entries == ["start", "tell", "pause", "resume", "recompute"]
    agree_with_ledger(office, number)


def test_a_new_priority_cannot_undo_a_miss(office: Office):
    number = office.receive(category="GGN_MASSAL")
    office.walk(number, to="020-1.6")
    due = office.clocks(number)["resolve"].due_at
    office.take(
        number,
        override_priority,
        by="supervisor",
        at=due + timedelta(minutes=1),
        priority="P4",
        reason="Ternyata tidak massal",
    )
    resolve = office.clocks(number)["resolve"]
    assert (resolve.state, resolve.breached_at, resolve.due_at) == ("breached", due, due)
    assert resolve.clause == "resolve_p1"


def test_a_missed_deadline_raises_the_priority(office: Office):
    number = office.receive(category="GGN_LAMBAT")
    office.walk(number, to="020-1.6")
    office.take(number, set_priority)
    assert office.complaint(number).priority == "P3"
    late = office.clocks(number)["resolve"].due_at + timedelta(minutes=1)
    office.take(
        number, pause_clocks, by="supervisor", at=late, reason="Tunggu foto", until=late + WORKDAY
    )
    complaint = office.take(number, set_priority)
    assert complaint.priority == "P2"
    assert complaint.priority_reason["raises"] == ["missed_deadline"]


def test_a_category_found_later_sets_the_clocks_anew(office: Office):
    number = office.receive(category=None)
    assert office.clocks(number)["resolve"].clause == "resolve_p3"
    office.take(number, amend_record, change=Amendment(category="GGN_MASSAL"))
    assert office.complaint(number).priority == "P1"
    assert office.clocks(number)["resolve"].clause == "resolve_p1"
    agree_with_ledger(office, number)


def test_an_extension_moves_the_date_once_another_person_approves(office: Office):
    number = office.receive()
    office.walk(number, to="020-2.5")
    old = office.clocks(number)["resolve"].due_at
    until = old + 2 * WORKDAY
    office.take(number, ask_extension, until=until, reason="Suku cadang belum tiba")
    assert office.clocks(number)["resolve"].due_at == old
    with pytest.raises(Refused, match="already awaiting"):
        office.take(number, ask_extension, until=until, reason="Sekali lagi")
    with pytest.raises(Forbidden):
        office.take(number, decide_extension, answer="approved")
    complaint = office.take(number, decide_extension, by="supervisor", answer="approved")
    resolve = office.clocks(number)["resolve"]
    assert complaint.promised_at == resolve.told_at == resolve.due_at == until
    letter = office.letters(number)[-2]
    assert (letter.kind, letter.to_address) == ("extended", "siti@pelanggan.example")
    agree_with_ledger(office, number)


def test_a_customer_without_email_is_told_of_the_new_date_by_the_handler(office: Office):
    number = office.receive(who={"email": ""})
    office.walk(number, to="020-2.5")
    old = office.clocks(number)["resolve"].due_at
    until = old + 2 * WORKDAY
    office.take(number, ask_extension, until=until, reason="Suku cadang belum tiba")
    office.take(number, decide_extension, by="supervisor", answer="approved")
    told = office.rows(Notice, number)[-1]
    assert (told.kind, told.user_id) == ("extension_to_tell", office.people["csr"].id)
    assert told.facts["due_at"] == old.isoformat()
    assert "extended" not in [letter.kind for letter in office.letters(number)]


def test_the_one_who_asks_does_not_decide(office: Office):
    number = office.receive()
    until = office.clocks(number)["resolve"].due_at + WORKDAY
    office.take(number, ask_extension, by="supervisor", until=until, reason="Suku cadang")
    with pytest.raises(Forbidden, match="Someone other"):
        office.take(number, decide_extension, by="supervisor", answer="approved")
    office.take(number, decide_extension, by="manager", answer="rejected")
    assert office.rows(Extension, number)[0].answer == "rejected"
    office.take(number, ask_extension, until=until, reason="Suku cadang")


def test_an_extension_is_turned_down_also_when_no_deadline_is_left_to_move(office: Office):
    number = office.receive()
    office.walk(number, to="020-3.3")
    until = office.clocks(number)["resolve"].due_at + WORKDAY
    office.take(number, ask_extension, until=until, reason="Suku cadang belum tiba")
    office.take(number, take_answer, answer="accepted")
    with pytest.raises(Refused, match="No deadline runs"):
        office.take(number, decide_extension, by="supervisor", answer="approved")
    office.take(number, decide_extension, by="supervisor", answer="rejected")
    assert office.rows(Extension, number)[0].answer == "rejected"


def test_an_extension_approved_too_late_moves_nothing(office: Office):
    number = office.receive()
    due = office.clocks(number)["resolve"].due_at
    office.take(number, ask_extension, until=due + WORKDAY, reason="Suku cadang belum tiba")
    with pytest.raises(Refused, match="already missed"):
        office.take(
            number,
            decide_extension,
            by="supervisor",
            at=due + timedelta(seconds=1),
            answer="approved",
        )
    assert office.clocks(number)["resolve"].due_at == due


def test_an_extension_nobody_asked_for_cannot_be_decided(office: Office):
    number = office.receive()
    with pytest.raises(Refused, match="No extension is awaiting"):
        office.take(number, decide_extension, by="supervisor", answer="approved")
    due = office.clocks(number)["resolve"].due_at
    with pytest.raises(Invalid):
        office.take(number, ask_extension, until=due, reason="Suku cadang")


def test_each_live_clock_waits_for_the_next_step_of_its_ladder(office: Office):
    number = office.receive()
    steps = [StepGiven("Memeriksa")]
    office.take(number, promise_deadline, steps=steps, due_at=NOW + timedelta(hours=30))
    case: Case = office.open(number)
    clocks = Clocks.of(case.session, case.rules, case.complaint, None)
    stored = {timer.deadline_id: timer for timer in office.timers(number)}
    for clock in clocks.live:
        expected = next_timer(case.rules, clock, None)
        assert expected is not None
        assert stored[clock.id].fire_at == expected.fire_at
        assert stored[clock.id].firing == expected.firing == "warn"

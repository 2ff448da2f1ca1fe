"""The balance line: whoever complained in the period stands in one place, and nobody gets lost."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from complaints.actions.recording import ActGiven, record_given, record_several
from complaints.engine.fire import fire_due
from complaints.models import Exit
from complaints.queries.lists.filters import ListFilters
from complaints.queries.reports.balance import PLACES
from complaints.queries.reports.drilldown import BALANCE, count_behind, list_behind
from complaints.queries.reports.figures import deadline_report
from complaints.steps.answer import take_answer
from complaints.steps.case import open_case
from complaints.steps.casework.extend import ask_extension, decide_extension
from complaints.steps.casework.merge import merge_complaint
from complaints.steps.casework.pause import pause_clocks
from complaints.steps.close import close_complaint, reopen_complaint, withdraw_complaint
from complaints.steps.inform import answer_as_party, inform_parties
from complaints.steps.promise import StepGiven, promise_deadline
from complaints.takeover.take_over import take_over
from complaints.takeover.validate import ForeignComplaint, ImportOptions
from tests.conftest import NOW
from tests.office import Office, given

DAY = timedelta(days=1)
FROM, TO = date(2026, 11, 1), date(2026, 11, 30)
LATER = datetime(2026, 12, 20, 3, tzinfo=UTC)


def report(office: Office, now: datetime = LATER):
    found = deadline_report(office.session, office.actor("manager"), FROM, TO, None, now=now)
    office.session.commit()
    return found


def places(office: Office, now: datetime = LATER) -> dict[str, int]:
    return {name: count for name, count in report(office, now).balance.places.items() if count}


def settled(office: Office, at: datetime) -> str:
    office.at = NOW
    number = office.receive(at=NOW)
    office.walk(number, to="020-3.3")
    office.take(number, take_answer, at=at, answer="accepted")
    return number


def test_each_stands_in_the_place_of_its_latest_promise(office: Office):
    settled(office, NOW + DAY)
    settled(office, NOW + 20 * DAY)
    office.receive(at=NOW)
    gone = office.receive(at=NOW)
    office.take(gone, withdraw_complaint, at=NOW + DAY, reason="Salah alamat")
    office.at = NOW
    waiting = office.receive(at=NOW)
    office.walk(waiting, to="020-1.6")
    until = NOW + 25 * DAY
    office.take(waiting, pause_clocks, by="supervisor", reason="Menunggu foto", until=until)
    office.at = NOW
    handed_on = office.receive(at=NOW)
    office.walk(handed_on, to="kept")
    refers = next(each.id for each in office.rules.taxonomy.outcomes.values() if each.refers)
    office.take(handed_on, close_complaint, outcome=refers)
    assert places(office) == {
        "kept": 1,
        "missed_settled": 1,
        "missed_open": 1,
        "withdrawn": 1,
        "paused": 1,
        "referred": 1,
    }
    assert places(office, now=NOW + DAY)["running"] == 1
    balance = report(office).balance
    assert balance.received == report(office).total.received == 6
    said = balance.as_json()
    parts = ("kept", "missed", "running", "paused", "withdrawn", "referred", "duplicate")
    assert sum(said[name] for name in parts) == said["received"]


def test_a_reopened_complaint_stands_where_its_new_promise_is(office: Office):
    number = settled(office, NOW + DAY)
    office.walk(number, after="020-3.4")
    assert places(office) == {"kept": 1}
    at = office.at + DAY
    office.take(number, reopen_complaint, by="supervisor", at=at, reason="Putus lagi")
    assert places(office, now=at) == {"running": 1}
    assert places(office) == {"missed_open": 1}


@pytest.mark.parametrize("times", [1, 2])
def test_a_missed_promise_is_not_made_good_by_opening_and_closing_again(office: Office, times: int):
    number = settled(office, NOW + 20 * DAY)
    office.walk(number, after="020-3.4")
    assert places(office) == {"missed_settled": 1}
    for _ in range(times):
        office.take(number, reopen_complaint, reason="Putus lagi")
        assert places(office, now=office.at) == {"missed_open": 1}
        office.promise_anew(number)
        office.walk(number, after="020-2.5")
        assert office.clocks(number)["resolve"].state == "met"
        assert places(office, now=office.at) == {"missed_settled": 1}
    for place, count in (("missed_settled", 1), ("kept", 0)):
        filters = ListFilters(figure=BALANCE + place, from_on=FROM, to_on=TO)
        actor, rules = office.actor("manager"), office.rules
        assert count_behind(office.session, actor, filters, rules, now=LATER) == count
    # Each time is an exception, under the name of who opened it, with what the promise stood at.
    kept = [each for each in office.rows(Exit, number) if each.kind == "reopening"]
    assert [each.promise_state for each in kept] == ["missed", "kept"][:times]
    assert {each.by_name for each in kept} == {"Csr"}


def test_the_same_in_one_list_of_acts_with_nobody_looking(office: Office):
    number = settled(office, NOW + 20 * DAY)
    office.walk(number, after="020-3.4")
    again: list[dict[str, Any]] = [
        {"noun": "reopening", "reason": "Putus lagi"},
        {"noun": "promise", "steps": [{"what": "Memeriksa sekali lagi"}]},
        {"noun": "cause", "stage": "confirmed", "code": "JARINGAN", "text": "Kabel lepas"},
        {"noun": "apology", "stage": "resolution"},
        {"noun": "cause-explanation", "text": "Kabel lepas dari tiang", "view": "agrees"},
        {"noun": "offer", "remedy": "PERBAIKAN", "description": "Kabel dipasang"},
        {"noun": "answer", "answer": "accepted"},
        {"noun": "thanks"},
        {"noun": "standard-information", "all": True},
        {"noun": "commitments/done", "all": True},
        {"noun": "closure"},
    ]
    acts = [ActGiven(act.pop("noun"), act) for act in again]
    by, now = office.actor("csr"), office.at + DAY
    record_several(office.session, number, acts, by=by, now=now)
    office.session.commit()
    assert office.complaint(number).status == "closed"
    assert places(office) == {"missed_settled": 1}


def test_without_a_clock_a_missed_date_stays_missed_as_well(office: Office):
    office.switch_on("id-telco-field-ttr")
    office.switch_off("id-default-front-desk")
    number = office.receive(at=NOW, category="TAG_NAIK")
    office.take(number, promise_deadline, steps=[StepGiven("Memeriksa")], due_at=NOW + 2 * DAY)
    office.take(number, withdraw_complaint, at=NOW + 5 * DAY, reason="Salah alamat")
    assert places(office) == {"missed_settled": 1}
    office.take(number, reopen_complaint, by="supervisor", at=NOW + 15 * DAY, reason="Rusak lagi")
    assert places(office, now=office.at) == {"missed_open": 1}


@pytest.mark.parametrize("outcome", ["SENGKETA", "BUKAN_WEWENANG"])
def test_whoever_passes_a_late_complaint_on_has_missed_its_promise(office: Office, outcome: str):
    in_time, late = settled(office, NOW + DAY), settled(office, NOW + 20 * DAY)
    for number in (in_time, late):
        office.walk(number, after="020-3.4", to="kept")
        office.take(number, close_complaint, outcome=outcome)
        assert office.complaint(number).status == "referred"
    assert places(office) == {"referred": 1, "missed_settled": 1}
    stood = {each.promise_state for each in office.rows(Exit, late) if each.kind == "referral"}
    assert stood == {"missed"}


@pytest.mark.parametrize(("days", "place"), [(1, "withdrawn"), (20, "missed_settled")])
def test_a_withdrawal_takes_nothing_from_what_was_missed_before_it(
    office: Office, days: int, place: str
):
    number = office.receive(at=NOW)
    office.walk(number, to="020-1.6")
    office.take(number, withdraw_complaint, at=NOW + days * DAY, reason="Salah alamat")
    assert places(office) == {place: 1}


def test_withdrawing_and_opening_again_buys_no_time(office: Office):
    number = office.receive(at=NOW)
    office.walk(number, to="020-1.6")
    promised, due = office.complaint(number).promised_at, office.clocks(number)["resolve"].due_at
    office.take(number, withdraw_complaint, at=due - DAY, reason="Salah alamat")
    office.take(number, reopen_complaint, at=due - timedelta(hours=1), reason="Ternyata belum")
    assert office.clocks(number)["resolve"].due_at == due
    assert office.complaint(number).promised_at == promised
    assert places(office) == {"missed_open": 1}
    # Who comes back when the days to take it back are over complains anew, as ever.
    office.take(number, withdraw_complaint, at=due - timedelta(minutes=30), reason="Salah alamat")
    days = office.rules.authority.withdrawal.take_back_days + 1
    office.take(number, reopen_complaint, at=office.at + days * DAY, reason="Rusak lagi")
    assert office.clocks(number)["resolve"].due_at > office.at
    assert places(office, now=office.at) == {"running": 1}


def test_a_duplicate_takes_nothing_from_what_was_missed_before_it(office: Office):
    office.at = NOW
    late, other = office.receive(at=NOW), office.receive(at=NOW)
    office.take(late, merge_complaint, at=NOW + 20 * DAY, into=other)
    assert places(office) == {"missed_settled": 1, "missed_open": 1}


def test_without_any_clock_what_was_told_binds_all_the_same(office: Office):
    # These rules know deadlines for faults only.
    office.switch_on("id-telco-field-ttr")
    office.switch_off("id-default-front-desk")
    numbers = [office.receive(at=NOW, category="TAG_NAIK") for _ in range(3)]
    for number in numbers[:2]:
        office.take(number, promise_deadline, steps=[StepGiven("Memeriksa")], due_at=NOW + 2 * DAY)
    assert places(office, now=NOW + DAY) == {"running": 3}
    assert places(office) == {"running": 1, "missed_open": 2}


def walked_without_a_clock(office: Office) -> str:
    """A complaint with a date told and no clock for it, ready to be closed."""
    office.at = NOW
    number = office.receive(at=NOW, category="TAG_NAIK")
    office.walk(number, to="020-1.3")
    office.take(number, promise_deadline, steps=[StepGiven("Memeriksa")], due_at=NOW + 2 * DAY)
    office.walk(number, after="020-1.4", to="020-1.6")
    office.take(number, inform_parties, teams=["TAGIHAN"])
    office.take(number, answer_as_party, by="billing", team="TAGIHAN", answer="accepted")
    office.walk(number, after="020-2.1", to="kept")
    assert not {"resolve", "legal"} & set(office.clocks(number))
    return number


@pytest.mark.parametrize(
    ("outcome", "in_time"), [("", "kept"), ("BUKAN_WEWENANG", "referred")], ids=["close", "refer"]
)
@pytest.mark.parametrize("way", ["one", "several"])
def test_without_a_clock_the_moment_of_writing_decides_as_well(
    office: Office, outcome: str, in_time: str, way: str
):
    def close(number: str, at: datetime, written: datetime) -> None:
        told = {"at": at.isoformat(), **({"outcome": outcome} if outcome else {})}
        by = office.actor("csr")
        if way == "one":
            record_given(office.session, number, "closure", told, by=by, now=written)
        else:
            acts = [ActGiven("closure", told), ActGiven("note", {"text": "Sudah beres"})]
            record_several(office.session, number, acts, by=by, now=written)
        office.session.commit()

    # These rules know deadlines for faults only.
    office.switch_on("id-telco-field-ttr")
    office.switch_off("id-default-front-desk")
    honest, late = walked_without_a_clock(office), walked_without_a_clock(office)
    promised = office.complaint(late).promised_at
    in_the_hour_before = promised - timedelta(hours=1)
    close(honest, in_the_hour_before, promised)
    close(late, in_the_hour_before, promised + timedelta(minutes=1))
    assert places(office) == {in_time: 1, "missed_settled": 1}
    office.take(late, reopen_complaint, by="supervisor", at=promised + DAY, reason="Putus lagi")
    assert [each.promise_state for each in office.rows(Exit, late)][-1] == "missed"
    assert places(office, now=office.at) == {in_time: 1, "missed_open": 1}


def test_what_another_system_had_ended_stands_apart(office: Office):
    told = given(external_id="A-1", source="lama", received_at=NOW)
    row = ForeignComplaint(told, status="closed", closed_at=NOW + DAY)
    take_over(
        office.session,
        office.rules,
        [row],
        ImportOptions(),
        by=office.actor("csr"),
        at=NOW + 3 * DAY,
    )
    office.session.commit()
    office.receive(at=NOW)
    found = report(office)
    assert (found.balance.received, found.balance.taken_over) == (1, 1)
    assert found.total.received == 2


@pytest.mark.parametrize("name", ["manager", "supervisor", "csr"])
def test_behind_every_place_stand_as_many_complaints(office: Office, name: str):
    settled(office, NOW + DAY)
    settled(office, NOW + 20 * DAY)
    office.receive(at=NOW)
    office.receive(at=NOW, by="csr2", branch="MKS")
    actor, rules = office.actor(name), office.rules
    found = deadline_report(office.session, actor, FROM, TO, None, now=LATER).balance
    assert found.received == (4 if name == "manager" else 3)
    for place in PLACES:
        filters = ListFilters(figure=BALANCE + place, from_on=FROM, to_on=TO)
        page = list_behind(office.session, actor, filters, rules, now=LATER)
        count = count_behind(office.session, actor, filters, rules, now=LATER)
        assert count == len(page.items) == found.places[place], place


def test_an_answer_dated_back_before_the_date_that_was_missed_keeps_no_date(office: Office):
    office.at = NOW
    number = office.receive(at=NOW)
    office.walk(number, to="020-3.3")
    due = office.complaint(number).promised_at
    fire_due(office.session, office.rules, at=due + timedelta(minutes=1))
    office.session.commit()
    case = open_case(office.session, number, by=office.actor("csr"), at=due - timedelta(hours=1))
    case.recorded_at = due + timedelta(hours=1)
    take_answer(case, answer="accepted")
    office.session.commit()
    total = report(office).total
    assert (total.met, total.breached) == (0, 1)
    assert (total.first_kept, total.first_missed) == (0, 1)
    assert places(office) == {"missed_settled": 1}
    filters = ListFilters(figure="first_missed", from_on=FROM, to_on=TO)
    actor, rules = office.actor("manager"), office.rules
    assert count_behind(office.session, actor, filters, rules, now=LATER) == 1


def test_how_many_promises_were_moved_and_that_the_first_date_judges_too(office: Office):
    number = office.receive(at=NOW)
    office.walk(number, to="020-3.3")
    first = office.complaint(number).first_told_at
    until = first + 2 * DAY
    office.take(number, ask_extension, until=until, reason="Suku cadang belum tiba")
    office.take(number, decide_extension, by="supervisor", answer="approved")
    office.take(number, take_answer, at=first + DAY, answer="accepted")
    total = report(office).total
    assert (total.met, total.breached, total.moved) == (1, 0, 1)
    # Clean by the last date only: by the first one it is missed, and the report says both.
    assert (total.first_kept, total.first_missed) == (0, 1)

"""The balance line: whoever complained in the period stands in one place, and nobody gets lost."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from complaints.queries.lists.filters import ListFilters
from complaints.queries.reports.balance import PLACES
from complaints.queries.reports.drilldown import BALANCE, count_behind, list_behind
from complaints.queries.reports.figures import deadline_report
from complaints.steps.answer import take_answer
from complaints.steps.casework.extend import ask_extension, decide_extension
from complaints.steps.casework.pause import pause_clocks
from complaints.steps.close import close_complaint, reopen_complaint, withdraw_complaint
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


def test_without_any_clock_what_was_told_binds_all_the_same(office: Office):
    # These rules know deadlines for faults only.
    office.switch_on("id-telco-field-ttr")
    office.switch_off("id-default-front-desk")
    numbers = [office.receive(at=NOW, category="TAG_NAIK") for _ in range(3)]
    for number in numbers[:2]:
        office.take(number, promise_deadline, steps=[StepGiven("Memeriksa")], due_at=NOW + 2 * DAY)
    assert places(office, now=NOW + DAY) == {"running": 3}
    assert places(office) == {"running": 1, "missed_open": 2}


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

"""One promise is counted once, however many cycles of the complaint it went through."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from complaints.clocks.timers import stored_entries
from complaints.domain.errors import Refused
from complaints.domain.ledger import rebuild
from complaints.domain.permissions import CUSTOMER
from complaints.models import Deadline
from complaints.queries.lists.filters import ListFilters
from complaints.queries.reports.counting import FIGURES
from complaints.queries.reports.drilldown import count_behind, list_behind
from complaints.queries.reports.figures import Report, deadline_report
from complaints.steps.answer import take_answer
from complaints.steps.case import open_case
from complaints.steps.casework.merge import merge_complaint
from complaints.steps.close import (
    close_complaint,
    reopen_complaint,
    take_back_withdrawal,
    withdraw_complaint,
)
from tests.conftest import NOW
from tests.office import Office

FROM, TO = date(2026, 11, 1), date(2027, 1, 31)
LATER = datetime(2027, 2, 20, 3, tzinfo=UTC)
DAY = timedelta(days=1)
WHY = "Sudah menyala lagi sendiri"


def report(office: Office) -> Report:
    found = deadline_report(office.session, office.actor("manager"), FROM, TO, None, now=LATER)
    actor, rules = office.actor("manager"), office.rules
    for figure in FIGURES:
        filters = ListFilters(figure=figure, from_on=FROM, to_on=TO)
        counted = count_behind(office.session, actor, filters, rules, now=LATER)
        listed = list_behind(office.session, actor, filters, rules, now=LATER).items
        assert counted == len(listed) == getattr(found.total, figure), figure
    for row in found.clocks:
        filters = ListFilters(figure="breached", clock=row.key, from_on=FROM, to_on=TO)
        counted = count_behind(office.session, actor, filters, rules, now=LATER)
        assert counted == row.figures.breached, row.key
    office.session.commit()
    return found


def missed_by_kind(found: Report) -> dict[str, int]:
    return {row.key: row.figures.breached for row in found.clocks if row.figures.breached}


def registered(office: Office) -> str:
    office.at = NOW
    number = office.receive(at=NOW)
    office.walk(number, to="020-1.6")
    return number


def test_a_miss_before_a_withdrawal_that_is_taken_back_counts_once(office: Office):
    number = registered(office)
    due = office.clocks(number)["resolve"].due_at
    office.take(number, withdraw_complaint, at=due + DAY, reason=WHY)
    before = report(office)
    office.at = due + 2 * DAY
    take_back_withdrawal(open_case(office.session, number, by=CUSTOMER, at=office.at))
    office.session.commit()
    stored = [each for each in office.rows(Deadline, number) if each.kind == "resolve"]
    assert [(each.cycle, each.state) for each in stored] == [(1, "breached"), (2, "breached")]
    after = report(office)
    assert (before.total.breached, before.total.late_open) == (1, 0)
    assert (after.total.breached, after.total.late_open, after.total.first_missed) == (1, 1, 1)
    assert missed_by_kind(after)["resolve"] == 1


def test_a_promise_kept_after_a_withdrawal_taken_back_counts_once(office: Office):
    number = registered(office)
    office.take(number, withdraw_complaint, reason=WHY)
    office.at += timedelta(hours=1)
    take_back_withdrawal(open_case(office.session, number, by=CUSTOMER, at=office.at))
    office.session.commit()
    office.walk(number, after="020-1.6", to="020-3.3")
    office.take(number, take_answer, answer="accepted")
    total = report(office).total
    assert (total.met, total.breached, total.first_kept, total.first_missed) == (1, 0, 1, 0)


def test_a_miss_before_a_wrong_merge_counts_once(office: Office):
    first, second = registered(office), registered(office)
    due = office.clocks(second)["resolve"].due_at
    office.at = due + DAY
    office.take(second, merge_complaint, by="supervisor", into=first)
    office.take(second, reopen_complaint, by="supervisor", at=due + 2 * DAY, reason="Bukan ganda")
    found = report(office)
    assert (found.total.breached, found.total.late_open) == (2, 2)
    assert found.total.again_missed == 0
    assert missed_by_kind(found)["resolve"] == 2


def test_a_reopening_begins_a_promise_of_its_own(office: Office):
    number = registered(office)
    due = office.clocks(number)["resolve"].due_at
    office.walk(number, after="020-1.6", to="020-3.3")
    office.take(number, take_answer, at=due + DAY, answer="accepted")
    office.walk(number, after="020-3.4")
    office.take(number, reopen_complaint, by="supervisor", reason="Putus lagi")
    with pytest.raises(Refused):
        office.take(number, close_complaint)
    office.session.rollback()
    # The first was missed and settled late; the second passes as well, and nobody settles it.
    total = report(office).total
    assert (total.breached, total.late_open, total.again_missed) == (2, 1, 1)


def test_a_first_promise_kept_and_a_second_one_missed_are_one_of_each(office: Office):
    number = registered(office)
    office.walk(number, after="020-1.6")
    office.take(number, reopen_complaint, by="supervisor", reason="Putus lagi")
    found = report(office)
    total = found.total
    assert (total.met, total.breached, total.again_missed) == (1, 1, 1)
    assert (total.first_kept, total.again_kept) == (1, 0)
    # One place only in the balance: what was missed stays missed.
    assert {name: n for name, n in found.balance.places.items() if n} == {"missed_open": 1}


@pytest.mark.parametrize("again", [True, False], ids=["kept-again", "missed"])
def test_what_an_answer_kept_is_owed_by_the_same_date_when_a_withdrawal_is_undone(
    office: Office, again: bool
):
    """Accepted, withdrawn and opened again: one promise, and no time is gained."""
    number = registered(office)
    clock = office.clocks(number)["resolve"]
    begun, due = clock.started_at, clock.due_at
    office.walk(number, after="020-1.6", to="020-3.3")
    office.take(number, take_answer, answer="accepted")
    office.take(number, withdraw_complaint, reason=WHY)
    assert office.at < due
    office.take(number, reopen_complaint, reason="Ternyata belum")
    stored = [each for each in office.rows(Deadline, number) if each.kind == "resolve"]
    assert [(each.cycle, each.state) for each in stored] == [(1, "cancelled"), (2, "running")]
    assert {(each.started_at, each.due_at) for each in stored} == {(begun, due)}
    for each in stored:
        ledger = rebuild(stored_entries(office.session, office.rules, each.id))
        assert (ledger.state, ledger.due_at, ledger.ended_at) == (each.state, due, each.ended_at)
    if again:
        office.walk(number, after="020-2.5", to="020-3.3")
        office.take(number, take_answer, answer="accepted")
        assert office.at < due
    total = report(office).total
    kept = int(again)
    assert (total.met, total.first_kept) == (kept, kept)
    assert (total.breached, total.first_missed) == (1 - kept, 1 - kept)
    assert (total.again_kept, total.again_missed) == (0, 0)


def test_a_late_answer_that_is_owed_anew_is_one_miss(office: Office):
    number = registered(office)
    due = office.clocks(number)["resolve"].due_at
    office.walk(number, after="020-1.6", to="020-3.3")
    office.take(number, take_answer, at=due + DAY, answer="accepted")
    office.take(number, withdraw_complaint, reason=WHY)
    office.take(number, reopen_complaint, reason="Ternyata belum")
    total = report(office).total
    assert (total.breached, total.late_open, total.again_missed) == (1, 1, 0)

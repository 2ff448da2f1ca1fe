"""A complaint that had not ended after all owes what was undertaken before, by the same dates."""

from __future__ import annotations

from datetime import timedelta

import pytest

from complaints.domain.permissions import CUSTOMER
from complaints.queries.reports.figures import deadline_report
from complaints.steps.case import open_case
from complaints.steps.casework.merge import merge_complaint
from complaints.steps.close import reopen_complaint, take_back_withdrawal, withdraw_complaint
from complaints.steps.commitments.settle import drop_commitment, keep_commitments
from complaints.steps.commitments.undertake import StepGiven
from complaints.steps.promise import promise_deadline
from tests.conftest import NOW
from tests.office import Office
from tests.steps.test_commitments import clocks, rows, sweep

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
CALL = StepGiven("Menelepon pelanggan", "", NOW + 4 * HOUR)
WAYS = pytest.mark.parametrize("way", ["taken_back", "reopened", "no_duplicate"])


def registered(office: Office) -> str:
    """A complaint told two steps, one by the promise and one within hours; its number."""
    return told(office, StepGiven("Memeriksa jaringan"), CALL)


def told(office: Office, *steps: StepGiven) -> str:
    office.at = NOW
    number = office.receive()
    office.take(number, promise_deadline, steps=list(steps))
    office.walk(number, to="020-1.6", skip={"020-1.4"})
    return number


def ended_and_opened_again(office: Office, number: str, way: str) -> None:
    if way == "no_duplicate":
        other = registered(office)
        office.take(number, merge_complaint, into=other)
    else:
        office.take(number, withdraw_complaint, reason="Sudah menyala sendiri")
    office.at += HOUR
    if way == "taken_back":
        case = open_case(office.session, number, by=CUSTOMER, at=office.at)
        take_back_withdrawal(case)
        office.session.commit()
    else:
        office.take(number, reopen_complaint, reason="Ternyata belum selesai")


@WAYS
def test_it_owes_each_step_by_the_date_that_it_had(office: Office, way: str):
    number = registered(office)
    due = {each.what: each.due_at for each in rows(office, number)}
    ended_and_opened_again(office, number, way)
    again = rows(office, number)
    assert {each.what: each.due_at for each in again} == due
    assert [each.state(office.at) for each in again] == ["open", "open"]
    live = [each for each in clocks(office, number) if each.ended_at is None]
    assert [(each.cycle, each.state, each.due_at) for each in live] == [
        (2, "running", each.due_at) for each in again
    ]
    entry = next(each for each in office.history(number) if each.what == "reopen")
    assert [each["what"] for each in entry.detail["resumed"]] == list(due)
    sweep(office, NOW + 5 * HOUR)
    assert [each.state(office.at) for each in rows(office, number)] == ["open", "late"]
    late = [each for each in clocks(office, number) if each.state == "breached"]
    assert [each.breached_at for each in late] == [NOW + 4 * HOUR]


@WAYS
def test_what_was_settled_before_stays_settled(office: Office, way: str):
    number = registered(office)
    first, second = (each.id for each in rows(office, number))
    office.take(number, drop_commitment, commitment=first, reason="Tidak perlu lagi")
    office.take(number, keep_commitments, ids=[second])
    ended_and_opened_again(office, number, way)
    assert [each.state(office.at) for each in rows(office, number)] == ["dropped", "done"]


def test_opened_again_for_another_reason_it_owes_new_steps(office: Office):
    number = registered(office)
    office.take(number, withdraw_complaint, reason="Sudah menyala sendiri")
    office.take(number, reopen_complaint, at=office.at + 8 * DAY, reason="Mati lagi sejak pagi")
    assert {each.drop_cause for each in rows(office, number)} == {"withdrawn"}


def test_each_missed_step_counts_once(office: Office):
    number = told(office, StepGiven("Memeriksa modem", "", NOW + 4 * HOUR), CALL)
    _, second = (each.id for each in rows(office, number))
    office.take(number, keep_commitments, at=NOW + 5 * HOUR, ids=[second])
    sweep(office, NOW + 20 * DAY)
    assert missed(office) == 2
    office.take(number, withdraw_complaint, reason="Sudah menyala sendiri")
    office.take(number, reopen_complaint, reason="Ternyata belum selesai")
    sweep(office, office.at + DAY)
    # The one that was done late began with the other, and does not go on.
    assert [each.state for each in clocks(office, number)] == ["breached"] * 3
    assert missed(office) == 2


def missed(office: Office) -> int:
    """How many missed commitments the report of the month counts."""
    day, manager = NOW.date(), office.actor("manager")
    found = deadline_report(office.session, manager, day, day + 31 * DAY, None, now=office.at)
    office.session.commit()
    return next(each.figures.breached for each in found.clocks if each.key == "commitment")

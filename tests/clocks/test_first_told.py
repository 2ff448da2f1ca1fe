"""The first date told stays for ever, whatever is corrected, extended, reopened or sorted anew."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from importlib.util import module_from_spec, spec_from_file_location
from types import ModuleType

import pytest
from sqlalchemy import delete, select, text

from complaints.domain.errors import Invalid
from complaints.domain.ledger import rebuild
from complaints.models import Deadline, LedgerEntry, StepRecord
from complaints.places import MIGRATIONS
from complaints.queries.complaint.told_dates import read_told_dates
from complaints.rulebook import read_entry
from complaints.steps.amend import Amendment, amend_record
from complaints.steps.casework.extend import ask_extension, decide_extension
from complaints.steps.casework.pause import pause_clocks, resume_clocks
from complaints.steps.close import reopen_complaint
from complaints.steps.prioritise import override_priority
from complaints.steps.promise import StepGiven, promise_deadline
from tests.conftest import NOW
from tests.office import Office

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
STEPS = [StepGiven("Memeriksa jaringan")]
WHY = "Suku cadang belum tiba"


def promise(office: Office, number: str, due_at: datetime | None = None) -> None:
    office.take(number, promise_deadline, steps=STEPS, due_at=due_at)


def extend(office: Office, number: str, by: timedelta) -> datetime:
    until = office.clocks(number)["resolve"].due_at + by
    office.take(number, ask_extension, until=until, reason=WHY)
    office.take(number, decide_extension, by="supervisor", answer="approved")
    return until


def firsts(office: Office, number: str) -> tuple[datetime | None, list[datetime | None]]:
    """The first date of the complaint, and that of each clock the customer waited for."""
    clocks = [each for each in office.rows(Deadline, number) if each.kind in ("resolve", "legal")]
    return office.complaint(number).first_told_at, [each.first_told_at for each in clocks]


def told(office: Office, number: str) -> list[tuple[str, int, datetime, str]]:
    rows = read_told_dates(office.session, office.complaint(number).id)
    return [(each.how, each.cycle, each.told_at, each.reason) for each in rows]


def test_nothing_is_the_first_date_before_one_was_told(office: Office):
    number = office.receive()
    assert firsts(office, number) == (None, [None])


def test_an_extension_leaves_the_first_date_beside_the_new_one(office: Office):
    number = office.receive()
    office.walk(number, to="020-2.5")
    first = office.complaint(number).promised_at
    second = extend(office, number, 2 * DAY)
    third = extend(office, number, 3 * DAY)
    assert firsts(office, number) == (first, [first])
    assert office.complaint(number).promised_at == third
    assert told(office, number) == [
        ("first", 1, first, ""),
        ("extended", 1, second, WHY),
        ("extended", 1, third, WHY),
    ]
    letter = [each for each in office.letters(number) if each.kind == "extended"][-1]
    assert letter.facts["first_told_at"] == first.isoformat()
    assert letter.facts["was"] == second.isoformat()


def test_a_correction_while_the_complaint_is_taken_keeps_what_was_said_first(office: Office):
    number = office.receive()
    office.walk(number, to="020-1.3")
    first, second = NOW + 2 * DAY, NOW + DAY
    promise(office, number, first)
    promise(office, number, second)
    # What was told binds: no second telling moves it to a later date.
    with pytest.raises(Invalid, match="no later date"):
        promise(office, number, first)
    assert firsts(office, number) == (first, [first])
    assert told(office, number) == [("first", 1, first, ""), ("changed", 1, second, "")]
    office.walk(number, to="020-1.6", after="020-1.4")
    receipt = next(each for each in office.letters(number) if each.kind == "receipt")
    assert receipt.facts["first_told_at"] == first.isoformat()
    assert receipt.facts["promised_at"] == second.isoformat()


def test_an_extension_is_the_first_date_where_none_was_told_yet(office: Office):
    number = office.receive()
    office.walk(number)
    first = office.complaint(number).first_told_at
    at = office.at + DAY
    office.take(number, reopen_complaint, by="supervisor", at=at, reason="Masih sering putus")
    until = extend(office, number, DAY)
    assert firsts(office, number) == (first, [first, until])
    assert told(office, number)[-1] == ("extended", 1, until, WHY)


def test_a_reopening_begins_a_promise_of_its_own_and_keeps_the_first_of_all(office: Office):
    number = office.receive()
    office.walk(number)
    first = office.complaint(number).first_told_at
    at = office.at + DAY
    office.take(number, reopen_complaint, by="supervisor", at=at, reason="Masih sering putus")
    assert firsts(office, number) == (first, [first, None])
    again = office.at + 3 * HOUR
    promise(office, number, again)
    later = extend(office, number, 2 * DAY)
    assert firsts(office, number) == (first, [first, again])
    assert told(office, number) == [
        ("first", 1, first, ""),
        ("reopened", 2, again, ""),
        ("extended", 2, later, WHY),
    ]


@pytest.mark.parametrize("category", ["GGN_LAMBAT", "TAG_NAIK", "GGN_MASSAL"])
def test_a_change_of_category_overwrites_no_date(office: Office, category):
    number = office.receive()
    office.walk(number, to="020-1.4")
    first = office.complaint(number).promised_at
    office.take(number, amend_record, change=Amendment(category=category))
    kept, on_clocks = firsts(office, number)
    assert kept == first
    assert set(on_clocks) == {first}
    # The earlier of rule and promise counts; the customer's date never slips.
    assert office.clocks(number)["resolve"].due_at <= first


def test_no_pause_and_no_priority_moves_the_first_date(office: Office):
    number = office.receive()
    office.walk(number, to="020-2.4")
    first = office.complaint(number).promised_at
    office.take(number, override_priority, by="supervisor", priority="P4", reason="Gangguan kecil")
    office.take(
        number,
        pause_clocks,
        by="supervisor",
        reason="Menunggu KTP pelanggan",
        until=office.at + 2 * DAY,
    )
    office.take(number, resume_clocks, at=office.at + DAY)
    assert firsts(office, number) == (first, [first])
    assert office.clocks(number)["resolve"].due_at > first


@pytest.mark.parametrize("others", [(), ("id-telco-jartaplok-perdirjen7-2024",)])
def test_a_told_date_outlives_a_category_whose_rules_know_no_such_clock(office: Office, others):
    """A correction would otherwise let the promise vanish, with its clock, from every figure."""
    office.switch_on("id-telco-field-ttr", *others)
    office.switch_off("id-default-front-desk")
    number = office.receive()
    (fault,) = [each for each in office.rows(Deadline, number) if each.kind == "resolve"]
    office.take(number, promise_deadline, steps=STEPS)
    first = office.complaint(number).first_told_at
    assert fault.due_at == first
    office.take(number, amend_record, change=Amendment(category="TAG_NAIK"))
    live = [
        each
        for each in office.rows(Deadline, number)
        if each.kind in ("legal", "resolve") and each.ended_at is None
    ]
    # Where another clock runs for the customer the date goes over to it, else its own runs on.
    assert [each.kind for each in live] == (["legal"] if others else ["resolve"])
    assert [(each.told_at, each.first_told_at, each.due_at) for each in live] == [(first,) * 3]
    for clock in live:
        entries = select(LedgerEntry).where(LedgerEntry.deadline_id == clock.id)
        rows = office.session.scalars(entries.order_by(LedgerEntry.id)).all()
        assert rebuild(read_entry(office.rules, row) for row in rows).due_at == clock.due_at


def migration() -> ModuleType:
    """The revision as it runs: its rules stand on their own, without our models."""
    (path,) = (MIGRATIONS / "versions").glob("*_first_told.py")
    spec = spec_from_file_location("first_told", path)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_a_database_of_before_learns_the_first_dates_from_what_was_recorded(office: Office):
    moved, again, unknown, never = (office.receive(by="csr") for _ in range(4))
    for number in (moved, again, unknown):
        office.walk(number, to="020-2.5")
    extend(office, moved, 2 * DAY)
    office.walk(again, after="020-2.5")
    office.take(again, reopen_complaint, by="supervisor", at=office.at + DAY, reason="Putus lagi")
    promise(office, again, office.at + 3 * HOUR)
    extend(office, again, DAY)
    told_once = StepRecord.complaint_id == office.complaint(unknown).id
    office.session.execute(delete(StepRecord).where(told_once))
    office.session.commit()
    numbers = (moved, again, unknown, never)
    before = {number: firsts(office, number) for number in numbers}
    office.session.commit()
    fill = migration()._fill
    with office.engine.begin() as connection:
        for table in ("complaints", "deadlines"):
            connection.execute(text(f"UPDATE {table} SET first_told_at = NULL"))
        fill(connection, 0, 1_000)
    office.session.expire_all()
    assert {number: firsts(office, number) for number in (moved, again, never)} == {
        number: before[number] for number in (moved, again, never)
    }
    # Nothing is left that says which was the first; the last is not passed off as it.
    assert firsts(office, unknown) == (None, [None])
    assert office.complaint(unknown).promised_at is not None


def test_what_was_told_in_another_zone_is_the_same_instant(office: Office):
    number = office.receive()
    office.walk(number, to="020-1.3")
    jakarta = datetime.fromisoformat("2026-11-20T09:00:00+07:00")
    promise(office, number, jakarta)
    assert office.complaint(number).first_told_at == jakarta.astimezone(UTC)
    assert told(office, number)[0][2] == jakarta

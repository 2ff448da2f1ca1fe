"""The deadline ledger: what the entries amount to, seconds apart where it matters."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from complaints.domain.clauses import Policy
from complaints.domain.deadlines import DeadlineState
from complaints.domain.ledger import Entry, EntryKind, Terms, rebuild
from complaints.domain.worktime import WorkCalendar

JAKARTA = ZoneInfo("Asia/Jakarta")
CALENDAR = WorkCalendar.from_dict(
    {
        "tz": "Asia/Jakarta",
        "week": {day: [["08:00", "16:00"]] for day in ("mon", "tue", "wed", "thu", "fri")},
    }
)


def at(text: str) -> datetime:
    """A wall time in Jakarta of November 2026, such as "19 09:15"; the 19th is a Thursday."""
    day, _, clock = text.partition(" ")
    return datetime.fromisoformat(f"2026-11-{day}T{clock}").replace(tzinfo=JAKARTA).astimezone(UTC)


def terms(duration: int = 2, unit: str = "working_day", **more) -> Terms:
    clock = {"id": "it", "kind": "resolve", "duration": duration, "unit": unit, **more}
    data = {"id": "law", "clock": [clock]}
    return Terms(Policy.from_dict(data).clauses[0], CALENDAR)


def start(when: str = "19 09:15", **more) -> Entry:
    return Entry(EntryKind.START, at(when), terms(**more))


def entry(what: str, when: str, until: str | None = None) -> Entry:
    return Entry(EntryKind(what), at(when), until=at(until) if until else None)


def due(*entries: Entry) -> datetime:
    return rebuild(entries).due_at


def test_a_ledger_begins_with_a_start():
    for broken in ([], [entry("meet", "19 10:00")], [Entry(EntryKind.START, at("19 10:00"))]):
        with pytest.raises(ValueError, match="begins with a start"):
            rebuild(broken)


def test_two_working_days_over_the_weekend():
    assert due(start()) == at("23 09:15")


def test_an_earlier_date_told_leads_and_a_later_one_does_not():
    assert due(start(), entry("tell", "19 09:20", "20 12:00")) == at("20 12:00")
    assert due(start(), entry("tell", "19 09:20", "24 12:00")) == at("23 09:15")


def test_a_pause_moves_the_due_time_by_its_working_time():
    paused = [entry("pause", "19 10:00"), entry("resume", "19 13:00")]
    assert due(start(), *paused) == at("23 12:15")


def test_a_pause_over_closed_hours_moves_nothing():
    paused = [entry("pause", "20 16:00"), entry("resume", "23 08:00")]
    assert due(start(), *paused) == at("23 09:15")


def test_clock_time_is_paused_in_clock_time():
    paused = [entry("pause", "20 16:00"), entry("resume", "23 08:00")]
    assert due(start(duration=48, unit="hour"), *paused) == at("21 09:15") + timedelta(hours=64)


def test_while_paused_the_due_time_waits_for_the_resumption():
    ledger = rebuild([start(), entry("pause", "19 10:00")])
    assert ledger.state is DeadlineState.PAUSED
    assert ledger.due_at == at("23 09:15")


def test_a_second_pause_and_a_second_resumption_count_once():
    entries = [
        entry("pause", "19 10:00"),
        entry("pause", "19 11:00"),
        entry("resume", "19 12:00"),
        entry("resume", "19 15:00"),
    ]
    assert due(start(), *entries) == at("23 11:15")


def test_a_told_date_moves_with_the_pauses_after_it_only():
    before = [entry("pause", "19 10:00"), entry("resume", "19 11:00")]
    after = [entry("pause", "19 13:00"), entry("resume", "19 15:00")]
    told = entry("tell", "19 12:00", "20 12:00")
    assert due(start(), *before, told, *after) == at("20 14:00")


def test_an_extension_replaces_what_was_there_and_keeps_later_pauses():
    entries = [
        entry("tell", "19 09:20", "20 12:00"),
        entry("pause", "19 10:00"),
        entry("resume", "19 12:00"),
        entry("extend", "19 13:00", "25 16:00"),
    ]
    ledger = rebuild([start(), *entries])
    assert ledger.due_at == at("25 16:00")
    assert ledger.told_at == at("25 16:00")
    assert ledger.extensions == 1
    later = [entry("pause", "20 08:00"), entry("resume", "20 10:00")]
    assert due(start(), *entries, *later) == at("26 10:00")


def test_a_recomputation_counts_from_the_original_start_with_all_pauses_kept():
    paused = [entry("pause", "19 10:00"), entry("resume", "19 13:00")]
    anew = Entry(EntryKind.RECOMPUTE, at("20 09:00"), terms(duration=1))
    assert due(start(), *paused, anew) == at("20 12:15")


@pytest.mark.parametrize(
    ("last", "state"),
    [("meet", DeadlineState.MET), ("cancel", DeadlineState.CANCELLED)],
)
def test_an_end_is_an_end(last: str, state: DeadlineState):
    ledger = rebuild([start(), entry(last, "20 10:00")])
    assert (ledger.state, ledger.ended_at) == (state, at("20 10:00"))


@pytest.mark.parametrize("last", ["meet", "cancel"])
def test_a_breach_stays_a_breach(last: str):
    ledger = rebuild([start(), entry("breach", "23 09:15"), entry(last, "24 10:00")])
    assert ledger.state is DeadlineState.BREACHED
    assert ledger.breached_at == at("23 09:15")
    assert ledger.ended_at == at("24 10:00")


def test_an_end_in_the_middle_of_a_pause_ends_the_pause():
    ledger = rebuild([start(), entry("pause", "19 10:00"), entry("meet", "19 12:00")])
    assert ledger.state is DeadlineState.MET
    assert ledger.due_at == at("23 11:15")


@given(
    st.lists(st.integers(min_value=0, max_value=3 * 24 * 3600), min_size=2, max_size=12),
    st.integers(min_value=1, max_value=40),
)
def test_working_time_outside_the_pauses_is_the_budget(moments: list[int], hours: int):
    begin = at("19 09:15")
    times = [begin + timedelta(seconds=each) for each in sorted(moments)]
    entries = [Entry(EntryKind.START, begin, terms(hours, "working_hour"))]
    for index, moment in enumerate(times):
        kind = EntryKind.PAUSE if index % 2 == 0 else EntryKind.RESUME
        entries.append(Entry(kind, moment))
    if len(times) % 2:
        entries.append(Entry(EntryKind.RESUME, times[-1] + timedelta(hours=1)))
    ledger = rebuild(entries)
    end = ledger.due_at
    paused = sum(
        CALENDAR.between(since, until) for since, until in ledger.pauses or [] if until <= end
    )
    if all(until <= end for _, until in ledger.pauses or []):
        assert CALENDAR.between(begin, end) - paused == hours * 3600


@pytest.mark.parametrize(
    "counted",
    [{"end_of_day": True}, {"counting": "day_after_receipt"}],
    ids=str,
)
def test_a_due_time_at_closing_stays_one_after_a_pause(counted):
    paused = start(**counted), entry("pause", "20 09:00"), entry("resume", "20 11:00")
    assert due(start(**counted)) == at("23 16:00")
    assert due(*paused) == at("24 16:00")
    # A whole working day paused moves it by one, not by two.
    whole = start(**counted), entry("pause", "19 12:00"), entry("resume", "20 12:00")
    assert due(*whole) == at("24 16:00")


def test_a_promise_keeps_its_hour_after_a_pause_though_the_rule_ends_with_the_day():
    told = entry("tell", "19 09:20", until="20 14:30")
    paused = entry("pause", "19 10:00"), entry("resume", "19 11:00")
    assert due(start(end_of_day=True), told, *paused) == at("20 15:30")

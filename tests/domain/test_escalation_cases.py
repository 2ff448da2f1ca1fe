"""States and ladders as other systems' users know them, told with our clocks.

Where a case contradicts a decision of ours, its test names the decision and why.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from complaints.domain.clauses import Clause
from complaints.domain.clock_state import ClockState
from complaints.domain.deadlines import EVENT_OF, MET_BY, PAUSABLE, DeadlineState, Kind
from complaints.domain.escalation import Firing, Ladder
from complaints.domain.history import HistoryHead
from complaints.domain.ledger import Entry, EntryKind, LedgerState, Terms, rebuild
from complaints.domain.lifecycle import Action
from complaints.domain.worktime import WorkCalendar
from complaints.engine.apply_schedule import apply_schedule
from complaints.engine.outcome import Acknowledged, DueComplaint, DueTimer
from complaints.people.staff import Person, Staff
from tests.cases.gathered import calendar_of, read
from tests.conftest import ROOT

STATES = read("states")
LADDERS = read("ladders")

ALWAYS = WorkCalendar.from_dict(
    {
        "tz": "UTC",
        "week": {
            day: [["00:00", "24:00"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
        },
    }
)
START = datetime(2026, 1, 5, 9, tzinfo=UTC)
DUE = START + timedelta(hours=4)
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)

#: Cases that need a database: the tests of the steps that hold them.
HELD_BY: Mapping[str, Sequence[str]] = {
    "cw-st-1": (
        "tests/engine/test_fire.py::"
        "test_after_an_outage_every_level_is_recorded_and_each_person_hears_once",
        "tests/engine/test_fire.py::test_a_second_sweep_changes_nothing",
    ),
    # The case lets a clock off that nobody looked at before its end. Late is late, whoever looks
    # when (decision 5): ours is breached, with its own due time.
    "cw-st-3": (
        "tests/clocks/test_clocks.py::test_a_miss_that_nobody_has_swept_is_stamped_with_the_due_time",
    ),
    "cw-st-5": ("tests/engine/test_fire.py::test_nobody_hears_of_a_clock_that_was_met_in_time",),
    "es-11": (
        "tests/people/test_absences.py::test_the_same_absence_sent_twice_at_once_is_noted_once",
    ),
    "es-12": (
        "tests/steps/casework/test_escalate.py::test_a_running_clock_keeps_the_ladder_it_started_with",
    ),
    "es-15": (
        "tests/engine/test_fire.py::test_two_workers_at_once_double_nothing_and_lose_nothing",
        "tests/engine/test_fire.py::test_after_an_outage_the_breach_bears_its_own_time",
        "tests/engine/test_fire.py::"
        "test_a_row_that_cannot_be_fired_is_postponed_and_the_others_go_on",
    ),
}
TOLD_HERE = {
    *("st-zm-2", "st-zm-7", "st-zm-8", "st-zm-9", "st-zm-12"),
    *("st-fr-1", "st-fr-2", "st-fr-3", "st-fr-5", "st-fr-7"),
    *("st-rt-1", "st-rt-2", "st-rt-3"),
    *("es-01", "es-06", "es-07", "es-08", "es-10", "es-12", "es-16"),
}


def terms(case: Mapping[str, Any], kind: Kind, minutes: int | None = None) -> Terms:
    """The clock of that kind, in the calendar of the case."""
    duration = case["limits"][kind] if minutes is None else minutes
    calendar = WorkCalendar.from_dict(calendar_of(case["calendar"]))
    return Terms(Clause(kind.value, kind, "received", duration, "working_minute"), calendar)


def play(case: Mapping[str, Any], kind: Kind, *more: Entry) -> LedgerState:
    """The clock's ledger with the case's pauses."""
    entries = [Entry(EntryKind.START, case["received"], terms(case, kind))]
    for since, until in case.get("pauses", ()):
        entries += [Entry(EntryKind.PAUSE, since), Entry(EntryKind.RESUME, until)]
    return rebuild([*entries, *more])


def used(state: LedgerState, until: datetime) -> float:
    """Minutes of the clock used up by `until`, without its pauses."""
    paused = sum(state.terms.paused_seconds(*pause) for pause in state.pauses or ())
    return (state.terms.calendar.between(state.started_at, until) - paused) / 60


def left(state: LedgerState, since: datetime) -> float:
    """Minutes of the clock left at `since`; negative when late."""
    between = state.terms.calendar.between
    return (between(since, state.due_at) - between(state.due_at, since)) / 60


def test_every_case_is_told_here_or_held_by_a_test_of_the_steps():
    assert TOLD_HERE | set(HELD_BY) == set(STATES) | set(LADDERS)
    for places in HELD_BY.values():
        for place in places:
            file, _, name = place.partition("::")
            assert f"def {name}(" in (ROOT / file).read_text(encoding="utf-8"), place


# States


def test_st_zm_2_what_is_due_next():
    case = STATES["st-zm-2"]
    answered, closed = case["answered"], case["closed"]
    ack = play(case, Kind.ACK, Entry(EntryKind.MEET, answered))
    assert {"used": used(ack, answered), "left": left(ack, answered)} == case["ack"]
    # Decision 9: the progress clock starts at each of our answers, so the customer must hear from
    # us again two hours after the answer at ten, not two hours after the complaint as in the case.
    progress = terms(case, Kind.PROGRESS)
    assert progress.due_from(case["received"]) == case["next_due"]
    assert progress.due_from(answered) == case["next_due"] + 30 * MINUTE
    resolve = play(case, Kind.RESOLVE, Entry(EntryKind.MEET, closed))
    assert {"used": used(resolve, closed), "left": left(resolve, closed)} == case["resolve"]
    assert resolve.state is DeadlineState.MET


@pytest.mark.parametrize("name", ["st-zm-7", "st-zm-8", "st-zm-9"])
def test_st_zm_7_to_9_paused_time_is_not_used(name: str):
    case = STATES[name]
    closed = case["closed"]
    state = play(case, Kind.RESOLVE, Entry(EntryKind.MEET, closed))
    assert {"used": used(state, closed), "left": left(state, closed)} == case["resolve"]


def test_st_zm_12_a_changed_policy_counts_from_the_start():
    case = STATES["st-zm-12"]
    due = {kind: play(case, Kind(kind)).due_at for kind in case["limits"]}
    assert due == case["due"]
    # Decision 12: a complaint keeps the policy it was handled under, so an edit alone moves
    # nothing; whoever saves it may have the open clocks counted anew, and then as in the case.
    changed = terms(case, Kind.ACK, case["longer"]["ack"])
    edited_at = case["received"] + 5 * MINUTE
    recomputed = play(case, Kind.ACK, Entry(EntryKind.RECOMPUTE, edited_at, changed))
    assert {**due, "ack": recomputed.due_at} == case["due_then"]


def test_st_fr_1_from_received_to_met():
    case = STATES["st-fr-1"]
    assert {kind: play(case, Kind(kind)).due_at for kind in case["limits"]} == case["due"]
    pause = Entry(EntryKind.PAUSE, case["paused"])
    assert play(case, Kind.RESOLVE, pause).state is DeadlineState.PAUSED
    # Decision 8: a pause never stops the acknowledgement clock; here the answer has met it.
    assert Kind.ACK not in PAUSABLE
    resume = Entry(EntryKind.RESUME, case["resumed"])
    running = play(case, Kind.RESOLVE, pause, resume)
    assert running.state is DeadlineState.RUNNING
    assert running.due_at == case["due_then"]["resolve"]
    end = case["closed"]
    met = play(case, Kind.RESOLVE, pause, resume, Entry(EntryKind.MEET, end))
    assert met.state is DeadlineState.MET
    assert used(met, end) == case["resolve"]["used"]


def test_st_fr_2_a_pause_over_a_holiday_counts_in_working_time():
    case = STATES["st-fr-2"]
    state = play(case, Kind.RESOLVE, Entry(EntryKind.MEET, case["closed"]))
    ((since, until),) = state.pauses or ()
    assert state.terms.paused_seconds(since, until) == case["paused_for"] * 60
    assert used(state, case["closed"]) == case["resolve"]["used"]


def test_st_fr_3_late_is_breached_at_the_due_time():
    case = STATES["st-fr-3"]
    moves = (Entry(EntryKind.PAUSE, case["paused"]), Entry(EntryKind.RESUME, case["resumed"]))
    due = play(case, Kind.RESOLVE, *moves).due_at
    assert due == case["due_then"]["resolve"]
    assert case["looked_at"] > due
    # Decision 5: the breach is stamped with the deadline's own time, not with that of the look.
    state = play(case, Kind.RESOLVE, *moves, Entry(EntryKind.BREACH, due))
    assert (state.state, state.breached_at) == (DeadlineState.BREACHED, due)


def test_st_fr_5_how_late_an_answer_came():
    case = STATES["st-fr-5"]
    assert left(play(case, Kind.ACK), case["answered"]) == case["ack"]["left"]


def test_st_fr_7_closing_after_the_resolution_starts_nothing_anew():
    case = STATES["st-fr-7"]
    state = play(case, Kind.RESOLVE, Entry(EntryKind.MEET, case["resolved"]))
    assert state.ended_at == case["resolved"] < case["closed"]
    assert used(state, state.ended_at) == case["resolve"]["used"]
    assert Action.CLOSE not in EVENT_OF
    assert Kind.RESOLVE in MET_BY[Action.ACCEPT]


def test_st_rt_1_a_longer_limit_moves_the_due_time_by_the_difference():
    case = STATES["st-rt-1"]

    def minutes(count: int) -> Terms:
        return Terms(Clause("resolve", Kind.RESOLVE, "received", count, "minute"), ALWAYS)

    start = Entry(EntryKind.START, START, minutes(case["limits"]["resolve"]))
    longer = minutes(case["longer"]["resolve"])
    changed = Entry(EntryKind.RECOMPUTE, START + 90 * MINUTE, longer)
    moved = rebuild([start, changed]).due_at - rebuild([start]).due_at
    assert moved.total_seconds() == case["moves_by"]


def test_st_rt_2_and_3_messages_move_no_deadline_of_themselves():
    # Whatever passes between us and the customer, only our own word starts the progress clock
    # anew (decision 9); the message step says so itself, for outgoing ones alone.
    assert Action.MESSAGE not in EVENT_OF
    assert Action.MESSAGE not in MET_BY


# Ladders


def ladder(*rungs: Mapping[str, Any], **more: Any) -> Ladder:
    return Ladder.from_dict({"id": "case", "rung": [dict(rung) for rung in rungs], **more})


def rung(key: str, after: int, target: str = "supervisor", level: int = 1, **more: Any):
    return {"key": key, "after": after, "target": target, "level": level, **more}


def after_due(steps, due: datetime = DUE) -> list[tuple[str, int]]:
    """Rung and minutes after the due time, of the levels."""
    return [
        (step.rung.key, int((step.fire_at - due).total_seconds()) // 60)
        for step in steps
        if step.firing is Firing.ESCALATE
    ]


def test_es_01_each_step_at_its_time():
    case = LADDERS["es-01"]
    waited, rungs = 0, []
    for level, step in enumerate(case["rungs"], 1):
        rungs.append(rung(step["calls"], waited, level=level))
        waited += step["waits"]
    expected = [(each["who"], each["minute"]) for each in case["heard"]]
    assert after_due(ladder(*rungs).schedule("resolve", START, DUE, ALWAYS)) == expected


def test_es_06_after_a_pause_the_ladder_begins_with_its_first_rung():
    # We know no maintenance windows. Their nearest relative, the pause, silences the ladder and
    # moves it as a whole. Escalating by hand stays possible meanwhile, against the case: issue 3
    # lets a CSR escalate with a reason at any time, because the customer in front of them may
    # not be made to wait for a clock.
    clause = Clause("resolve", Kind.RESOLVE, "received", 240, "working_minute")
    paused = rebuild(
        [
            Entry(EntryKind.START, START, Terms(clause, ALWAYS)),
            Entry(EntryKind.PAUSE, START + HOUR),
            Entry(EntryKind.RESUME, START + 2 * HOUR),
        ]
    )
    steps = ladder(rung("first", 5), rung("second", 10, level=2)).schedule(
        "resolve", START, paused.due_at, ALWAYS
    )
    assert paused.due_at == DUE + HOUR
    assert after_due(steps, paused.due_at) == [("first", 5), ("second", 10)]


def test_es_07_a_ladder_with_a_gap_below_still_calls():
    steps = ladder(rung("second", 5, level=2)).schedule("resolve", START, DUE, ALWAYS)
    assert after_due(steps) == [("second", 5)]


def test_es_08_an_empty_rung_is_recorded_and_the_ladder_walks_on():
    hendra = Person(6, "Hendra", "hendra@case.example", "manager", None, None, None, "id", True)
    steps = ladder(rung("empty", 5), rung("manned", 60, "head_office", 2)).schedule(
        "resolve", START, DUE, ALWAYS
    )
    clock = ClockState(
        id=1,
        complaint_id=1,
        kind="resolve",
        cycle=1,
        policy="ours",
        clause="main",
        policy_version_id=1,
        calendar_version_id=1,
        ladder_version_id=1,
        started_at=START,
        due_at=DUE,
    )
    complaint = DueComplaint(
        id=1,
        year=2026,
        branch_id=1,
        team_id=None,
        handler_id=None,
        received_by_id=None,
        status="registered",
        level=0,
        head=HistoryHead(1, ""),
    )
    timer, noted = DueTimer(1, clock, complaint), Acknowledged()
    staff = Staff({hendra.id: hendra}, {})
    out = apply_schedule(timer, complaint, steps, staff, noted, DUE + 5 * MINUTE)
    called = [row["detail"] for row in out.history if row["what"] == "escalate"]
    assert [(each["rung"], each.get("nobody", False)) for each in called] == [
        ("empty", True),
        ("manned", False),
    ]
    # The case waits for the next step's own time; ours calls it at once (issue 3, item 5): an
    # hour in which nobody has been told is an hour lost to the customer.
    assert [row["to_id"] for row in out.escalations] == [hendra.id]
    assert out.clock.fired == len(steps)


def test_es_10_a_rung_calls_again_up_to_its_ceiling_and_the_ladder_never_starts_over():
    # The case begins anew with the first step. Ours climbs (issue 3, item 5): a rung nobody
    # answers calls again until its ceiling, and the next one up is called meanwhile; escalating
    # by hand goes one level up instead of round.
    calling = rung("first", 0, repeat_every=1, repeat_unit="hour", repeat_max=2)
    steps = ladder(calling, rung("second", 90, level=2)).schedule("resolve", START, DUE, ALWAYS)
    assert after_due(steps) == [("first", 0), ("first", 60), ("second", 90), ("first", 120)]


def test_es_12_warnings_keep_to_the_open_hours_and_levels_do_not():
    # Round robin is not ours: a rung names who answers for the complaint, not whose turn it is.
    office = WorkCalendar.from_dict(
        {"tz": "UTC", "week": {day: [["09:00", "17:00"]] for day in ("mon", "tue", "wed")}}
    )
    warn = {"key": "warn", "before": 1, "unit": "hour", "target": "handler"}
    due = datetime(2026, 1, 6, 3, tzinfo=UTC)
    steps = ladder(warn, rung("first", 1, unit="hour")).schedule("resolve", START, due, office)
    assert [step.firing for step in steps] == [Firing.WARN, Firing.BREACH, Firing.ESCALATE]
    assert steps[0].ripe_at == steps[1].ripe_at == due + timedelta(seconds=1)
    assert steps[2].fire_at == due + HOUR


def test_es_16_a_notice_in_closed_time_waits_for_the_next_opening():
    # The case drops what it would have said in closed time and looks again later; ours says it at
    # the next opening, once. Nothing is limited to a thousand cases a run.
    office = WorkCalendar.from_dict(
        {"tz": "UTC", "week": {day: [["09:00", "17:00"]] for day in ("mon", "tue", "wed")}}
    )
    warn = {"key": "warn", "before": 12, "unit": "hour", "target": "handler"}
    due = datetime(2026, 1, 6, 12, tzinfo=UTC)
    (warning, *_) = ladder(warn, rung("first", 1)).schedule("resolve", START, due, office)
    assert warning.fire_at == datetime(2026, 1, 6, 9, tzinfo=UTC)

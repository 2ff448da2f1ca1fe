"""The auditor finds what was lost, sets it anew, and says what people have to see to."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.orm import sessionmaker

from complaints.domain.latency_histogram import add_lags, quantile, up_to
from complaints.engine.repair_timers import drop_orphans, make_due_now, set_missing_timers
from complaints.models import Deadline, Heartbeat, Notice, OutboxMessage, Timer
from complaints.outbox.delivery_settings import DeliverySettings
from complaints.outbox.mail.transports import Folder
from complaints.queries.engine import consistency_checks
from complaints.queries.engine.consistency_checks import ScanPosition, find_faults
from complaints.queries.engine.status import (
    engine_view,
    find_standstill,
    read_metrics,
)
from complaints.steps.casework.pause import pause_clocks
from complaints.worker.audit import audit
from complaints.worker.sweeps import (
    KEEP_WORKERS,
    WorkerContext,
    fire_timers,
    record_heartbeat,
    register_worker,
    tidy_up,
)
from tests.conftest import NOW
from tests.office import Office
from tests.signs import leave_sign

SECOND, MINUTE, DAY = timedelta(seconds=1), timedelta(minutes=1), timedelta(days=1)
KINDS = ("late", "postponed", "missing", "orphans", "drifted", "post_failed", "post_waiting")


@pytest.fixture
def context(office: Office, tmp_path: Path) -> WorkerContext:
    return WorkerContext(
        sessions=sessionmaker(office.engine, expire_on_commit=False),
        delivery=DeliverySettings("https://keluhan.example", "a key for tests only, long enough"),
        transport=Folder(tmp_path / "mail"),
    )


def timers(office: Office) -> dict[int, tuple[str, str]]:
    """Deadline → when and what, of every timer."""
    rows = office.session.execute(select(Timer.deadline_id, Timer.fire_at, Timer.firing)).all()
    office.session.commit()
    return {row.deadline_id: (row.fire_at.isoformat(), row.firing) for row in rows}


def look(context: WorkerContext, at=NOW) -> dict[str, int]:
    """One audit with its sign of life: what was found, without what was not."""
    record_heartbeat(context, "audit", audit(context, at), at)
    with context.sessions() as session:
        kept = session.scalars(select(Heartbeat.lags).where(Heartbeat.job == "audit")).one()
    return {kind: kept[kind] for kind in KINDS if kept[kind]}


def change(office: Office, statement) -> None:
    office.session.execute(statement)
    office.session.commit()


# What is lost comes back


def test_where_all_is_well_nothing_is_found_or_written(office: Office, context: WorkerContext):
    office.receive()
    before = timers(office)
    assert look(context) == {}
    assert timers(office) == before


def test_a_missing_timer_is_set_anew_as_it_was(office: Office, context: WorkerContext):
    office.receive()
    before = timers(office)
    change(office, delete(Timer))
    assert look(context) == {"missing": len(before)}
    assert timers(office) == before
    assert look(context) == {}


def test_of_a_paused_clock_the_end_of_the_pause_is_set_anew(office: Office, context: WorkerContext):
    number = office.receive()
    office.walk(number, to="020-1.6")
    office.take(
        number, pause_clocks, by="supervisor", reason="Menunggu foto modem", until=NOW + DAY
    )
    before = timers(office)
    assert "resume" in {firing for _, firing in before.values()}
    change(office, delete(Timer).where(Timer.firing == "resume"))
    assert look(context)["missing"] >= 1
    assert timers(office) == before


def test_a_pause_that_stopped_no_clock_ends_at_its_time_all_the_same(
    office: Office, context: WorkerContext
):
    number = office.receive()
    late = NOW + 40 * DAY
    office.take(
        number,
        pause_clocks,
        by="supervisor",
        at=late,
        reason="Menunggu foto modem",
        until=late + DAY,
    )
    audit(context, late + DAY - SECOND)
    assert office.complaint(number).waiting_customer
    office.session.commit()
    audit(context, late + DAY + MINUTE)
    assert not office.complaint(number).waiting_customer
    resumed = office.history(number)[-1]
    assert (resumed.what, resumed.at) == ("resume", late + DAY)
    assert "pause_ended" in {each.kind for each in office.rows(Notice, number)}


def test_on_top_of_its_ladder_a_clock_waits_for_the_next_reminder(
    office: Office, context: WorkerContext
):
    office.receive()
    fire_timers(context, NOW + 400 * DAY)
    assert office.overdue(NOW + 400 * DAY) == 0
    assert office.count(Timer) == 4
    assert look(context, NOW + 400 * DAY).get("missing") is None


def test_what_an_earlier_version_left_without_a_timer_on_top_of_its_ladder_is_reminded_of(
    office: Office, context: WorkerContext
):
    number = office.receive()
    fire_timers(context, NOW + 30 * DAY)
    # The version before took a clock's timer away with its last step, and that was all.
    ladder = office.rules.ladder
    office.session.commit()
    for clock in office.clocks(number).values():
        steps = len([rung for rung in ladder.rungs if rung.covers(clock.kind)]) + 1
        change(office, update(Deadline).where(Deadline.id == clock.id).values(fired=steps))
    change(office, delete(Timer))
    before = office.count(Notice)
    assert look(context, NOW + 90 * DAY) == {"missing": 4}
    fire_timers(context, NOW + 90 * DAY)
    assert office.count(Notice) == before + 1
    assert office.overdue(NOW + 90 * DAY) == 0
    assert office.count(Timer) == 4
    assert look(context, NOW + 90 * DAY) == {}


def test_what_was_missed_meanwhile_fires_with_the_next_sweep(
    office: Office, context: WorkerContext
):
    number = office.receive()
    change(office, delete(Timer))
    fire_timers(context, NOW + 40 * DAY)
    look(context, NOW + 40 * DAY)
    fire_timers(context, NOW + 40 * DAY)
    assert {clock.state for clock in office.clocks(number).values()} == {"breached"}


def test_a_timer_whose_clock_has_ended_is_dropped(office: Office, context: WorkerContext):
    office.receive()
    clock_id = min(timers(office))
    change(
        office, update(Deadline).where(Deadline.id == clock_id).values(ended_at=NOW, state="met")
    )
    assert look(context) == {"orphans": 1}
    assert clock_id not in timers(office)
    assert look(context) == {}


def test_repairs_are_counted_for_good(office: Office, context: WorkerContext):
    office.receive()
    change(office, delete(Timer))
    look(context)
    look(context)
    with context.sessions() as session:
        assert session.scalars(select(Heartbeat.lags)).one()["mended"] == 4


def test_what_came_back_by_itself_is_not_set_twice(office: Office, context: WorkerContext):
    office.receive()
    before = timers(office)
    rules = office.rules
    office.session.commit()
    with context.sessions.begin() as session:
        assert set_missing_timers(session, rules, list(before)) == []
        held = list(session.scalars(select(Timer.id)))
        assert drop_orphans(session, held) == []
    assert timers(office) == before


# A due time that differs from its ledger


def shift(office: Office, by: timedelta, **timer: object) -> Deadline:
    """Move the stored due time of the resolution past its ledger."""
    (clock,) = office.session.scalars(select(Deadline).where(Deadline.kind == "resolve"))
    change(office, update(Deadline).where(Deadline.id == clock.id).values(due_at=clock.due_at + by))
    if timer:
        change(office, update(Timer).where(Timer.deadline_id == clock.id).values(**timer))
    return clock


def test_a_due_time_stored_far_too_late_is_found_and_mended_long_before(
    office: Office, context: WorkerContext
):
    number = office.receive()
    before, due = timers(office), office.clocks(number)["resolve"].due_at
    shift(office, 300 * DAY, fire_at=NOW + 300 * DAY)
    assert look(context) == {"drifted": 1}
    # The sweep rebuilds the clock from its ledger before it acts, and nothing is due yet.
    assert fire_timers(context, NOW).corrected == 1
    assert office.clocks(number)["resolve"].due_at == due
    assert timers(office) == before
    assert look(context) == {}


def test_what_had_been_due_by_its_ledger_fires_with_the_next_sweep(
    office: Office, context: WorkerContext
):
    number = office.receive()
    due = office.clocks(number)["resolve"].due_at
    shift(office, 300 * DAY, fire_at=NOW + 300 * DAY)
    fire_timers(context, due + DAY)
    clock = office.clocks(number)["resolve"]
    assert (clock.state, clock.breached_at) == ("running", None)
    assert look(context, due + DAY) == {"drifted": 1}
    fire_timers(context, due + DAY)
    clock = office.clocks(number)["resolve"]
    assert (clock.state, clock.breached_at) == ("breached", due)


def test_one_that_could_not_be_fired_is_not_rung_again_every_minute(
    office: Office, context: WorkerContext
):
    office.receive()
    shift(office, DAY, attempts=1)
    assert "drifted" not in look(context)


def test_what_is_due_anyway_need_not_be_made_due(office: Office, context: WorkerContext):
    office.receive()
    clock = shift(office, DAY, fire_at=NOW)
    with context.sessions.begin() as session:
        assert make_due_now(session, [clock.id], NOW) == []
        assert make_due_now(session, [], NOW) == []


def test_corrections_are_counted_for_good(office: Office, context: WorkerContext):
    office.receive()
    for _ in range(2):
        shift(office, DAY, fire_at=NOW)
        record_heartbeat(context, "fire", fire_timers(context, NOW), NOW)
    view = engine_view(office.session, NOW)
    state = {name: value for name, (_, value) in read_metrics(office.session, NOW).values.items()}
    office.session.commit()
    assert view.lags["corrected"] == state["corrected_total"] == 2
    # They are no part of the histogram.
    assert state["fired_total"] == 0


# What people have to see to


def test_what_should_have_fired_and_has_not_is_told(office: Office, context: WorkerContext):
    office.receive()
    assert "late" not in look(context, NOW + 10 * MINUTE)
    change(office, update(Timer).values(fire_at=NOW))
    assert look(context, NOW + MINUTE) == {}
    assert look(context, NOW + MINUTE + SECOND) == {"late": 4}


def test_a_timer_postponed_is_told(office: Office, context: WorkerContext):
    office.receive()
    change(office, update(Timer).values(attempts=1, fire_at=NOW + 59 * MINUTE))
    assert look(context) == {"postponed": 4}


def test_post_given_up_or_waiting_long_is_told(office: Office, context: WorkerContext):
    number = office.receive()
    office.walk(number, to="020-1.6")
    assert office.count(OutboxMessage) > 0
    waiting = office.count(OutboxMessage)
    change(office, update(OutboxMessage).values(created_at=NOW))
    assert "post_waiting" not in look(context, NOW + 10 * MINUTE)
    assert look(context, NOW + 10 * MINUTE + SECOND)["post_waiting"] == waiting
    change(office, update(OutboxMessage).values(state="failed"))
    assert look(context, NOW)["post_failed"] == waiting


# A window at a time


def test_far_from_the_present_the_walk_finds_it_in_the_end(
    office: Office, context: WorkerContext, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(consistency_checks, "WINDOW", 2)
    for _ in range(3):
        office.receive()
    before = timers(office)
    change(office, delete(Timer))
    # Long before anything is due nothing counts as near.
    early = NOW - 30 * DAY
    found = [look(context, early).get("missing", 0) for _ in range(6)]
    assert sum(found) == len(before)
    assert max(found) <= 2
    assert timers(office) == before


def test_after_the_last_row_the_walk_begins_again(office: Office, context: WorkerContext):
    office.receive()
    found, place = find_faults(office.session, NOW)
    office.session.commit()
    assert (found.missing, found.orphans, place) == ([], [], ScanPosition())
    assert ScanPosition.read(ScanPosition(NOW, 7, 9).figures) == ScanPosition(NOW, 7, 9)


# Signs of life


def test_how_late_timers_fired_is_counted_by_bounds(office: Office, context: WorkerContext):
    office.receive()
    due = NOW + 30 * MINUTE
    fire_timers(context, NOW + 25 * MINUTE)
    done = fire_timers(context, due + 41 * SECOND)
    assert sum(done.lags.values()) == done.handled == 1
    record_heartbeat(context, "fire", done, NOW)
    record_heartbeat(context, "fire", done, NOW)
    with context.sessions() as session:
        kept = session.scalars(select(Heartbeat.lags).where(Heartbeat.job == "fire")).one()
    assert kept["60"] == 2


def test_quantiles_are_bounds_that_do_not_flatter():
    lags = add_lags({}, {0: 50, 1: 48, 4: 1, 4000: 1})
    assert (quantile(lags, 0.5), quantile(lags, 0.98), quantile(lags, 0.99)) == ("0", "1", "5")
    assert quantile(lags, 1.0) == "inf"
    assert quantile({}, 0.5) is None
    assert up_to(lags)[-2:] == [("3600", 99), ("inf", 100)]
    assert lags["sum"] == 48 + 4 + 4000


def test_workers_are_counted_while_they_sign_in(office: Office, context: WorkerContext):
    other = WorkerContext(context.sessions, context.delivery, context.transport)
    register_worker(context, NOW)
    register_worker(other, NOW + 50 * SECOND)

    def workers(at):
        count = engine_view(office.session, at).workers
        office.session.commit()
        return count

    assert [workers(NOW + 59 * SECOND), workers(NOW + 61 * SECOND)] == [2, 1]
    tidy_up(context, NOW + KEEP_WORKERS + 51 * SECOND)
    assert office.count(Heartbeat) == 0


def test_without_a_sign_of_life_for_two_minutes_the_engine_stands_still(
    office: Office, context: WorkerContext
):
    def since(at):
        found = find_standstill(office.session, at)
        office.session.commit()
        return found.since if found else None

    assert since(NOW) is None
    office.receive()
    change(office, update(Timer).values(fire_at=NOW))
    # Where there never was a sign, what is overdue tells.
    assert since(NOW + 2 * MINUTE) is None
    assert since(NOW + 2 * MINUTE + SECOND) == NOW
    leave_sign(context.sessions, "fire", NOW + 10 * MINUTE)
    assert since(NOW + 12 * MINUTE) is None
    assert since(NOW + 12 * MINUTE + SECOND) == NOW + 10 * MINUTE


def test_what_the_page_and_prometheus_are_told(office: Office, context: WorkerContext):
    office.receive()
    fire_timers(context, NOW + 25 * MINUTE)
    late = NOW + 30 * MINUTE + 40 * SECOND
    record_heartbeat(context, "fire", fire_timers(context, late), NOW)
    record_heartbeat(context, "audit", audit(context, NOW), NOW)
    view = engine_view(office.session, NOW)
    state = {name: value for name, (_, value) in read_metrics(office.session, NOW).values.items()}
    office.session.commit()
    assert {job.name: job.at is None for job in view.jobs} == {
        "fire": False,
        "deliver": True,
        "digest": True,
        "reports": True,
        "recalculation": True,
        "requests": True,
        "offers": True,
        "surveys": True,
        "audit": False,
        "links": True,
        "mail": True,
        "webhooks": True,
        "previews": True,
        "files": True,
        "imports": True,
        "incidents": True,
        "spikes": True,
        "posts": True,
        "actions": True,
        "reviews": True,
        "learn": True,
        "forecast": True,
        "plans": True,
        "sums": True,
        "sumcheck": True,
        "tidy": True,
        "seal": True,
    }
    assert view.findings is not None
    assert view.audited_at == NOW
    assert state["fired_total"] == 1
    assert state["fire_lag_p50_seconds"] == state["fire_lag_p99_seconds"] == 60
    assert (state["standstill"], state["audit_missing"]) == (0, 0)

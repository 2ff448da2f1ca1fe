"""The worker counts running clocks anew: every clock once, also when it is killed meanwhile."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from collections import Counter
from datetime import timedelta

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session, sessionmaker

from complaints.domain.errors import Forbidden
from complaints.domain.policies.whatif import Change
from complaints.engine.fire import fire_due
from complaints.models import (
    Escalation,
    Heartbeat,
    HistoryEntry,
    LedgerEntry,
    Notice,
    RecalculationJob,
)
from complaints.queries.complaint.seals.history import verify_history
from complaints.queries.rules.recalculations import jobs_under_way
from complaints.recalculation import jobs
from complaints.recalculation.jobs import order_recalculation, run_next_batch, waiting_jobs
from complaints.worker.recalculations import run_recalculations
from tests.conftest import ROOT
from tests.office import Office
from tests.recalculation.test_recalculate import (
    FRONT_DESK,
    LAW,
    books_agree,
    resolve_of,
    save,
    with_duration,
    with_holidays,
    with_policies,
)
from tests.worker.recalculator import work

COMPLAINTS = 40
KILLS = 4
MINUTE = timedelta(minutes=1)


def order(office: Office, change: Change, by: str = "admin") -> int:
    """Book a recalculation of a saved change."""
    row = order_recalculation(
        office.session, office.rules, change, by=office.actor(by), at=office.at
    )
    office.session.commit()
    return row.id


def carry_out(office: Office, after: timedelta = timedelta(0)) -> int:
    office.session.commit()
    batches = run_recalculations(sessionmaker(office.engine), office.at + after)
    office.session.expire_all()
    return batches


def recalculation_of(office: Office, order_id: int) -> RecalculationJob:
    row = office.session.get_one(RecalculationJob, order_id, populate_existing=True)
    office.session.commit()
    return row


def test_whoever_was_called_hears_once_however_many_batches_there_are(office: Office):
    with_law = save(office, with_policies(office, FRONT_DESK, LAW))
    numbers = [office.receive() for _ in range(3)]
    assert with_law.switched_on
    office.at = max(office.clocks(each)["legal"].due_at for each in numbers) + timedelta(days=5)
    while fire_due(office.session, office.rules, at=office.at).handled:
        office.session.commit()
    called = {each.to_id for number in numbers for each in office.rows(Escalation, number)}
    order_id = order(office, save(office, with_policies(office, FRONT_DESK)))
    while run_next_batch(office.session, office.rules, order_id, at=office.at, limit=2):
        office.session.commit()
        office.at += MINUTE
    heard = office.session.scalars(select(Notice).where(Notice.kind == "clocks_ended")).all()
    assert called
    assert sorted(each.user_id for each in heard) == sorted(called)
    assert {each.facts["count"] for each in heard} == {3}


def test_a_killed_worker_leaves_nothing_undone_and_nothing_twice(office: Office, database_url: str):
    numbers = [office.receive() for _ in range(COMPLAINTS)]
    change = save(office, with_duration(office, FRONT_DESK, resolve_p2=9))
    order_id = order(office, change)
    chance = random.Random(20261119)
    command = [
        sys.executable,
        "-m",
        "tests.worker.recalculator",
        database_url,
        office.at.isoformat(),
    ]
    killed = []
    for _ in range(KILLS):
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as worker:
            assert worker.stdout is not None
            assert worker.stdout.readline() == "begun\n"
            time.sleep(chance.uniform(0.005, 0.03))
            killed.append(worker.poll() is None)
            worker.kill()
    assert any(killed)
    assert recalculation_of(office, order_id).ended_at is None, "it was done before it was killed"

    work(database_url, office.at)
    done = recalculation_of(office, order_id)
    assert (done.done, done.total, done.moved) == (COMPLAINTS, COMPLAINTS, COMPLAINTS)
    counted = select(LedgerEntry.deadline_id).where(LedgerEntry.what == "recompute")
    entries = Counter(office.session.scalars(counted))
    assert set(entries.values()) == {1}
    assert len(entries) == done.clocks
    lines = select(func.count()).where(HistoryEntry.what == "recalculation")
    assert office.session.scalar(lines) == COMPLAINTS
    assert verify_history(office.session)["bad"] == []
    office.session.commit()
    books_agree(office, numbers[0], numbers[-1])


def test_a_recalculation_that_is_done_is_not_done_again(office: Office):
    office.receive()
    order(office, save(office, with_holidays(office, "2026-11-20")))
    assert carry_out(office) == 1
    entries = office.count(LedgerEntry)
    assert carry_out(office) == 0
    assert office.count(LedgerEntry) == entries


def test_nobody_else_goes_on_with_a_batch_that_is_under_way(office: Office):
    if office.engine.dialect.name == "sqlite":
        # There the second one waits for the write lock, and then finds the next place.
        pytest.skip("SQLite lets one transaction write at a time")
    for _ in range(2):
        office.receive()
    order_id = order(office, save(office, with_holidays(office, "2026-11-20")))
    rules = office.rules
    office.session.commit()
    with Session(office.engine) as mine, Session(office.engine) as theirs:
        assert run_next_batch(mine, rules, order_id, at=office.at, limit=1) is not None
        assert run_next_batch(theirs, rules, order_id, at=office.at, limit=1) is None
        mine.commit()
    assert recalculation_of(office, order_id).done == 1
    assert carry_out(office) == 1
    assert recalculation_of(office, order_id).ended_at is not None


def test_a_batch_that_fails_is_postponed_and_the_others_go_on(
    office: Office, monkeypatch: pytest.MonkeyPatch
):
    office.receive()
    poor = order(office, save(office, with_holidays(office, "2026-11-20")))
    good = order(office, save(office, with_duration(office, FRONT_DESK, resolve_p2=9)))
    count_anew = jobs.recalculate

    def fail(session, rules, change, **given):
        if change.calendar is not None:
            raise ValueError("a clock that nobody can count")
        return count_anew(session, rules, change, **given)

    monkeypatch.setattr(jobs, "recalculate", fail)
    assert carry_out(office) == 1
    assert recalculation_of(office, good).ended_at is not None
    waiting = recalculation_of(office, poor)
    assert (waiting.attempts, waiting.last_error, waiting.done) == (1, "ValueError", 0)
    assert carry_out(office) == 0
    assert [each.waits_until for each in jobs_under_way(office.session)] == [office.at + MINUTE]
    office.session.commit()
    monkeypatch.setattr(jobs, "recalculate", count_anew)
    assert carry_out(office, after=MINUTE) == 1
    done = recalculation_of(office, poor)
    assert (done.attempts, done.last_error, done.ended_at) == (0, "", office.at + MINUTE)


def test_a_rule_edited_meanwhile_for_what_is_new_is_not_applied_to_what_runs(office: Office):
    number = office.receive()
    first = save(office, with_duration(office, FRONT_DESK, resolve_p2=9))
    order(office, first)
    save(office, with_duration(office, FRONT_DESK, resolve_p2=20))
    carry_out(office)
    assert resolve_of(office, number).policy_version_id == first.version
    books_agree(office, number)


def test_a_policy_switched_back_meanwhile_keeps_its_clocks(office: Office):
    number = office.receive()
    off = save(office, with_policies(office, LAW))
    order(office, off)
    save(office, with_policies(office, FRONT_DESK, LAW))
    carry_out(office)
    assert resolve_of(office, number).state == "running"
    books_agree(office, number)


def test_only_an_administrator_orders_a_recalculation(office: Office):
    change = save(office, with_holidays(office, "2026-11-20"))
    for name in ("csr", "supervisor", "manager", "auditor"):
        with pytest.raises(Forbidden):
            order(office, change, by=name)
    assert waiting_jobs(office.session, office.at) == []
    office.session.commit()


def test_an_update_carries_orders_and_signs_of_life_of_the_earlier_name_over(office: Office):
    order_id = order(office, save(office, with_holidays(office, "2026-11-20")))
    settings = Config()
    settings.set_main_option("script_location", str(ROOT / "migrations"))
    with office.engine.connect() as connection:
        settings.attributes["connection"] = connection
        command.downgrade(settings, "0015")
        sign = "INSERT INTO heartbeats (job, at, lag_seconds, handled) VALUES (:job, :at, 0, 3)"
        connection.execute(
            text(sign), {"job": "recount", "at": f"{office.at:%Y-%m-%d %H:%M:%S.%f}"}
        )
        assert connection.scalar(text("SELECT count(*) FROM recounts")) == 1
        connection.commit()
        command.upgrade(settings, "head")
        connection.commit()
    assert recalculation_of(office, order_id).ended_at is None
    assert office.session.get_one(Heartbeat, "recalculation").handled == 3
    assert order(office, save(office, with_holidays(office, "2026-11-23"))) > order_id

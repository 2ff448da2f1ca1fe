"""The worker counts running clocks anew: every clock once, also when it is killed meanwhile."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from complaints.domain.errors import Forbidden
from complaints.domain.policies.whatif import Change
from complaints.models import HistoryEntry, LedgerEntry, Recount
from complaints.queries.complaint.history import verify_history
from complaints.queries.rules.recalculations import recounts_under_way
from complaints.recalculation import jobs
from complaints.recalculation.jobs import order_recalculation, run_next_batch, waiting_recounts
from complaints.worker.recalculations import carry_out_recounts
from tests.conftest import ROOT
from tests.house import House
from tests.recalculation.test_recalculate import (
    FRONT_DESK,
    LAW,
    books_agree,
    resolve_of,
    save,
    with_duration,
    with_holidays,
    with_packs,
)
from tests.worker.recounter import work

COMPLAINTS = 40
KILLS = 4
MINUTE = timedelta(minutes=1)


def order(house: House, change: Change, by: str = "admin") -> int:
    """Book a recount of a saved change."""
    row = order_recalculation(house.session, house.rules, change, by=house.actor(by), at=house.at)
    house.session.commit()
    return row.id


def carry_out(house: House, after: timedelta = timedelta(0)) -> int:
    house.session.commit()
    batches = carry_out_recounts(sessionmaker(house.engine), house.at + after)
    house.session.expire_all()
    return batches


def recount_of(house: House, order_id: int) -> Recount:
    row = house.session.get_one(Recount, order_id, populate_existing=True)
    house.session.commit()
    return row


def test_a_killed_worker_leaves_nothing_undone_and_nothing_twice(house: House, database_url: str):
    numbers = [house.receive() for _ in range(COMPLAINTS)]
    change = save(house, with_duration(house, FRONT_DESK, resolve_p2=9))
    order_id = order(house, change)
    chance = random.Random(20261119)
    command = [sys.executable, "-m", "tests.worker.recounter", database_url, house.at.isoformat()]
    killed = []
    for _ in range(KILLS):
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as worker:
            assert worker.stdout is not None
            assert worker.stdout.readline() == "begun\n"
            time.sleep(chance.uniform(0.005, 0.03))
            killed.append(worker.poll() is None)
            worker.kill()
    assert any(killed)
    assert recount_of(house, order_id).ended_at is None, "it was done before it was killed"

    work(database_url, house.at)
    done = recount_of(house, order_id)
    assert (done.done, done.total, done.moved) == (COMPLAINTS, COMPLAINTS, COMPLAINTS)
    counted = select(LedgerEntry.deadline_id).where(LedgerEntry.what == "recompute")
    entries = Counter(house.session.scalars(counted))
    assert set(entries.values()) == {1}
    assert len(entries) == done.clocks
    lines = select(func.count()).where(HistoryEntry.what == "recount")
    assert house.session.scalar(lines) == COMPLAINTS
    assert verify_history(house.session)["bad"] == []
    house.session.commit()
    books_agree(house, numbers[0], numbers[-1])


def test_a_recount_that_is_done_is_not_done_again(house: House):
    house.receive()
    order(house, save(house, with_holidays(house, "2026-11-20")))
    assert carry_out(house) == 1
    entries = house.count(LedgerEntry)
    assert carry_out(house) == 0
    assert house.count(LedgerEntry) == entries


def test_nobody_else_goes_on_with_a_batch_that_is_under_way(house: House):
    if house.engine.dialect.name == "sqlite":
        # There the second one waits for the write lock, and then finds the next place.
        pytest.skip("SQLite lets one transaction write at a time")
    for _ in range(2):
        house.receive()
    order_id = order(house, save(house, with_holidays(house, "2026-11-20")))
    rules = house.rules
    house.session.commit()
    with Session(house.engine) as mine, Session(house.engine) as theirs:
        assert run_next_batch(mine, rules, order_id, at=house.at, limit=1) is not None
        assert run_next_batch(theirs, rules, order_id, at=house.at, limit=1) is None
        mine.commit()
    assert recount_of(house, order_id).done == 1
    assert carry_out(house) == 1
    assert recount_of(house, order_id).ended_at is not None


def test_a_batch_that_fails_is_put_off_and_the_others_go_on(
    house: House, monkeypatch: pytest.MonkeyPatch
):
    house.receive()
    poor = order(house, save(house, with_holidays(house, "2026-11-20")))
    good = order(house, save(house, with_duration(house, FRONT_DESK, resolve_p2=9)))
    count_anew = jobs.recalculate

    def fail(session, rules, change, **given):
        if change.calendar is not None:
            raise ValueError("a clock that nobody can count")
        return count_anew(session, rules, change, **given)

    monkeypatch.setattr(jobs, "recalculate", fail)
    assert carry_out(house) == 1
    assert recount_of(house, good).ended_at is not None
    waiting = recount_of(house, poor)
    assert (waiting.attempts, waiting.last_error, waiting.done) == (1, "ValueError", 0)
    assert carry_out(house) == 0
    assert [each.waits_until for each in recounts_under_way(house.session)] == [house.at + MINUTE]
    house.session.commit()
    monkeypatch.setattr(jobs, "recalculate", count_anew)
    assert carry_out(house, after=MINUTE) == 1
    done = recount_of(house, poor)
    assert (done.attempts, done.last_error, done.ended_at) == (0, "", house.at + MINUTE)


def test_a_rule_edited_meanwhile_for_what_is_new_is_not_applied_to_what_runs(house: House):
    number = house.receive()
    first = save(house, with_duration(house, FRONT_DESK, resolve_p2=9))
    order(house, first)
    save(house, with_duration(house, FRONT_DESK, resolve_p2=20))
    carry_out(house)
    assert resolve_of(house, number).policy_version_id == first.version
    books_agree(house, number)


def test_a_pack_switched_back_meanwhile_keeps_its_clocks(house: House):
    number = house.receive()
    off = save(house, with_packs(house, LAW))
    order(house, off)
    save(house, with_packs(house, FRONT_DESK, LAW))
    carry_out(house)
    assert resolve_of(house, number).state == "running"
    books_agree(house, number)


def test_only_an_administrator_orders_a_recount(house: House):
    change = save(house, with_holidays(house, "2026-11-20"))
    for name in ("csr", "supervisor", "manager", "auditor"):
        with pytest.raises(Forbidden):
            order(house, change, by=name)
    assert waiting_recounts(house.session, house.at) == []
    house.session.commit()

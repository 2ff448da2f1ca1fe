"""Two workers, many deadlines falling due, kill -9 at any moment: each escalation exactly once.

Connections are cut as well, and the workers have to live with that. The usual size only keeps the
test honest; `make soak` runs the whole, and TANGGAP_CRASH_DEADLINES and TANGGAP_CRASH_KILLS set it.
"""

from __future__ import annotations

import multiprocessing
import random
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import cast

import pytest
from sqlalchemy import Table, delete, func, insert, select, text, update
from sqlalchemy.orm import sessionmaker

from complaints.models import (
    Complaint,
    Deadline,
    Escalation,
    HistoryEntry,
    HistorySeal,
    LedgerEntry,
    Notice,
    OutboxMessage,
    Timer,
)
from complaints.outbox.deliver import LEASE
from complaints.queries.complaint.seals.history import verify_history
from complaints.sealing import open_seals
from complaints.worker.sweeps import reading
from tests.conftest import NOW
from tests.office import Office
from tests.soak import budget
from tests.worker.sweeper import keep_at_it, work

DEADLINES = budget("TANGGAP_CRASH_DEADLINES", usual=400, long=10_000)
KILLS = budget("TANGGAP_CRASH_KILLS", usual=6, long=100)
LATER = NOW + timedelta(days=40)
GENESIS = "0" * 64
#: Workers that do not get on for so many seconds stand still.
PATIENCE = 120
#: Copies inserted with one statement.
BATCH = 1000

#: A process that has loaded everything and splits off the workers: a new one begins at once,
#: so the time goes into blows and not into loading.
NEST = multiprocessing.get_context("forkserver")


def fill(office: Office) -> None:
    """As many complaints as wanted, each with one clock that has long been due.

    They are copies of one that was received properly, without its history: what the sweep writes
    is then all there is, beside the line with which each ledger begins.
    """
    number = office.receive()
    session = office.session
    complaint, clock = office.complaint(number).id, office.clocks(number)["ack"].id
    session.execute(delete(Timer).where(Timer.deadline_id != clock))
    session.execute(delete(LedgerEntry).where(LedgerEntry.deadline_id != clock))
    session.execute(delete(HistoryEntry))
    session.execute(delete(Deadline).where(Deadline.id != clock))
    session.execute(update(Complaint).values(history_seq=0, history_hash=GENESIS))
    own = {"complaint_id": complaint, "deadline_id": clock}
    for model in (Complaint, Deadline, LedgerEntry, Timer):
        table = cast(Table, model.__table__)
        row = dict(session.execute(select(table)).mappings().one())
        if model is LedgerEntry:
            # The sweep writes further lines, so the database has to give their ids.
            del row["id"]
        named = {**own, "id": row.get("id")}
        for first in range(1, DEADLINES, BATCH):
            copies = [
                {**row, **{name: named[name] + each for name in named if name in row}}
                for each in range(first, min(first + BATCH, DEADLINES))
            ]
            session.execute(insert(table), copies)
    # As an update finds it: what is there was never sealed.
    session.execute(delete(HistorySeal))
    open_seals(session)
    session.commit()


@dataclass
class Crew:
    """Two workers, and what was done to them."""

    url: str
    folder: Path
    chance: random.Random
    workers: list[ForkServerProcess] = field(default_factory=list)
    killed: int = 0
    cut: int = 0

    def begin(self) -> ForkServerProcess:
        worker = NEST.Process(target=keep_at_it, args=(self.url, self.folder, LATER))
        worker.start()
        return worker

    def kill(self) -> None:
        """SIGKILL for one of them, wherever it is; another one takes its place."""
        which = self.chance.randrange(2)
        self.killed += self.end(self.workers[which])
        self.workers[which] = self.begin()

    def cut_connections(self, office: Office) -> None:
        """End whatever the database is doing for a worker at this moment."""
        until = time.monotonic() + PATIENCE
        ended: list[bool] = []
        while not any(ended) and time.monotonic() < until and waiting(office):
            query = text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid() "
                "AND backend_type = 'client backend' AND state <> 'idle'"
            )
            ended = list(office.session.scalars(query))
            office.session.commit()
        self.cut += sum(ended)

    @staticmethod
    def end(worker: ForkServerProcess) -> bool:
        """Kill a worker; whether it was still at work."""
        worker.kill()
        worker.join()
        was_killed = worker.exitcode == -9
        worker.close()
        return was_killed


@contextmanager
def crew(url: str, folder: Path) -> Iterator[Crew]:
    """Two workers at work, until the end of the block."""
    NEST.set_forkserver_preload(["tests.worker.sweeper"])
    at_work = Crew(url, folder, random.Random(20261120))
    at_work.workers = [at_work.begin(), at_work.begin()]
    try:
        yield at_work
    finally:
        for worker in at_work.workers:
            at_work.end(worker)


def waiting(office: Office) -> int:
    """How many timers are due, without queueing for SQLite's write lock behind the workers."""
    with reading(sessionmaker(office.engine)) as session:
        return (
            session.scalar(select(func.count()).select_from(Timer).where(Timer.fire_at <= LATER))
            or 0
        )


def wait_for(office: Office, left: int) -> int:
    """Wait until no more timers than that are left; returns how many there are."""
    until = time.monotonic() + PATIENCE
    while (count := waiting(office)) > left:
        assert time.monotonic() < until, f"nothing gets on; {count} timers are left"
        time.sleep(0.01)
    return count


@pytest.mark.soak
def test_crashes_double_nothing_and_lose_nothing(office: Office, database_url: str, tmp_path: Path):
    fill(office)
    assert office.count(Timer) == office.count(Deadline) == DEADLINES
    # A database in a file has no connections that somebody else could cut.
    cuts = KILLS // 2 if database_url.startswith("postgresql") else 0
    blows = ["kill"] * KILLS + ["cut"] * cuts
    began = time.monotonic()
    with crew(database_url, tmp_path) as at_work:
        at_work.chance.shuffle(blows)
        for index, blow in enumerate(blows, 1):
            # The blows fall all along the way, and each in the middle of something else.
            wait_for(office, DEADLINES - DEADLINES * index // (len(blows) + 2))
            time.sleep(at_work.chance.uniform(0, 0.02))
            if blow == "kill":
                at_work.kill()
            else:
                at_work.cut_connections(office)
        left = waiting(office)
    seconds = time.monotonic() - began
    said = f"{at_work.killed} workers killed, {at_work.cut} connections cut in {seconds:.0f} s"
    sys.stdout.write(f"{said}; {left} of {DEADLINES} deadlines left to the last worker\n")
    assert at_work.killed > 0, "the workers had finished before they were killed"
    assert at_work.cut > 0 or not cuts

    work(database_url, tmp_path, LATER)
    work(database_url, tmp_path, LATER + LEASE)

    session = office.session
    assert office.overdue(LATER) == 0
    breaches = session.scalars(
        select(LedgerEntry.deadline_id).where(LedgerEntry.what == "breach")
    ).all()
    assert len(breaches) == len(set(breaches)) == DEADLINES
    rungs = session.execute(
        select(Escalation.deadline_id, func.count()).group_by(Escalation.deadline_id)
    ).all()
    assert Counter(count for _, count in rungs) == {3: DEADLINES}
    assert office.count(Notice) == 3 * DEADLINES
    assert office.count(HistoryEntry) == 4 * DEADLINES
    assert verify_history(session)["bad"] == []
    totals = session.scalars(select(OutboxMessage.facts).where(OutboxMessage.kind == "digest"))
    assert sum(facts["total"] for facts in totals) == 3 * DEADLINES
    states = session.scalars(select(OutboxMessage.state).distinct()).all()
    assert list(states) == ["sent"]

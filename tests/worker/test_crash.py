"""Two workers, many deadlines falling due, kill -9 at any moment: each escalation exactly once.

TANGGAP_CRASH_DEADLINES and TANGGAP_CRASH_KILLS set the size; the small default only keeps the
test honest.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import cast

from sqlalchemy import Table, delete, func, insert, select, text, update

from complaints.models import (
    Complaint,
    Deadline,
    Escalation,
    HistoryEntry,
    LedgerEntry,
    Notice,
    OutboxMessage,
    Timer,
)
from complaints.outbox.deliver import LEASE
from complaints.queries.history import verify_history
from tests.conftest import NOW, ROOT
from tests.house import House
from tests.worker.sweeper import work

DEADLINES = int(os.environ.get("TANGGAP_CRASH_DEADLINES", "150"))
KILLS = int(os.environ.get("TANGGAP_CRASH_KILLS", "6"))
LATER = NOW + timedelta(days=40)
GENESIS = "0" * 64


def fill(house: House) -> None:
    """As many complaints as wanted, each with one clock that has long been due.

    They are copies of one that was received properly, without its history: what the sweep writes
    is then all there is.
    """
    number = house.receive()
    session = house.session
    complaint, clock = house.complaint(number).id, house.clocks(number)["ack"].id
    session.execute(delete(Timer).where(Timer.deadline_id != clock))
    session.execute(delete(LedgerEntry))
    session.execute(delete(HistoryEntry))
    session.execute(delete(Deadline).where(Deadline.id != clock))
    session.execute(update(Complaint).values(history_seq=0, history_hash=GENESIS))
    own = {"complaint_id": complaint, "deadline_id": clock}
    for model in (Complaint, Deadline, Timer):
        table = cast(Table, model.__table__)
        row = dict(session.execute(select(table)).mappings().one())
        copies = [
            {
                **row,
                "id": row["id"] + each,
                **{name: first + each for name, first in own.items() if name in row},
            }
            for each in range(1, DEADLINES)
        ]
        session.execute(insert(table), copies)
    session.commit()


@contextmanager
def workers(url: str, folder: Path) -> Iterator[list[subprocess.Popen[str]]]:
    """Two workers at work."""
    running = [start(url, folder), start(url, folder)]
    try:
        yield running
    finally:
        for each in running:
            each.kill()
            each.communicate()


def start(url: str, folder: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.worker.sweeper", url, str(folder), LATER.isoformat()]
    return subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )


def cut_connections(house: House) -> None:
    """End whatever the database is doing for a worker at this moment."""
    house.session.execute(
        text(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid() "
            "AND backend_type = 'client backend' AND state <> 'idle'"
        )
    )
    house.session.commit()


def test_crashes_double_nothing_and_lose_nothing(house: House, database_url: str, tmp_path: Path):
    fill(house)
    assert house.count(Timer) == house.count(Deadline) == DEADLINES
    chance = random.Random(20261120)
    is_server = database_url.startswith("postgresql")
    killed = 0
    with workers(database_url, tmp_path) as running:
        for blow in range(KILLS):
            if house.count(Timer) == 0:
                break
            which = chance.randrange(2)
            victim = running[which]
            assert victim.stdout is not None
            victim.stdout.readline()
            time.sleep(chance.uniform(0.01, 0.15))
            if is_server and blow % 3 == 2:
                cut_connections(house)
            killed += victim.poll() is None
            victim.kill()
            victim.communicate()
            running[which] = start(database_url, tmp_path)
    assert killed > 0, "the workers had finished before they were killed"

    work(database_url, tmp_path, LATER)
    work(database_url, tmp_path, LATER + LEASE)

    session = house.session
    assert house.count(Timer) == 0
    breaches = session.scalars(
        select(LedgerEntry.deadline_id).where(LedgerEntry.what == "breach")
    ).all()
    assert len(breaches) == len(set(breaches)) == DEADLINES
    rungs = session.execute(
        select(Escalation.deadline_id, func.count()).group_by(Escalation.deadline_id)
    ).all()
    assert Counter(count for _, count in rungs) == {3: DEADLINES}
    assert house.count(Notice) == 3 * DEADLINES
    assert verify_history(session)["bad"] == []
    totals = session.scalars(select(OutboxMessage.facts).where(OutboxMessage.kind == "digest"))
    assert sum(facts["total"] for facts in totals) == 3 * DEADLINES
    states = session.scalars(select(OutboxMessage.state).distinct()).all()
    assert list(states) == ["sent"]

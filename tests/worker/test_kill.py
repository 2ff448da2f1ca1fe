"""A worker is killed in the middle of its work, again and again: nothing doubled, nothing lost."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from collections import Counter
from datetime import timedelta
from pathlib import Path

from sqlalchemy import func, select

from complaints.models import Deadline, Escalation, LedgerEntry, Notice, OutboxMessage, Timer
from complaints.outbox.deliver import LEASE
from complaints.outbox.queue import letter_row, queue_letters
from complaints.queries.complaint.seals.history import verify_history
from tests.conftest import NOW, ROOT
from tests.office import Office
from tests.worker.sweeper import work

LATER = NOW + timedelta(days=40)
COMPLAINTS = 40
KILLS = 3
#: Letters that lie in the outbox from before, so that the post too is killed in its work.
LETTERS = 60


def kill_a_worker(url: str, folder: Path, after: float) -> bool:
    """Start a worker and end it with SIGKILL shortly after it has begun; whether it still ran."""
    command = [sys.executable, "-m", "tests.worker.sweeper", url, str(folder), LATER.isoformat()]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as worker:
        assert worker.stdout is not None
        assert worker.stdout.readline() == "begun\n"
        time.sleep(after)
        was_running = worker.poll() is None
        worker.kill()
    return was_running


def leave_letters(office: Office, number: str) -> None:
    """Post from before the standstill."""
    facts = {"notice": "assigned", "name": "Csr", "number": number, "by": "Tanggap", "reason": ""}
    rows = [
        letter_row(
            "notice",
            f"before:{each}",
            to="csr@tanggap.example",
            language="id",
            complaint_id=None,
            facts=facts,
            at=NOW,
        )
        for each in range(LETTERS)
    ]
    queue_letters(office.session, rows)
    office.session.commit()


def test_every_escalation_happens_exactly_once(office: Office, database_url: str, tmp_path: Path):
    for _ in range(COMPLAINTS):
        number = office.receive()
    leave_letters(office, number)
    chance = random.Random(20261119)
    killed = [
        kill_a_worker(database_url, tmp_path, chance.uniform(0.01, 0.1)) for _ in range(KILLS)
    ]
    assert any(killed)
    assert office.count(Timer) > 0, "the workers had finished before they were killed"

    work(database_url, tmp_path, LATER)
    # What a killed worker had leased is free again when the lease has ended.
    work(database_url, tmp_path, LATER + LEASE)

    session = office.session
    clocks = office.count(Deadline)
    assert office.overdue(LATER) == 0
    breaches = select(LedgerEntry.deadline_id).where(LedgerEntry.what == "breach")
    assert Counter(session.scalars(breaches).all()).most_common(1)[0][1] == 1
    assert len(set(session.scalars(breaches))) == clocks
    rungs = session.execute(
        select(Escalation.deadline_id, func.count()).group_by(Escalation.deadline_id)
    ).all()
    assert [count for _, count in rungs] == [3] * clocks
    # The handler, the supervisor and the manager, each once for all clocks of a complaint.
    assert office.count(Notice) == 3 * COMPLAINTS
    assert verify_history(session)["bad"] == []

    # After forty days of standstill each of the three gets one letter for all of that.
    letters = session.execute(select(OutboxMessage.kind, OutboxMessage.state)).all()
    assert {state for _, state in letters} == {"sent"}
    assert Counter(kind for kind, _ in letters) == {"notice": LETTERS, "digest": 3}
    assert len(list(tmp_path.glob("*.eml"))) == len(letters)
    digests = session.scalars(select(OutboxMessage.facts).where(OutboxMessage.kind == "digest"))
    assert sum(facts["total"] for facts in digests) == 3 * COMPLAINTS
    assert session.scalar(select(func.count()).where(Notice.awaits_digest.is_(True))) == 0

"""A worker to be killed: sweeps and delivers at a fixed time, in small batches, until it ends.

Run as `python -m tests.worker.sweeper DATABASE_URL FOLDER INSTANT`; it says when it has begun.
"""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path

from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import sessionmaker

from complaints.db import make_engine
from complaints.engine.fire import fire_due
from complaints.outbox.deliver import deliver_waiting
from complaints.outbox.delivery_settings import DeliverySettings
from complaints.outbox.mail.transports import Folder
from complaints.rulebook import current_rules
from complaints.signing import use_history_keys
from complaints.worker.sweeps import write_digests
from tests.conftest import HISTORY_KEY

OFFICE = DeliverySettings("https://keluhan.example", "a key for tests only, long enough")
#: Small enough that a kill finds the worker in any of its acts.
BATCH = 12
#: Cut off so often one after another, a worker gives up.
MOST_CUTS = 100


def work(url: str, folder: Path, at: datetime) -> None:
    """Fire and deliver by turns, then write the digests, until there is nothing left to do."""
    use_history_keys([HISTORY_KEY])
    engine = make_engine(url)
    sessions = sessionmaker(engine, expire_on_commit=False)
    with sessions.begin() as session:
        current_rules(session)
    sys.stdout.write("begun\n")
    sys.stdout.flush()
    while True:
        with sessions.begin() as session:
            fired = fire_due(session, current_rules(session), at=at, limit=BATCH)
        done = deliver_waiting(sessions, Folder(folder), OFFICE, at=at, limit=BATCH)
        digests = 0 if fired.handled else write_digests(sessions, at)
        if not fired.handled and not done.handled and not digests:
            break
    engine.dispose()


def keep_at_it(url: str, folder: Path, at: datetime) -> None:
    """Work until there is nothing left to do; a connection that is cut does not end a worker."""
    for _ in range(MOST_CUTS):
        try:
            return work(url, folder, at)
        except OperationalError:
            continue
    raise AssertionError("the database was out of reach again and again")


if __name__ == "__main__":
    work(sys.argv[1], Path(sys.argv[2]), datetime.fromisoformat(sys.argv[3]))

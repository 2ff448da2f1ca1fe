"""A worker to be killed: carries out recalculations in very small batches until none is left.

Run as `python -m tests.worker.recalculator DATABASE_URL INSTANT`; it says when it has begun.
"""

from __future__ import annotations

import sys
from datetime import datetime

from sqlalchemy.orm import sessionmaker

from complaints.db import make_engine
from complaints.recalculation.jobs import run_next_batch, waiting_jobs
from complaints.rulebook import current_rules

#: Small enough that a kill finds the worker in any of its acts.
BATCH = 1


def work(url: str, at: datetime) -> None:
    """Carry out batch after batch, each in its own transaction."""
    engine = make_engine(url)
    sessions = sessionmaker(engine)
    with sessions.begin() as session:
        waiting = waiting_jobs(session, at)
        current_rules(session)
    sys.stdout.write("begun\n")
    sys.stdout.flush()
    for order_id in waiting:
        is_left = True
        while is_left:
            with sessions.begin() as session:
                order = run_next_batch(
                    session, current_rules(session), order_id, at=at, limit=BATCH
                )
                is_left = order is not None
    engine.dispose()


if __name__ == "__main__":
    work(sys.argv[1], datetime.fromisoformat(sys.argv[2]))

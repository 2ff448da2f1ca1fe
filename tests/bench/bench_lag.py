"""How late deadlines fire in steady state: one worker, many open timers, a few due each second.

On a private PostgreSQL; lateness is what a bystander sees in the database, from the instant a
step is ripe to the commit. `--open 1000000` is the figure of the requirements.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg

from tests.bench.bench_sweep import START, Yard, yard
from tests.databases import postgresql_databases

ROOT = Path(__file__).resolve().parents[2]
#: How long the worker may take to start before anything falls due.
WARM_UP = 8
#: How long we wait for stragglers.
PATIENCE = 30

SPREAD = """
UPDATE deadlines SET due_at = %(first)s + (id - 1) / %(rate)s * interval '1 second'
    - interval '1 second' WHERE id <= %(due)s;
INSERT INTO deadline_entries (deadline_id, complaint_id, what, at, until, due_at, reason, detail)
SELECT id, id, 'extend', started_at, due_at, due_at, '', '{}' FROM deadlines WHERE id <= %(due)s;
UPDATE timers SET fire_at = %(first)s + (deadline_id - 1) / %(rate)s * interval '1 second'
    WHERE deadline_id <= %(due)s;
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--open", type=int, default=20_000, dest="open_timers")
    parser.add_argument("--rate", type=int, default=50, help="deadlines due each second")
    parser.add_argument("--seconds", type=int, default=20)
    given = parser.parse_args()
    due = given.rate * given.seconds
    with postgresql_databases() as databases, yard(databases) as ours:
        ours.fill(1, due, START + timedelta(days=300))
        ours.fill(due + 1, due + given.open_timers, START + timedelta(days=300))
        lags = watch(ours, due, given.rate)
        row = ours.plain.execute("SELECT lags FROM heartbeats WHERE job = 'fire'").fetchone()
    in_order = sorted(lags)
    print(f"{given.open_timers:,} timers open, {given.rate}/s falling due for {given.seconds} s")
    print(f"fired {len(lags)} of {due}")
    for share in (0.5, 0.99, 1.0):
        lag = in_order[min(len(in_order) - 1, int(len(in_order) * share))]
        print(f"p{share * 100:.0f} lag: {lag:.2f} s")
    print(f"the worker's own count: {row[0] if row else {}}")


def watch(ours: Yard, due: int, rate: int) -> list[float]:
    """Run a worker while deadlines fall due; seconds from ripe to visible, one for each."""
    first = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=WARM_UP)
    values = {"first": first, "rate": rate, "due": due}
    with psycopg.ClientCursor(ours.plain) as cursor:
        cursor.execute(SPREAD.encode(), values)
    ours.plain.commit()
    ours.plain.autocommit = True
    seen: set[int] = set()
    lags: list[float] = []
    with tempfile.TemporaryDirectory() as folder:
        environment = {
            **os.environ,
            "DATABASE_URL": ours.url,
            "SECRET_KEY": "a key for benchmarks only, long enough",
            "SMTP_URL": f"file://{folder}/mail",
            "LOG_LEVEL": "error",
        }
        worker = subprocess.Popen(
            [sys.executable, "-m", "complaints", "worker"], cwd=ROOT, env=environment
        )
        try:
            end = time.monotonic() + WARM_UP + due / rate + PATIENCE
            while len(seen) < due and time.monotonic() < end:
                query = "SELECT id FROM deadlines WHERE id <= %s AND state = 'breached'"
                rows = ours.plain.execute(query, [due]).fetchall()
                now = datetime.now(UTC)
                for (key,) in rows:
                    if key not in seen:
                        seen.add(key)
                        ripe = first + timedelta(seconds=(key - 1) // rate)
                        lags.append((now - ripe).total_seconds())
                time.sleep(0.05)
        finally:
            worker.terminate()
            worker.wait(30)
    return lags


if __name__ == "__main__":
    main()

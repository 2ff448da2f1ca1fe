"""How long sixteen programs that record at once wait for SQLite, and how long a commit takes alone.

Run it as ``PYTHONPATH=. python tests/bench/bench_writers.py``. Two web processes take complaints by
the API over HTTP; every answer stands for a commit that is on the disk. Printed is what a program
waits for one answer, in milliseconds.
"""

from __future__ import annotations

import itertools
import json
import sqlite3
import tempfile
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from tests.bench.measure import Visitor, free_port, listening
from tests.bench.place import HISTORY_KEY, Place, filled_database

COMPLAINTS = 2000
WRITERS = 16
PROCESSES = 2
#: So many complaints each writer records, the first of them to warm up.
TIMES, WARM_UP = 40, 5
ROUNDS = 3
GOAL = 200

_NUMBERS = itertools.count(time.time_ns() % 10_000_000)


def main() -> int:
    """Print median, p99 and the longest wait of each round."""
    with filled_database("sqlite", COMPLAINTS) as place:
        print(f"a bare commit alone: {bare_commit():.1f} ms")
        with serving(place) as port:
            for _ in range(ROUNDS):
                began = time.perf_counter()
                waits, turned_away = at_once(port, place.token)
                each = (time.perf_counter() - began) * 1000 / (WRITERS * TIMES)
                p99 = waits[len(waits) * 99 // 100]
                print(
                    f"sqlite: {WRITERS} writers, {PROCESSES} web processes: "
                    f"p50 {waits[len(waits) // 2]:.0f} ms, p99 {p99:.0f} ms (goal: at most {GOAL})"
                    f", longest {waits[-1]:.0f} ms, {turned_away} turned away; one complaint every "
                    f"{each:.1f} ms, so the p99 is {p99 / each / WRITERS:.1f} rounds of all writers"
                )
    return 0


def bare_commit() -> float:
    """Milliseconds that one small transaction takes until it is on the disk."""
    with (
        tempfile.TemporaryDirectory(prefix="tanggap-bench-") as folder,
        closing(sqlite3.connect(Path(folder) / "bare.db", isolation_level=None)) as bare,
    ):
        bare.execute("PRAGMA journal_mode = WAL")
        bare.execute("PRAGMA synchronous = FULL")
        bare.execute("CREATE TABLE bare (story TEXT)")
        began = time.perf_counter()
        for _ in range(100):
            bare.execute("INSERT INTO bare VALUES (?)", ("x" * 2000,))
        return (time.perf_counter() - began) * 10


@contextmanager
def serving(place: Place) -> Iterator[int]:
    """The web processes as an operator starts them; gives the port."""
    port = free_port()
    environment = {
        "DATABASE_URL": place.url,
        "SECRET_KEY": HISTORY_KEY,
        "TANGGAP_HISTORY_KEYS": HISTORY_KEY,
        "LOG_LEVEL": "error",
    }
    web = ["-m", "complaints", "web", f"--port={port}", f"--workers={PROCESSES}"]
    with listening(web, port, environment, is_heard=True):
        yield port


def at_once(port: int, token: str) -> tuple[list[float], int]:
    """Milliseconds each answer took, the least first, and how many were turned away as busy."""
    waits: list[float] = []
    turned_away: list[int] = []
    start = threading.Barrier(WRITERS)

    def write() -> None:
        program = Visitor(port)
        program.headers["Authorization"] = f"Bearer {token}"
        start.wait()
        for number in range(TIMES):
            began = time.perf_counter()
            program.headers["Idempotency-Key"] = str(uuid.uuid4())
            body = json.dumps(told())
            status, answer = program.ask("POST", "/api/v1/complaints", body, "application/json")
            assert status in (201, 503), f"create answered {status}: {answer[:200]}"
            if status == 503:
                turned_away.append(number)
            if number >= WARM_UP:
                waits.append((time.perf_counter() - began) * 1000)

    threads = [threading.Thread(target=write) for _ in range(WRITERS)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    return sorted(waits), len(turned_away)


def told() -> dict[str, object]:
    """A complaint of somebody whom nobody knows yet."""
    return {
        "customer": {"name": "Penulis", "phone": f"0813{next(_NUMBERS):08d}"},
        "channel": "walk_in",
        "category": "GGN_MATI",
        "story": "Internet di rumah saya mati sejak kemarin sore, sudah saya nyalakan ulang.",
    }


if __name__ == "__main__":
    raise SystemExit(main())

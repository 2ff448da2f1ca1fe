"""How long an import takes, against bare inserts of the very rows it wrote, in the same run.

Run it as ``PYTHONPATH=. python tests/bench/bench_import.py [FILE.csv MAP.toml]``; without a file it
makes one. The bare side inserts the finished rows table by table with SQLAlchemy Core's
executemany, in one transaction, on a database that is just as new.
"""

import csv
import random
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import Engine, Table, insert, select
from sqlalchemy.orm import Session, sessionmaker

from complaints.channels.csv_import.run_import import import_file
from complaints.db import make_engine
from complaints.domain.permissions import SYSTEM
from complaints.models import (
    Complaint,
    Customer,
    Deadline,
    HistoryEntry,
    LedgerEntry,
    StepRecord,
    Timer,
)
from tests.conftest import initialise
from tests.databases import MAKERS, Databases

NOW = datetime(2026, 11, 19, 2, 15, tzinfo=UTC)
ROWS = 4000
GOAL = 6
TABLES = (Customer, Complaint, HistoryEntry, StepRecord, Deadline, LedgerEntry, Timer)
MAP = """
source = "bench"
timezone = "Asia/Jakarta"
datetime = ["%Y-%m-%d %H:%M:%S"]
[columns]
external_id = "ticket"
received_at = "opened"
closed_at = "closed"
story = "story"
category = "type"
channel = { const = "call" }
customer_name = "name"
customer_phone = "phone"
[values.category]
Mati = "GGN_MATI"
Lambat = "GGN_LAMBAT"
Tagihan = "TAG_NAIK"
"""


def main() -> int:
    """Print both times and their ratio for each database."""
    with tempfile.TemporaryDirectory(prefix="tanggap-bench-") as folder:
        if len(sys.argv) == 3:
            path, map_path = Path(folder) / "rows.csv", Path(sys.argv[2])
            path.write_bytes(Path(sys.argv[1]).read_bytes())
        else:
            path, map_path = made_up(Path(folder))
        for kind, maker in MAKERS.items():
            with maker() as databases:
                # The first pass warms caches on both sides and is not counted.
                passes = [one_pass(databases, path, map_path) for _ in range(4)][1:]
                middle = sorted(passes, key=lambda each: each[0] / each[1])[len(passes) // 2]
                ours, bare, complaints, rows = middle
                print(
                    f"{kind}: {complaints} complaints, {rows} rows; import {ours:.3f} s, "
                    f"bare inserts {bare:.3f} s, ratio {ours / bare:.2f} (goal: at most {GOAL}); "
                    f"ratios of all passes: "
                    + ", ".join(f"{each[0] / each[1]:.2f}" for each in passes)
                )
    return 0


def one_pass(databases: Databases, path: Path, map_path: Path) -> tuple[float, float, int, int]:
    """Seconds of the import and of the bare inserts, complaints and rows written."""
    ours, theirs = databases.fresh(initialise), databases.fresh(initialise)
    engine, bare_engine = make_engine(ours), make_engine(theirs)
    began = time.perf_counter()
    counts = import_file(sessionmaker(engine), path, map_path, by=SYSTEM, at=NOW)
    import_seconds = time.perf_counter() - began
    written = rows_of(engine)
    began = time.perf_counter()
    with Session(bare_engine) as session, session.begin():
        for table, rows in written:
            session.execute(insert(table), rows)
    bare_seconds = time.perf_counter() - began
    for each, url in ((engine, ours), (bare_engine, theirs)):
        each.dispose()
        databases.drop(url)
    return import_seconds, bare_seconds, counts.created, sum(len(rows) for _, rows in written)


def rows_of(engine: Engine) -> list[tuple[Table, list[dict[str, object]]]]:
    """Every row the import wrote, as dictionaries for executemany."""
    with engine.connect() as connection:
        tables = [model.__table__ for model in TABLES]
        written = [
            (table, [dict(row._mapping) for row in connection.execute(select(table))])
            for table in tables
            if isinstance(table, Table)
        ]
    return [(table, rows) for table, rows in written if rows]


def made_up(folder: Path) -> tuple[Path, Path]:
    """A file of complaints of two years, most of them closed, half with a phone number."""
    dice = random.Random(11)
    path, map_path = folder / "rows.csv", folder / "map.toml"
    map_path.write_text(MAP)
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["ticket", "opened", "closed", "story", "type", "name", "phone"])
        for number in range(ROWS):
            opened = NOW - timedelta(minutes=dice.randrange(60, 730 * 1440))
            closed = opened + timedelta(minutes=dice.randrange(30, 20 * 1440))
            has_ended = closed < NOW and dice.random() < 0.8
            has_phone = dice.random() < 0.5
            writer.writerow(
                [
                    f"T{number}",
                    f"{opened:%Y-%m-%d %H:%M:%S}",
                    f"{closed:%Y-%m-%d %H:%M:%S}" if has_ended else "",
                    "Internet di rumah saya mati sejak kemarin, sudah lapor tetapi belum ada kabar "
                    f"dari petugas nomor {dice.randrange(1000)}.",
                    dice.choice(["Mati", "Lambat", "Tagihan"]),
                    f"Pelanggan {number}" if has_phone else "",
                    f"0812{number:08d}" if has_phone else "",
                ]
            )
    return path, map_path


if __name__ == "__main__":
    raise SystemExit(main())

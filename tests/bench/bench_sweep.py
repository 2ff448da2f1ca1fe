"""What a sweep costs: against the same rows written by hand, and with many timers waiting.

On a private PostgreSQL: `rows` breaches fired with everything they write, beside batched SQL by
hand that writes the same rows in the same run; then the cost of a due row while few or very many
timers are open. `--due 10000 --open 1000000` are the figures of the requirements.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from statistics import median
from typing import Any

import psycopg
from psycopg.types.json import Jsonb
from sqlalchemy import make_url
from sqlalchemy.orm import sessionmaker

from complaints.db import make_engine
from complaints.engine.fire import BATCH, fire_due
from complaints.rulebook import current_rules
from tests.conftest import NOW as START
from tests.databases import Databases, postgresql_databases
from tests.office import staff

DUE = START + timedelta(minutes=30)
HOUR = timedelta(hours=1)
#: So many times few and many timers change places.
TURNS = 5
#: So many times the same rows are written by hand.
HAND_TURNS = 3

FILL = """
INSERT INTO customers (id, name, name_key, salutation, tier, needs, language,
                       no_contact_reason, created_at)
VALUES (1, 'Ani', 'ani', 'Ibu', 'REGULER', '[]', 'id', '', %(start)s) ON CONFLICT DO NOTHING;

INSERT INTO complaints (id, year, source, branch_id, customer_id, received_by_id, handler_id,
    channel, story, summary, product, remedy_wanted, received_at, record_gaps, status,
    waiting_customer, cycle, severity, priority, priority_reason, escalation_level,
    follow_nonce, history_seq, history_hash, version)
SELECT n, 2026, 'bench', (SELECT id FROM branches WHERE code = 'JKT'), 1, %(handler)s,
    %(handler)s, 'walk_in', 'Internet mati.', '', '', '', %(start)s, '{}', 'received',
    false, 1, 2, 'P3', '{}', 0, 'nonce', 0, repeat('0', 64), 1
FROM generate_series(%(first)s, %(last)s) AS n;

INSERT INTO deadlines (id, complaint_id, kind, cycle, policy, clause, policy_version_id,
    calendar_version_id, ladder_version_id, started_at, due_at, state, fired)
SELECT n, n, 'ack', 1, 'id-default-front-desk', 'ack_oral',
    (SELECT max(id) FROM rule_versions WHERE code = 'id-default-front-desk'),
    (SELECT max(id) FROM rule_versions WHERE code = 'jakarta'),
    (SELECT max(id) FROM rule_versions WHERE kind = 'ladder'),
    %(start)s, %(due)s, 'running', 2
FROM generate_series(%(first)s, %(last)s) AS n;

INSERT INTO deadline_entries (deadline_id, complaint_id, what, at, due_at, reason, detail)
SELECT id, id, 'start', started_at, due_at, '', jsonb_build_object('clause', clause,
    'policy_version', policy_version_id, 'calendar_version', calendar_version_id)
FROM deadlines WHERE id BETWEEN %(first)s AND %(last)s;

INSERT INTO timers (deadline_id, complaint_id, fire_at, firing, attempts, last_error)
SELECT n, n, %(due)s + interval '1 second', 'breach', 0, ''
FROM generate_series(%(first)s, %(last)s) AS n;
"""

WRITTEN = {
    "history": "complaint_id, seq, what, at, by_id, by_name, detail, prev_hash, hash",
    "deadline_entries": "deadline_id, complaint_id, what, at, until, due_at, by_id, reason, detail",
    "notices": "key, kind, user_id, complaint_id, facts, at, read_at",
    "outbox": "key, kind, complaint_id, to_address, language, facts, created_at, state, attempts,"
    " next_try_at, sent_at, last_error",
}
#: Lines that were there before the sweep are none of its work.
OURS = {"deadline_entries": "WHERE what = 'breach'"}
CHANGED = {
    "deadlines": ("state", "breached_at", "fired"),
    "complaints": ("history_seq", "history_hash", "escalation_level"),
    "timers": ("fire_at", "firing", "attempts", "last_error"),
}


class Yard:
    """A fresh database with the organisation in it, and a plain connection beside the engine."""

    def __init__(self, databases: Databases) -> None:
        self.url = databases.fresh(staff)
        self.engine = make_engine(self.url)
        self.sessions = sessionmaker(self.engine)
        parts = make_url(self.url)
        self.plain = psycopg.connect(
            dbname=parts.database, user=parts.username, host=str(parts.query["host"])
        )
        query = "SELECT id FROM users WHERE email = 'csr@tanggap.example'"
        (self.handler,) = self.plain.execute(query).fetchone() or (None,)

    def fill(self, first: int, last: int, due: datetime) -> None:
        """Complaints with one running clock each, all due at the same time."""
        values = {
            "first": first,
            "last": last,
            "due": due,
            "start": START,
            "handler": self.handler,
        }
        with psycopg.ClientCursor(self.plain) as cursor:
            cursor.execute(FILL.encode(), values)
        self.plain.commit()
        self.plain.autocommit = True
        self.plain.execute("VACUUM ANALYZE")
        self.plain.autocommit = False

    def fire(self, at: datetime) -> tuple[int, float]:
        """Fire everything due; returns the steps taken and the seconds that took."""
        began, handled = time.perf_counter(), 0
        while True:
            with self.sessions.begin() as session:
                fired = fire_due(session, current_rules(session), at=at)
            handled += fired.counts.total()
            if fired.handled < BATCH:
                return handled, time.perf_counter() - began


@contextmanager
def yard(databases: Databases) -> Iterator[Yard]:
    made = Yard(databases)
    yield made
    made.plain.close()
    made.engine.dispose()
    databases.drop(made.url)


def read_written(plain: psycopg.Connection) -> dict[str, list[tuple[Any, ...]]]:
    """The rows a sweep has written and changed, as plain tuples."""
    rows = {
        table: plain.execute(
            f"SELECT {columns} FROM {table} {OURS.get(table, '')} ORDER BY id".encode()
        ).fetchall()
        for table, columns in WRITTEN.items()
    }
    for table, columns in CHANGED.items():
        query = f"SELECT {', '.join(columns)}, id FROM {table} ORDER BY id"
        rows[table] = plain.execute(query.encode()).fetchall()
    return rows


def write_by_hand(
    plain: psycopg.Connection, rows: dict[str, list[tuple[Any, ...]]], many: bool
) -> float:
    """Write the same rows with nothing but batched SQL; returns the seconds that took."""
    packed = {
        table: [tuple(Jsonb(v) if isinstance(v, dict) else v for v in row) for row in table_rows]
        for table, table_rows in rows.items()
    }
    began = time.perf_counter()
    for first in range(0, len(rows["timers"]), BATCH):
        with plain.cursor() as cursor:
            for table, columns in WRITTEN.items():
                batch = packed[table][first : first + BATCH]
                places = "(" + ", ".join(["%s"] * (columns.count(",") + 1)) + ")"
                if many:
                    cursor.executemany(
                        f"INSERT INTO {table} ({columns}) VALUES {places}".encode(), batch
                    )
                else:
                    text = f"INSERT INTO {table} ({columns}) VALUES " + ", ".join(
                        [places] * len(batch)
                    )
                    cursor.execute(text.encode(), [value for row in batch for value in row])
            for table, names in CHANGED.items():
                setting = ", ".join(f"{name} = %s" for name in names)
                cursor.executemany(
                    f"UPDATE {table} SET {setting} WHERE id = %s".encode(),
                    packed[table][first : first + BATCH],
                )
        plain.commit()
    return time.perf_counter() - began


def write_by_copy(plain: psycopg.Connection, rows: dict[str, list[tuple[Any, ...]]]) -> float:
    """Write the same rows as fast as PostgreSQL takes any: by COPY; returns the seconds."""
    packed = {
        table: [tuple(Jsonb(v) if isinstance(v, dict) else v for v in row) for row in table_rows]
        for table, table_rows in rows.items()
    }
    began = time.perf_counter()
    for first in range(0, len(rows["timers"]), BATCH):
        with plain.cursor() as cursor:
            for table, columns in WRITTEN.items():
                _copy(cursor, table, columns, packed[table][first : first + BATCH])
            for table, names in CHANGED.items():
                columns = ", ".join((*names, "id"))
                cursor.execute(
                    f"CREATE TEMP TABLE new_{table} ON COMMIT DROP AS"
                    f" SELECT {columns} FROM {table} LIMIT 0".encode()
                )
                _copy(cursor, f"new_{table}", columns, packed[table][first : first + BATCH])
                setting = ", ".join(f"{name} = n.{name}" for name in names)
                cursor.execute(
                    f"UPDATE {table} t SET {setting} FROM new_{table} n WHERE n.id = t.id".encode()
                )
        plain.commit()
    return time.perf_counter() - began


def _copy(
    cursor: psycopg.Cursor, table: str, columns: str, rows: Sequence[tuple[Any, ...]]
) -> None:
    with cursor.copy(f"COPY {table} ({columns}) FROM STDIN".encode()) as copy:
        for row in rows:
            copy.write_row(row)


def bench_rows(databases: Databases, due: int) -> None:
    """Ours against the same rows by hand."""
    with yard(databases) as ours:
        ours.fill(1, due, DUE)
        steps, seconds = ours.fire(DUE + timedelta(seconds=1))
        rows = read_written(ours.plain)
    print(f"sweep of {steps} breaches: {seconds:.2f} s, {steps / seconds:,.0f} breaches/s")
    ways: dict[str, Callable[[psycopg.Connection], float]] = {
        "executemany": lambda plain: write_by_hand(plain, rows, many=True),
        "many rows a statement": lambda plain: write_by_hand(plain, rows, many=False),
        "COPY": lambda plain: write_by_copy(plain, rows),
    }
    for name, write in ways.items():
        took = []
        for _ in range(HAND_TURNS):
            with yard(databases) as hand:
                hand.fill(1, due, DUE)
                took.append(write(hand.plain))
        ratios = sorted(seconds / each for each in took)
        print(
            f"same rows by hand, {name}: {median(took):.2f} s; ratio {median(ratios):.2f}"
            f" ({ratios[0]:.2f} to {ratios[-1]:.2f})"
        )


def bench_open(databases: Databases, due: int, open_timers: int) -> None:
    """The cost of a due row while few or many timers wait; the two take turns."""
    share = due // TURNS
    with yard(databases) as few, yard(databases) as many:
        sides = {10_000: few, open_timers: many}
        for waiting, side in sides.items():
            for turn in range(TURNS + 1):
                side.fill(turn * share + 1, (turn + 1) * share, DUE + turn * HOUR)
            side.fill(due + share + 1, due + share + waiting, DUE + timedelta(days=30))
        spent = dict.fromkeys(sides, 0.0)
        steps = dict.fromkeys(sides, 0)
        # The first turn is the warm-up of both.
        for turn in range(TURNS + 1):
            for waiting, side in sides.items():
                fired, seconds = side.fire(DUE + turn * HOUR + timedelta(seconds=1))
                if turn:
                    spent[waiting] += seconds
                    steps[waiting] += fired
        at = DUE + TURNS * HOUR + timedelta(seconds=2)
        for waiting, side in sides.items():
            idle = min(side.fire(at)[1] for _ in range(5))
            cost = spent[waiting] / steps[waiting]
            print(
                f"{waiting:,} timers open: {cost * 1e6:.0f} µs per due row, "
                f"idle pass {idle * 1e3:.1f} ms"
            )
    few_cost, many_cost = (spent[each] / steps[each] for each in sides)
    print(f"ratio {many_cost / few_cost:.2f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--due", type=int, default=4_000)
    parser.add_argument("--open", type=int, default=100_000)
    given = parser.parse_args()
    with postgresql_databases() as databases:
        with yard(databases) as warm:
            warm.fill(1, 100, DUE)
            warm.fire(DUE + timedelta(seconds=1))
        bench_rows(databases, given.due)
        bench_open(databases, given.due, given.open)


if __name__ == "__main__":
    main()

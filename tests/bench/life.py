"""Complaints as an organisation has them after years, made in minutes for the benchmarks.

Customers and complaints are written by COPY (PostgreSQL) or executemany (SQLite); what hangs on
them is derived inside the database. The rows go round the steps on purpose, which nothing but
benchmarks and tests of plans may do: histories and ledgers carry no signatures.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from typing import Any

from sqlalchemy import Connection, text

from tests.bench.life_rows import derived_rows

HANDLERS = 400
#: Of so many complaints one lies with the busiest handler and is open: 50,000 of a million.
OF_BUSIEST = 20

OPEN_STATUSES = {
    "in_handling": 60.0,
    "registered": 24.0,
    "offered": 10.0,
    "received": 5.9,
    "accepted": 0.1,
}
ENDED_STATUSES = {"closed": 97.0, "withdrawn": 2.8, "referred": 0.2}
_PRIORITIES = {"P1": 1.0, "P2": 19.0, "P3": 50.0, "P4": 30.0}
_TIERS = {"REGULER": 90.0, "HVC_GOLD": 9.5, "HVC_DIAMOND": 0.5}
#: The commonest first.
_CHANNELS = "walk_in call whatsapp email app web x instagram facebook letter box visit media"

_COMMON_WORDS = (
    "saya internet sudah tidak mati sejak tagihan petugas belum lambat modem kemarin teknisi janji "
    "kabel putus pasang baru gangguan pembayaran deposit antrean aplikasi promo denda layanan"
)
_SYLLABLES = "ba be bi bo da di du ga gu ja ka ke ki ko la li lu ma me mi na ni pa ra sa ta wi ya"
VOCABULARY = 5_000
_WORDS_A_STORY = 30
#: From so many words the stories are cut; neighbours share none of them.
_TOLD = 400_000

_CUSTOMER = (
    "id, name, name_key, salutation, phone, tier, needs, language, no_contact_reason, created_at"
)
_COMPLAINT = (
    "id, year, source, branch_id, customer_id, contact_name, contact_phone, received_by_id,"
    " handler_id, team_id, channel, category, story, summary, product, remedy_wanted, received_at,"
    " record_gaps, status, waiting_customer, cycle, severity, priority, priority_reason, outcome,"
    " closed_at, next_due_at, next_due_kind, escalation_level, follow_nonce, history_seq,"
    " history_hash, version, confirmed_cause"
)
_HANDLER = """
    INSERT INTO users (email, name, role, password_hash, branch_id, language, is_active,
                       session_number)
    VALUES (:email, :name, 'csr', '', :branch, 'id', true, 1)
"""
#: Those that no constraint needs: made at the end they cost a third.
_PLAIN_INDEXES = text(
    """
    SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'
        AND tablename NOT IN ('users', 'alembic_version')
        AND indexname NOT IN (SELECT conname FROM pg_constraint)
        AND indexdef NOT LIKE 'CREATE UNIQUE%'
    """
)


@dataclass(frozen=True, slots=True)
class Cast:
    """Who is in the rows: the supervisor whose lists are all full, and the busiest handler.

    `long_id` is the complaint with 5,000 messages, `short_id` one with 50.
    """

    supervisor_id: int
    busiest_id: int
    long_id: int
    short_id: int


@dataclass(frozen=True, slots=True)
class _Known:
    """The codes and ids that the rows point at."""

    branches: Sequence[int]
    teams: Sequence[int]
    channels: Sequence[str]
    categories: Sequence[str]
    handlers: Sequence[int]


def fill_life(connection: Connection, complaints: int, supervisor_id: int, busiest_id: int) -> Cast:
    """Fill a database that has its rules and no complaints yet; gathers the planner's statistics.

    The two are accounts that are there already; four hundred handlers come with the rows.
    """
    is_postgresql = connection.dialect.name == "postgresql"
    now = datetime.now(UTC).replace(microsecond=0)
    indexes = _make_ready(connection) if is_postgresql else []
    known = _known(connection, busiest_id)
    customers = max(100, complaints * 6 // 10)
    _write(connection, "customers", _CUSTOMER, _customers(customers, now))
    rows = _complaints(known, complaints, customers, now)
    _write(connection, "complaints", _COMPLAINT, rows)
    cast = cast_of(connection, supervisor_id, busiest_id)
    values = {"now": _stamp(now), "supervisor": supervisor_id, "complaints": complaints}
    values |= {"long": cast.long_id, "short": cast.short_id, **_versions(connection)}
    for statement in derived_rows(is_postgresql):
        connection.execute(text(statement), values)
    if is_postgresql:
        _finish(connection, indexes)
    else:
        connection.execute(text("ANALYZE"))
        connection.commit()
    return cast


def cast_of(connection: Connection, supervisor_id: int, busiest_id: int) -> Cast:
    """The same two, and two complaints of the supervisor's branch from the middle of all."""
    query = text(
        "SELECT id FROM complaints WHERE source = 'bench' AND closed_at IS NOT NULL AND branch_id ="
        " (SELECT branch_id FROM users WHERE id = :supervisor) AND id >="
        " (SELECT max(id) / 2 FROM complaints WHERE source = 'bench') ORDER BY id LIMIT 2"
    )
    long_id, short_id = connection.scalars(query, {"supervisor": supervisor_id})
    return Cast(supervisor_id, busiest_id, long_id, short_id)


def zipf_words(dice: random.Random, count: int) -> list[str]:
    """Words as they come in life: the n-th commonest one n-th as often as the commonest."""
    syllables = _SYLLABLES.split()
    invented = [
        "".join(dice.choice(syllables) for _ in range(dice.randint(2, 4)))
        for _ in range(3 * VOCABULARY)
    ]
    known = list(dict.fromkeys([*_COMMON_WORDS.split(), *invented]))[:VOCABULARY]
    weights = list(accumulate(1 / rank for rank in range(1, len(known) + 1)))
    return dice.choices(known, cum_weights=weights, k=count)


def _make_ready(connection: Connection) -> list[str]:
    """No look at foreign keys meanwhile; returns what makes the dropped indexes again."""
    for setting in (
        "session_replication_role = replica",
        "maintenance_work_mem = '512MB'",
        "work_mem = '64MB'",
        "timezone = 'utc'",
    ):
        connection.execute(text(f"SET {setting}"))
    indexes = connection.execute(_PLAIN_INDEXES).all()
    for row in indexes:
        connection.execute(text(f"DROP INDEX {row.indexname}"))
    return [row.indexdef for row in indexes]


def _finish(connection: Connection, indexes: Sequence[str]) -> None:
    for definition in indexes:
        connection.exec_driver_sql(definition)
    for table in ("complaints", "customers"):
        connection.execute(text(f"SELECT setval('{table}_id_seq', (SELECT max(id) FROM {table}))"))
    connection.commit()
    connection.exec_driver_sql("RESET ALL")
    connection.commit()
    with connection.engine.connect() as apart:
        apart.execution_options(isolation_level="AUTOCOMMIT").execute(text("VACUUM ANALYZE"))


def _known(connection: Connection, busiest_id: int) -> _Known:
    """What is there, with the handlers added; the busiest comes first."""

    def column(query: str) -> list[Any]:
        return list(connection.scalars(text(query)))

    branches = column("SELECT id FROM branches ORDER BY id")
    connection.execute(
        text(_HANDLER),
        [
            {
                "email": f"petugas{n}@tanggap.example",
                "name": f"Petugas {n}",
                "branch": branches[n % len(branches)],
            }
            for n in range(1, HANDLERS)
        ],
    )
    return _Known(
        branches,
        column("SELECT id FROM teams ORDER BY id"),
        _CHANNELS.split(),
        column("SELECT code FROM categories WHERE is_active ORDER BY position, code"),
        [
            busiest_id,
            *column("SELECT id FROM users WHERE email LIKE 'petugas%' ORDER BY id"),
        ],
    )


def _versions(connection: Connection) -> dict[str, int]:
    found = {}
    for kind, code in (
        ("policy", "id-default-front-desk"),
        ("calendar", "jakarta"),
        ("ladder", "default"),
    ):
        found[kind] = connection.scalar(
            text("SELECT min(id) FROM rule_versions WHERE kind = :kind AND code = :code"),
            {"kind": kind, "code": code},
        )
    return found


def _stamp(at: datetime) -> str:
    """An instant as SQLite keeps it, and as PostgreSQL reads it where the zone is UTC."""
    return at.strftime("%Y-%m-%d %H:%M:%S.000000")


def _write(
    connection: Connection, table: str, columns: str, rows: Iterable[tuple[Any, ...]]
) -> None:
    plain: Any = connection.connection.driver_connection
    cursor = plain.cursor()
    if connection.dialect.name == "postgresql":
        with cursor.copy(f"COPY {table} ({columns}) FROM STDIN".encode()) as copy:
            for row in rows:
                copy.write_row(row)
    else:
        places = ", ".join("?" * (columns.count(",") + 1))
        cursor.executemany(f"INSERT INTO {table} ({columns}) VALUES ({places})", rows)
    cursor.close()


def _phone(customer: int) -> str:
    return f"62812{customer:08d}"


def _customers(count: int, now: datetime) -> Iterator[tuple[Any, ...]]:
    dice = random.Random(10)
    tiers = dice.choices(list(_TIERS), weights=list(_TIERS.values()), k=count)
    created = _stamp(now - timedelta(days=900))
    for number, tier in enumerate(tiers, 1):
        name = f"Pelanggan {number}"
        needs = '["lansia"]' if number % 200 == 0 else "[]"
        yield (number, name, name.lower(), "Ibu", _phone(number), tier, needs, "id", "", created)


def _complaints(
    known: _Known, count: int, customers: int, now: datetime
) -> Iterator[tuple[Any, ...]]:
    """A fifth of them open, from the last two months; a quarter of the open ones late."""
    dice = random.Random(9)
    told = zipf_words(dice, _TOLD)

    def drawn(weighted: dict[str, float]) -> list[str]:
        return dice.choices(list(weighted), weights=list(weighted.values()), k=count)

    def falling(values: Sequence[Any]) -> list[Any]:
        """The n-th of them one n-th as often as the first."""
        weights = [1 / rank for rank in range(1, len(values) + 1)]
        return dice.choices(values, weights=weights, k=count)

    priorities, channels = drawn(_PRIORITIES), falling(known.channels)
    categories, handlers = falling(known.categories), falling(known.handlers[1:])
    open_ones, ended = drawn(OPEN_STATUSES), drawn(ENDED_STATUSES)
    genesis = "0" * 64
    for place in range(count):
        number = place + 1
        is_open = number % 5 == 0
        is_busiest = number % OF_BUSIEST == 0
        days = dice.random() * (60 if is_open else 1000)
        received = now - timedelta(days=days + (0 if is_open else 5), minutes=90)
        due = received + timedelta(days=dice.randint(30, 75)) if is_open else None
        handler = known.handlers[0] if is_busiest else handlers[place]
        is_waiting = is_open and number % 150 == 0
        start = place * 7919 % (_TOLD - _WORDS_A_STORY)
        customer = 1 + place * 7919 % customers
        cause = "VANDAL" if number % 500 == 1 else "JARINGAN"
        words = " ".join(told[start : start + _WORDS_A_STORY])
        team = known.teams[number % len(known.teams)] if number % 3 == 0 else None
        yield (
            number,
            received.year,
            "bench",
            known.branches[number % len(known.branches)],
            customer,
            f"Pelanggan {customer}",
            _phone(customer),
            handler,
            None if is_open and number % 35 == 0 and not is_busiest else handler,
            team,
            channels[place],
            categories[place],
            f"{words} perkara{number}",
            f"Ringkasan {number}" if number % 2 else "",
            "INTERNET_RUMAH" if number % 4 else "",
            "",
            _stamp(received),
            "{}",
            open_ones[place] if is_open else ended[place],
            is_waiting,
            1,
            2,
            priorities[place],
            "{}",
            None if is_open else "SETUJU",
            None if is_open else _stamp(received + timedelta(days=2)),
            _stamp(due) if due else None,
            "resolve" if is_open else None,
            1 if is_open and number % 30 == 0 else 0,
            "",
            4,
            genesis,
            1,
            None if is_open or number % 4 == 0 else cause,
        )

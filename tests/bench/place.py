"""Where the rows of a benchmark are: a database of its own, kept for the next run when asked to.

With `BENCH_PLACE` naming a folder the database stays there, and a later run with as many complaints
brings it to the newest migration and the rules of `config/`, and measures at once.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, Engine, text
from sqlalchemy.orm import Session, sessionmaker

from complaints import clock
from complaints.db import make_engine
from complaints.domain.permissions import SYSTEM
from complaints.migrate import migrate
from complaints.people.accounts import add_token, add_user
from complaints.rulebook import current_rules
from complaints.rules.config_files import read_config
from complaints.rules.load import load_rules
from complaints.signing import use_history_keys
from complaints.sums.refresh import refresh_sums
from tests.bench.life import Cast, cast_of, fill_life
from tests.bench.measure import ROOT, family
from tests.databases import SQLiteDatabases, postgresql_databases

PASSWORD = "only for the benchmark"
HISTORY_KEY = "the key of the history in all benchmarks"
BRANCH = "JKT"
#: Role → who logs in; the supervisor's lists are full, the csr is the busiest handler.
PEOPLE = {"supervisor": BRANCH, "csr": BRANCH, "admin": None}


@dataclass(frozen=True, slots=True)
class Place:
    """A filled database, who is in it, and a key for programs."""

    url: str
    engine: Engine
    cast: Cast
    token: str
    database_pid: int | None

    def database_pids(self) -> set[int]:
        """The processes of the server as they are now; SQLite has none."""
        return family(self.database_pid) if self.database_pid is not None else set()


def email_of(role: str) -> str:
    """Under which address the account of this role logs in."""
    return f"bench-{role}@tanggap.example"


@contextmanager
def filled_database(kind: str, complaints: int) -> Iterator[Place]:
    """A database of this kind with so many complaints."""
    use_history_keys([HISTORY_KEY])
    with _url(kind, f"bench_{complaints}") as (url, is_new):
        engine = make_engine(url)
        migrate(engine)
        with Session(engine) as session:
            load_rules(session, read_config(ROOT / "config"), by="bench", at=clock.now())
            session.commit()
        with engine.connect() as connection:
            if is_new:
                ids = _people(engine)
                connection.execute(
                    text("CREATE TABLE bare_rows (id integer PRIMARY KEY, story text)")
                    if kind == "sqlite"
                    else text("CREATE TABLE bare_rows (id serial PRIMARY KEY, story text)")
                )
                cast = fill_life(connection, complaints, ids["supervisor"], ids["csr"])
            else:
                found = {role: _id_of(connection, role) for role in PEOPLE}
                cast = cast_of(connection, found["supervisor"], found["csr"])
            connection.commit()
            database_pid = _postmaster(connection) if kind == "postgresql" else None
        with Session(engine) as session:
            token = add_token(session, email=email_of("csr"), scope="", by=SYSTEM, at=clock.now())
            session.commit()
        _add_up(engine)
        yield Place(url, engine, cast, token, database_pid)
        engine.dispose()


@contextmanager
def _url(kind: str, name: str) -> Iterator[tuple[str, bool]]:
    """The database's URL, and whether it is new. A million complaints have no room in memory."""
    given = os.environ.get("BENCH_PLACE")
    kept = Path(given) if given else None
    if kept:
        kept.mkdir(parents=True, exist_ok=True)
    if kind == "sqlite":
        with tempfile.TemporaryDirectory(prefix="tanggap-bench-") as passing:
            path = (kept or Path(passing)) / f"{name}.db"
            yield SQLiteDatabases.url_of(path), not path.exists()
        return
    with postgresql_databases(kept and kept / "pg", room=tempfile.gettempdir()) as databases:
        is_new = not databases.has(name)
        yield databases.new(name) if is_new else databases.url_of(name), is_new


def _add_up(engine: Engine) -> None:
    """Compute the sums of the reports, as a worker has done after a while."""
    sessions, done = sessionmaker(engine), 0
    while count := refresh_sums(sessions, clock.now(), 2_000):
        done += count
    if done and engine.dialect.name == "postgresql":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as apart:
            apart.execute(text("VACUUM ANALYZE report_stale, report_facts, report_cells"))


def _people(engine: Engine) -> dict[str, int]:
    with Session(engine) as session:
        made = {
            role: add_user(
                session,
                current_rules(session),
                email=email_of(role),
                role=role,
                branch=branch,
                password=PASSWORD,
                by=SYSTEM,
                at=clock.now(),
            )
            for role, branch in PEOPLE.items()
        }
        session.commit()
        return {role: user.id for role, user in made.items()}


def _id_of(connection: Connection, role: str) -> int:
    query = text("SELECT id FROM users WHERE email = :email")
    found = connection.scalar(query, {"email": email_of(role)})
    assert found is not None, f"the kept database has no {role}"
    return int(found)


def _postmaster(connection: Connection) -> int:
    """The process above the one that serves this connection: the database server itself."""
    backend = connection.scalar(text("SELECT pg_backend_pid()"))
    stat = Path(f"/proc/{backend}/stat").read_text()
    return int(stat.rpartition(")")[2].split()[1])

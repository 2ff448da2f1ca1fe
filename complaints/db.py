"""The database: base class, column types and engine set-up for SQLite and PostgreSQL.

What differs between the two databases lives here, in `rows.py` and in
`queries/lists/search.py`, nowhere else.
"""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    DateTime,
    Engine,
    MetaData,
    TypeDecorator,
    create_engine,
    event,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import Connection, Dialect
from sqlalchemy.engine.url import make_url
from sqlalchemy.orm import DeclarativeBase, Session

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}

#: JSON that PostgreSQL can index.
Json = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")


class Base(DeclarativeBase):
    """Every mapped class; constraint names follow one convention on both databases."""

    metadata = MetaData(naming_convention=NAMING)


class UTCDateTime(TypeDecorator[datetime]):
    """An instant: aware, in UTC, whole seconds. Naive values are refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else as_stored(value)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def as_stored(value: datetime) -> datetime:
    """The instant in UTC and whole seconds; ValueError when it has no time zone."""
    if value.tzinfo is None:
        raise ValueError("instants are aware; this one has no time zone")
    return value.astimezone(UTC).replace(microsecond=0)


def engine_options(url: str) -> dict[str, Any]:
    """Options for `create_engine` that make both databases behave alike."""
    # What an error quotes of a statement's values would stand in the logs.
    discreet = {"hide_parameters": True}
    if make_url(url).get_backend_name() == "postgresql":
        return {
            **discreet,
            "pool_pre_ping": True,
            "pool_size": 8,
            "max_overflow": 8,
            "connect_args": {"options": "-c timezone=utc", "prepare_threshold": 2},
        }
    return {**discreet, "connect_args": {"timeout": 30}}


def make_engine(url: str, **options: Any) -> Engine:
    """An engine for either database; `options` win over the defaults."""
    return create_engine(url, **{**engine_options(url), **options})


def normalise_url(url: str) -> str:
    """A plain ``postgresql://`` or ``postgres://`` URL spoken through psycopg 3."""
    for prefix in ("postgresql://", "postgres://"):
        if url.startswith(prefix):
            return "postgresql+psycopg://" + url.removeprefix(prefix)
    return url


def begin_reading(session: Session) -> None:
    """Begin a transaction that only reads.

    SQLite then takes no write lock. PostgreSQL has nothing to roll back at the end, which would
    make the driver forget the statements it has prepared; there is no transaction either, so what
    streams its rows cannot begin like this.
    """
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    options = {"writes": False} if is_sqlite else {"isolation_level": "AUTOCOMMIT"}
    session.connection(execution_options=options)


def take_turns(session: Session, name: str) -> None:
    """Wait until nobody else is in a transaction that took its turn under this name.

    SQLite lets one transaction write at a time and needs nothing more.
    """
    if session.get_bind().dialect.name == "postgresql":
        query = text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))")
        session.execute(query, {"name": name})


@event.listens_for(Engine, "connect")
def _prepare_connection(connection: Any, record: Any) -> None:
    """Give each SQLite connection write-ahead logging, foreign keys and our own BEGIN."""
    if not type(connection).__module__.startswith("sqlite3"):
        return
    # pysqlite would open transactions by its own rules; the listener below does it instead.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA synchronous = NORMAL")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.execute("PRAGMA cache_size = -32000")
    cursor.close()


@event.listens_for(Engine, "begin")
def _begin(connection: Connection) -> None:
    """Open SQLite transactions; a writing one takes the write lock at once.

    A transaction that reads first and writes later would fail when somebody wrote in between,
    however long it is willing to wait.
    """
    if connection.dialect.name == "sqlite":
        writes = connection.get_execution_options().get("writes", True)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

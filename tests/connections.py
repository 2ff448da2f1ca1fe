"""Connections to PostgreSQL that one test closes and the next one takes up.

A process of the server has to learn every table that it is asked about: beginning one for each
engine of each test took longer than what most tests ask of it.
"""

from __future__ import annotations

import os
from collections import defaultdict
from typing import Any

from psycopg.pq import ExecStatus, TransactionStatus
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg

from complaints import db

connect_anew = db.patient_connection

#: Database, process, and all else that a connection was asked for with.
Asked = tuple[str, int, str]

_idle: dict[Asked, list[Any]] = defaultdict(list)
#: What the server told the first dialect that asked, such as its version.
_told: dict[str, Any] = {}

#: What the last user of a connection may have set, taken or made.
AS_NEW = b"SELECT pg_advisory_unlock_all(); RESET ALL; UNLISTEN *; DISCARD TEMP"


class KeepingConnections(PGDialect_psycopg):
    """Lays connections aside instead of closing them, and asks the server about itself once."""

    def initialize(self, connection: Any) -> None:
        if not _told:
            before = dict(vars(self))
            super().initialize(connection)
            after = vars(self).items()
            _told.update((name, value) for name, value in after if before.get(name) is not value)
        vars(self).update(_told)

    def do_close(self, dbapi_connection: Any) -> None:
        asked = getattr(dbapi_connection, "asked", None)
        if asked is not None and _is_at_rest(dbapi_connection) and _says(dbapi_connection, AS_NEW):
            _idle[asked].append(dbapi_connection)
        else:
            dbapi_connection.close()


def keep_connections() -> None:
    """Let all engines take up from now on what others have laid aside."""
    db.patient_connection = Keeping  # type: ignore[assignment]


class Keeping:
    """What `complaints.db` connects with."""

    def connect(self, *given: Any, **options: Any) -> Any:
        """A connection that was laid aside, or a new one."""
        # Each dialect has a map of how values are sent; they all say the same.
        told = sorted(each for each in options.items() if each[0] != "context")
        asked = str(options.get("dbname")), os.getpid(), repr((given, told))
        while _idle[asked]:
            connection = _idle[asked].pop()
            # The server may have ended it meanwhile.
            if _says(connection, b""):
                return connection
            connection.close()
        connection = connect_anew().connect(*given, **options)
        connection.asked = asked
        return connection


def forget_connections(database: str | None = None) -> None:
    """Close what is laid aside for a database that is about to go, or for all of them."""
    for asked in [each for each in _idle if database in (None, each[0])]:
        for connection in _idle.pop(asked):
            connection.close()


def laid_aside(database: str) -> list[int]:
    """The processes of the server behind the connections laid aside for a database."""
    kept = [each for asked, idle in _idle.items() if asked[0] == database for each in idle]
    return [each.info.backend_pid for each in kept]


def _is_at_rest(connection: Any) -> bool:
    is_open = not connection.closed and not connection.broken
    return (
        is_open
        and connection.info.transaction_status == TransactionStatus.IDLE
        and not connection.autocommit
        and connection.isolation_level is connection.read_only is connection.deferrable is None
    )


def _says(connection: Any, statement: bytes) -> bool:
    """Whether the server does what it is told."""
    answer = connection.pgconn.exec_(statement)
    return answer.status in (ExecStatus.TUPLES_OK, ExecStatus.COMMAND_OK, ExecStatus.EMPTY_QUERY)

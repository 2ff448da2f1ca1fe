"""What is wrong with the database: told apart by its own codes, said to whoever waits.

Only locks, lost connections and time that ran out are "busy". What is no trouble of ours but
a mistake of ours, such as a table that does not exist, is none of these.
"""

import os
import shutil
from enum import StrEnum
from pathlib import Path
from typing import Any

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as NoConnectionFree
from sqlalchemy.orm import Session

#: With less than this beside an embedded database, its next transaction may not fit.
LEAST_FREE_BYTES = 8 * 1024 * 1024


class Trouble(StrEnum):
    """What an operator can mend, or time will."""

    BUSY = "busy"
    READ_ONLY = "read_only"
    FULL = "full"
    FILE = "file"


_STATES = {"25006": Trouble.READ_ONLY, "53100": Trouble.FULL}
#: Classes and states of PostgreSQL: connection lost, too many, deadlock, lock, cancelled, shutdown.
_BUSY_STATES = ("08", "40", "53", "55P03", "57")


def trouble_of(error: SQLAlchemyError) -> Trouble | None:
    """What kind of trouble an error tells of; None when it tells of a mistake."""
    if isinstance(error, NoConnectionFree):
        return Trouble.BUSY
    if not isinstance(error, DBAPIError):
        return None
    said = code_of(error)
    if said.startswith("SQLITE_"):
        return _of_sqlite(said)
    if said:
        return _STATES.get(said) or (Trouble.BUSY if said.startswith(_BUSY_STATES) else None)
    # A connection that broke has no code.
    return Trouble.BUSY if isinstance(error, OperationalError | InterfaceError) else None


def code_of(error: SQLAlchemyError) -> str:
    """The database's code for it: SQLSTATE or SQLite's name, never a word about the data."""
    cause: Any = getattr(error, "orig", None)
    return str(getattr(cause, "sqlstate", None) or getattr(cause, "sqlite_errorname", None) or "")


def _of_sqlite(name: str) -> Trouble | None:
    if name.startswith("SQLITE_READONLY"):
        return Trouble.READ_ONLY
    if name.startswith("SQLITE_FULL"):
        return Trouble.FULL
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return Trouble.BUSY
    if name.startswith(("SQLITE_CANTOPEN", "SQLITE_IOERR", "SQLITE_CORRUPT", "SQLITE_NOTADB")):
        return Trouble.FILE
    return None


def foreseen(session: Session) -> Trouble | None:
    """What the next act would meet, found without acting."""
    bind = session.get_bind()
    if bind.dialect.name == "postgresql":
        answer = session.scalar(text("SHOW transaction_read_only"))
        return Trouble.READ_ONLY if answer == "on" else None
    answer = session.scalar(text("PRAGMA query_only"))
    file = session.scalar(text("SELECT file FROM pragma_database_list WHERE name = 'main'"))
    if answer or (file and not os.access(file, os.W_OK)):
        return Trouble.READ_ONLY
    if file and shutil.disk_usage(Path(file).parent).free < LEAST_FREE_BYTES:
        return Trouble.FULL
    return None

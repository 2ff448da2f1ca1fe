"""`complaints backup`: database, files and daily seals in one file, taken while all runs.

The file is JSON lines, compressed: a head, each table with its columns and rows, each file, and at
the end what all of it amounts to. It belongs to no kind of database. Keys are never in it.
"""

import base64
import gzip
import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import JSON, Date, LargeBinary, Table, func, select
from sqlalchemy.orm import Session, sessionmaker

from complaints.commands.backup_files import PREFIX, FileCounts, FileReader, write_files
from complaints.db import Base, UTCDateTime, begin_snapshot
from complaints.migrate import revision_of
from complaints.worker.day_seals import path_of_seals

FORMAT = "tanggap backup 1"
#: Rows read and written at a time; few where each may hold a whole message.
AT_ONCE = 1000
LARGE_AT_ONCE = 5
#: Bytes of a file in one line.
_CHUNK = 64 * 1024
#: What a column holds, as the backup calls it; everything else is as JSON has it.
KINDS: tuple[tuple[type[Any], str], ...] = (
    (UTCDateTime, "instant"),
    (Date, "date"),
    (JSON, "json"),
    (LargeBinary, "bytes"),
)


#: Of the moment only, so a backup holds these tables without a row.
LEFT_EMPTY = frozenset({"presences"})


@dataclass(slots=True)
class Counts:
    """What a backup holds: rows of each table, bytes of each file, and the mark of all lines."""

    revision: str = ""
    at: str = ""
    tables: dict[str, int] = field(default_factory=dict)
    files: dict[str, int] = field(default_factory=dict)
    attachments: FileCounts = field(default_factory=FileCounts)
    sha256: str = ""

    @property
    def rows(self) -> int:
        """Rows of all tables."""
        return sum(self.tables.values())


def make_backup(
    sessions: sessionmaker[Session], path: Path, seals_folder: Path, at: datetime
) -> Counts:
    """Write the backup, read it again, and only then give it its name.

    Everything is as it stood at one moment; who works meanwhile is not held up. Raises ValueError
    when there is a file of that name, or when what was written is not what was read.
    """
    if path.exists():
        raise ValueError(f"There is a file {path} already; a backup replaces none. Name another.")
    part = path.with_name(path.name + ".part")
    part.unlink(missing_ok=True)
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as raw:
            with gzip.GzipFile(fileobj=raw, mode="wb", compresslevel=6, mtime=0) as packed:
                written = _write(sessions, packed, seals_folder, at)
            raw.flush()
            os.fsync(raw.fileno())
        if check_backup(part) != written:
            raise ValueError("What was written is not what was read; the disk may be failing.")
        part.rename(path)
    finally:
        part.unlink(missing_ok=True)
    return written


def check_backup(path: Path) -> Counts:
    """Read a backup from end to end; ValueError with one sentence when it is not whole."""
    counts, files = Counts(), FileReader()
    for what, line in read_backup(path):
        if what == "head":
            counts.revision, counts.at = line["revision"], line["at"]
        elif what == "end":
            counts.sha256 = line["sha256"]
        elif what == "table":
            counts.tables[line["table"]] = 0
        elif what == "rows":
            counts.tables[line["of"]] += len(line["rows"])
        elif what == "part" and line["file"].startswith(PREFIX):
            files.take(line["file"].removeprefix(PREFIX), base64.b64decode(line["part"]))
        elif what == "part":
            name = line["file"]
            counts.files[name] = counts.files.get(name, 0) + len(base64.b64decode(line["part"]))
    files.end()
    counts.attachments = files.counts
    return counts


def read_backup(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """The lines of a backup, each with what it is: head, table, rows, part or end.

    Raises ValueError when the file is none, is cut off or was changed; the last is only known
    behind the last line.
    """
    mark, last = hashlib.sha256(), ""
    seen: dict[str, int] = {}
    try:
        with gzip.open(path, "rb") as file:
            for text in file:
                line = json.loads(text)
                last = next(
                    each for each in ("head", "table", "rows", "part", "end") if each in line
                )
                if not seen and line.get("head") != FORMAT:
                    raise ValueError
                if last == "end":
                    if line["sha256"] != mark.hexdigest() or line["end"] != seen:
                        raise ValueError
                else:
                    mark.update(text)
                    seen[last] = seen.get(last, 0) + 1
                yield last, line
    except (ValueError, KeyError, TypeError, StopIteration, EOFError, gzip.BadGzipFile) as error:
        raise ValueError(f"{path} is no whole backup of Tanggap; nothing was restored.") from error
    if last != "end":
        raise ValueError(f"{path} is no whole backup of Tanggap; nothing was restored.")


@dataclass(slots=True)
class _Writer:
    file: gzip.GzipFile
    mark: Any = field(default_factory=hashlib.sha256)
    seen: dict[str, int] = field(default_factory=dict)

    def write(self, what: str, line: dict[str, Any]) -> None:
        text = json.dumps(line, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
        self.mark.update(text)
        self.seen[what] = self.seen.get(what, 0) + 1
        self.file.write(text)

    def end(self) -> str:
        said = {"end": self.seen, "sha256": self.mark.hexdigest()}
        self.file.write(json.dumps(said).encode() + b"\n")
        return str(said["sha256"])


def _write(
    sessions: sessionmaker[Session], file: gzip.GzipFile, seals_folder: Path, at: datetime
) -> Counts:
    out = _Writer(file)
    counts = Counts(at=at.astimezone(UTC).isoformat(timespec="seconds"))
    with sessions() as session:
        begin_snapshot(session)
        counts.revision = revision_of(session.connection()) or ""
        out.write("head", {"head": FORMAT, "revision": counts.revision, "at": counts.at})
        for table in Base.metadata.sorted_tables:
            if table.name in LEFT_EMPTY:
                counts.tables[table.name] = 0
                out.write("table", {"table": table.name, "columns": _columns_of(table)})
                continue
            counts.tables[table.name] = _write_table(session, out, table)
            stored = session.scalar(select(func.count()).select_from(table))
            if stored != counts.tables[table.name]:
                raise ValueError(f"The table {table.name} could not be read whole.")
        path = path_of_seals(session, seals_folder)
        if path is not None and path.is_file():
            counts.files[path.name] = _write_file(out, path)
        counts.attachments = write_files(session, out.write)
    counts.sha256 = out.end()
    return counts


def _write_table(session: Session, out: _Writer, table: Table) -> int:
    columns = _columns_of(table)
    out.write("table", {"table": table.name, "columns": columns})
    query = select(table).order_by(*table.primary_key.columns)
    is_large = any(kind == "bytes" for _, kind in columns)
    at_once = LARGE_AT_ONCE if is_large else AT_ONCE
    streaming = query.execution_options(stream_results=True, yield_per=at_once)
    result = session.connection().execute(streaming)
    count = 0
    for part in result.partitions(at_once):
        rows = [[_plain(value) for value in row] for row in part]
        out.write("rows", {"of": table.name, "rows": rows})
        count += len(rows)
    return count


def _columns_of(table: Table) -> list[list[str]]:
    return [[column.name, kind_of(column.type)] for column in table.columns]


def _write_file(out: _Writer, path: Path) -> int:
    size = 0
    with path.open("rb") as file:
        while part := file.read(_CHUNK):
            out.write("part", {"file": path.name, "part": base64.b64encode(part).decode("ascii")})
            size += len(part)
    return size


def kind_of(type_: Any) -> str:
    """What a column holds, as the backup calls it."""
    return next((name for kind, name in KINDS if isinstance(type_, kind)), "plain")


def _plain(value: Any) -> Any:
    if isinstance(value, bytes | memoryview):
        return base64.b64encode(value).decode("ascii")
    return value.isoformat() if isinstance(value, datetime | date) else value

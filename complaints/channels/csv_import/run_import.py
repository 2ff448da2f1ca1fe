"""Files as a way in: `complaints import` turns the rows of a CSV file into complaints.

Reads row by row and commits batch by batch, so that memory stays the same for any file and a
repeated run completes what was broken off. Which row may become a complaint is not decided here.
"""

import sqlite3
import sys
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager, closing, nullcontext
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any

import click
from sqlalchemy.exc import DataError, IntegrityError
from sqlalchemy.orm import Session

from complaints.channels.csv_import.file_complaints import FileComplaint, batches, complaints_of
from complaints.channels.csv_import.mentions import MentionRun, is_of_mentions, take_row
from complaints.channels.csv_import.reasons import Say, reason
from complaints.channels.csv_import.row_to_complaint import ImportMap
from complaints.domain.errors import N_, Invalid, Refused
from complaints.domain.permissions import Actor
from complaints.formats.mapfile import MapFile
from complaints.formats.rejects import RejectsFile
from complaints.formats.rows import MappedRows, map_rows
from complaints.rulebook import current_rules
from complaints.takeover.take_over import Key, RowResult, key_of, story_mark, take_over
from complaints.takeover.validate import ForeignComplaint

#: How often a batch is tried when somebody else stores the same rows at the same moment.
_ATTEMPTS = 3
#: Of rows that are stored one by one, so many lie between two tellings of the counts.
_TOLD_EACH = 100


@dataclass(slots=True)
class ImportCounts:
    """What became of the rows; `rejects_file` is None when every row was good.

    `grouped` are the rows that went into a complaint which another row of its number counts for:
    `read` is the sum of the four behind it.
    """

    read: int = 0
    created: int = 0
    grouped: int = 0
    already_there: int = 0
    rejected: int = 0
    rejects_file: str | None = None

    def as_json(self) -> dict[str, Any]:
        """The counts under the names of the command's JSON."""
        return asdict(self)


def import_file(
    sessions: Callable[[], Session],
    path: str | Path,
    map_path: str | Path,
    *,
    by: Actor,
    at: datetime,
    dry_run: bool = False,
    progress: bool = False,
    say: Say = str,
    told: Callable[[ImportCounts], None] = lambda counts: None,
) -> ImportCounts:
    """Import a CSV file as its map says; a second run creates nothing twice.

    Rejected rows go to ``FILE.rejected.csv`` with the reason in a further column, also on a dry
    run, which stores nothing else. `say` puts a refusal into words, `told` hears the counts after
    every batch. Raises UnusableFile (a
    ValueError) with one sentence when the file or the map cannot be used.
    """
    path = Path(path)
    map_file = MapFile.load(map_path)
    if is_of_mentions(map_file):
        run = MentionRun(map_file, by, at, is_rehearsal=dry_run)
        with sessions() as session:
            run.require_known(current_rules(session))
        return _import_mentions(sessions, path, run, progress=progress, say=say, told=told)
    with sessions() as session:
        plan = ImportMap.read(map_file, path, current_rules(session))
    counts = ImportCounts()
    with map_file.open(path) as file, closing(_Met()) as met:
        rows = map_rows(map_file, file)
        target = path.with_name(f"{path.name}.rejected.csv")
        with (
            RejectsFile(target, rows.header, map_file.encoding, rows.delimiter) as rejects,
            _bar(path, progress) as bar,
        ):
            import_run = _Run(sessions, plan, rows, rejects, counts, met, by, at, dry_run, say)
            for batch in batches(complaints_of(plan, rows, say)):
                import_run.handle(batch)
                told(counts)
                if bar is not None:
                    bar.update(_position(file) - bar.pos)
    return _balanced(counts, rejects)


def _import_mentions(
    sessions: Callable[[], Session],
    path: Path,
    run: MentionRun,
    *,
    progress: bool,
    say: Say,
    told: Callable[[ImportCounts], None],
) -> ImportCounts:
    """Record the public posts of a file, each in its own transaction."""
    counts = ImportCounts()
    with run.map.open(path) as file:
        rows = map_rows(run.map, file)
        target = path.with_name(f"{path.name}.rejected.csv")
        with (
            RejectsFile(target, rows.header, run.map.encoding, rows.delimiter) as rejects,
            _bar(path, progress) as bar,
        ):
            for row in rows:
                done = take_row(sessions, run, row, say)
                counts.read += 1
                if isinstance(done, str):
                    counts.rejected += 1
                    rejects.add(row.cells, done)
                elif done:
                    counts.created += 1
                else:
                    counts.already_there += 1
                if counts.read % _TOLD_EACH == 0:
                    told(counts)
                if bar is not None:
                    bar.update(_position(file) - bar.pos)
    return _balanced(counts, rejects)


def _balanced(counts: ImportCounts, rejects: RejectsFile) -> ImportCounts:
    """The counts with the file of rejects; every row of the file is in one of them."""
    counts.rejects_file = str(rejects.path) if rejects.path else None
    if counts.read != counts.created + counts.grouped + counts.already_there + counts.rejected:
        raise RuntimeError(f"the rows do not add up: {counts}")
    return counts


@dataclass(slots=True)
class _Run:
    """One run over one file; `counts` and `rejects` grow batch by batch."""

    sessions: Callable[[], Session]
    plan: ImportMap
    rows: MappedRows
    rejects: RejectsFile
    counts: ImportCounts
    met: "_Met"
    by: Actor
    at: datetime
    dry_run: bool
    say: Say

    def handle(self, batch: Sequence[FileComplaint]) -> None:
        """Store what may be stored of the batch, then write down what may not, in its order."""
        refusals = {index: each.why for index, each in enumerate(batch) if each.why}
        told = {
            index: self.plan.complaint(each.row, self.rows.header)
            for index, each in enumerate(batch)
            if not each.why
        }
        results = self._store(list(told.values()))
        for index, result in zip(told, results, strict=True):
            if isinstance(result, Refused):
                refusals[index] = reason([result], self.plan.map.sources, self.say)
                continue
            self.counts.grouped += len(batch[index].cells) - 1
            if result is RowResult.CREATED:
                self.counts.created += 1
            else:
                self.counts.already_there += 1
        self.counts.read += sum(len(each.cells) for each in batch)
        for index, why in sorted(refusals.items()):
            self.counts.rejected += len(batch[index].cells)
            for cells in batch[index].cells:
                self.rejects.add(cells, why)

    def _store(self, told: Sequence[ForeignComplaint]) -> list[RowResult | Refused]:
        """Store the rows in one transaction; halved where the database cannot keep one of them."""
        if not told:
            return []
        for attempt in range(_ATTEMPTS):
            try:
                return self._store_once(told)
            except IntegrityError:
                # Somebody else has just stored one of these rows; now it is there to be found.
                if attempt == _ATTEMPTS - 1:
                    raise
            except DataError:
                if len(told) == 1:
                    return [Invalid(N_("The database cannot store this row. Shorten its texts."))]
                middle = len(told) // 2
                return self._store(told[:middle]) + self._store(told[middle:])
        raise AssertionError("every attempt returns or raises")

    def _store_once(self, told: Sequence[ForeignComplaint]) -> list[RowResult | Refused]:
        keys = [key_of(row) for row in told]
        with self.sessions() as session:
            results = take_over(
                session,
                current_rules(session),
                told,
                self.plan.options,
                by=self.by,
                at=self.at,
                known=self.met.among(keys) if self.dry_run else None,
                is_rehearsal=self.dry_run,
            )
            if self.dry_run:
                self.met.add(
                    (key, story_mark(row))
                    for key, row, result in zip(keys, told, results, strict=True)
                    if result is RowResult.CREATED
                )
            else:
                session.commit()
        return results


class _Met:
    """The numbers a dry run has met so far: on disk, because a file may be longer than memory."""

    def __init__(self) -> None:
        self._table = sqlite3.connect("")
        columns = "source TEXT, number TEXT, mark TEXT, PRIMARY KEY (source, number)"
        self._table.execute(f"CREATE TABLE met ({columns}) WITHOUT ROWID")

    def among(self, keys: Iterable[Key]) -> dict[Key, str]:
        """Those of `keys` that were met before, with the mark of their story."""
        query = "SELECT mark FROM met WHERE source = ? AND number = ?"
        found = ((key, self._table.execute(query, key).fetchone()) for key in keys)
        return {key: row[0] for key, row in found if row}

    def add(self, met: Iterable[tuple[Key, str]]) -> None:
        """Remember these keys with the marks of their stories."""
        rows = ((*key, mark) for key, mark in met)
        self._table.executemany("INSERT OR IGNORE INTO met VALUES (?, ?, ?)", rows)

    def close(self) -> None:
        """Forget everything."""
        self._table.close()


def _bar(path: Path, is_wanted: bool) -> AbstractContextManager[Any]:
    """A bar on standard error over the bytes of the file, or nothing."""
    if not is_wanted:
        return nullcontext()
    return click.progressbar(length=path.stat().st_size, label=path.name, file=sys.stderr)


def _position(file: IO[str]) -> int:
    """How many bytes of the file itself have been read, also of a packed one."""
    binary: Any = getattr(file, "buffer", file)
    raw = getattr(binary, "fileobj", None) or binary
    return int(raw.tell())

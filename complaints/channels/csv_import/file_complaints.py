"""What the rows of a file tell, complaint by complaint: each row for itself, or by its number.

Rows of an event log that share a number are one complaint, wherever in the file they stand. They
wait in a temporary database on disk, because a file may be longer than memory.
"""

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import groupby

from complaints.channels.csv_import.reasons import Say, reason
from complaints.channels.csv_import.row_to_complaint import ImportMap
from complaints.domain.errors import N_, Invalid
from complaints.formats.rows import MappedRow, MappedRows

#: Rows stored in one transaction and rows that one complaint may have, fewer where their cells are
#: very long.
BATCH = 500
_BATCH_CHARACTERS = 4_000_000


@dataclass(frozen=True, slots=True)
class FileComplaint:
    """One complaint as the file tells it.

    `cells` are those of each of its rows as they were, `row` is what they say together. `why` is in
    words what keeps them out, empty when nothing does.
    """

    cells: Sequence[list[str]]
    row: MappedRow
    why: str = ""

    @property
    def characters(self) -> int:
        """How long the rows are."""
        return sum(len(cell) for cells in self.cells for cell in cells)


def complaints_of(plan: ImportMap, rows: MappedRows, say: Say) -> Iterator[FileComplaint]:
    """The complaints of a file; rows that hold nothing are passed over."""

    def words(problems: Sequence[Invalid]) -> str:
        return reason(problems, plan.map.sources, say)

    filled = (row for row in rows if row.problems or any(cell.strip() for cell in row.cells))
    if plan.is_grouped:
        with closing(_Waiting()) as waiting:
            waiting.take(plan, rows, filled, words)
            waiting.spread_reasons(words)
            yield from waiting.complaints(plan, rows, words)
    else:
        for row in filled:
            yield FileComplaint([row.cells], row, words(plan.problems(row)))


def batches(complaints: Iterable[FileComplaint]) -> Iterator[list[FileComplaint]]:
    """Complaints in lists that fit into memory whatever their cells hold."""
    batch: list[FileComplaint] = []
    rows = characters = 0
    for each in complaints:
        batch.append(each)
        rows += len(each.cells)
        characters += each.characters
        if rows >= BATCH or characters > _BATCH_CHARACTERS:
            yield batch
            batch, rows, characters = [], 0, 0
    if batch:
        yield batch


class _Waiting:
    """The rows of a file until all of their number have been read; on disk."""

    def __init__(self) -> None:
        self._rows = sqlite3.connect("")
        self._rows.execute(
            "CREATE TABLE waiting (place INTEGER PRIMARY KEY, number TEXT, at INTEGER,"
            " line INTEGER, cells TEXT, why TEXT)"
        )

    def take(
        self,
        plan: ImportMap,
        rows: MappedRows,
        filled: Iterable[MappedRow],
        words: Callable[[Sequence[Invalid]], str],
    ) -> None:
        """Keep all rows, those without a number each for itself."""
        kept = (
            (
                place,
                plan.number_of(row, rows) or f"\0{place}",
                int(at.timestamp()) if (at := plan.received_at(row)) else None,
                row.line,
                json.dumps(row.cells),
                words(plan.unreadable(row)),
            )
            for place, row in enumerate(filled)
        )
        self._rows.executemany("INSERT INTO waiting VALUES (?, ?, ?, ?, ?, ?)", kept)
        self._rows.execute("CREATE INDEX by_number ON waiting (number)")

    def spread_reasons(self, words: Callable[[Sequence[Invalid]], str]) -> None:
        """Keep all rows of a number out when one cannot be read, or when there are too many.

        Without the row that tells its end a complaint would come in as an open one.
        """
        bad = self._rows.execute(
            "SELECT number, min(line) FROM waiting WHERE why <> '' GROUP BY number"
        ).fetchall()
        many = self._rows.execute(
            "SELECT number FROM waiting GROUP BY number"
            " HAVING count(*) > ? OR count(*) > 1 AND sum(length(cells)) > ?",
            (BATCH, _BATCH_CHARACTERS),
        ).fetchall()
        reasons = [(words([_one_is_bad(number, line)]), number) for number, line in bad]
        reasons += [(words([_too_many(number)]), number) for (number,) in many]
        self._rows.executemany("UPDATE waiting SET why = ? WHERE number = ? AND why = ''", reasons)

    def complaints(
        self, plan: ImportMap, rows: MappedRows, words: Callable[[Sequence[Invalid]], str]
    ) -> Iterator[FileComplaint]:
        """The complaints in the order of their first rows in the file."""
        found = self._rows.execute(
            "SELECT number, line, cells, why FROM waiting JOIN"
            " (SELECT number, min(place) AS first FROM waiting GROUP BY number) USING (number)"
            " ORDER BY first, at IS NULL, at, place"
        )
        read = ((number, MappedRow(line, json.loads(c), {}), why) for number, line, c, why in found)
        for (_, is_kept_out), group in groupby(read, lambda each: (each[0], bool(each[2]))):
            if is_kept_out:
                yield from (FileComplaint([row.cells], row, why) for _, row, why in group)
                continue
            several = [row for _, row, _ in group]
            for row in several:
                rows.read_fields(row)
            row = plan.merged(several)
            yield FileComplaint([each.cells for each in several], row, words(plan.problems(row)))

    def close(self) -> None:
        """Forget everything."""
        self._rows.close()


def _one_is_bad(number: str, line: int) -> Invalid:
    return Invalid(
        N_(
            "Another row of number %(number)s cannot be read (line %(line)s). Correct that one; "
            "the rows of a number come in together."
        ),
        number=number,
        line=line,
    )


def _too_many(number: str) -> Invalid:
    return Invalid(
        N_(
            "Number %(number)s has more than %(most)s rows, or too long ones, which is no "
            "complaint. Check the column of external_id."
        ),
        number=number,
        most=BATCH,
    )

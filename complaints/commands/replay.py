"""`complaints replay`: what a calendar and a policy would have promised on historical rows.

Rows are streamed from file to file and nothing is stored; a row that cannot be judged is written
as invalid, never guessed.
"""

import csv
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import IO, Any

from complaints.domain.errors import Invalid
from complaints.formats.inputs import UnusableFile
from complaints.formats.instants import moment_writer
from complaints.formats.mapfile import MapFile
from complaints.formats.replay_policy import ReplayPolicy
from complaints.formats.rows import MappedRows, Read, map_rows

COLUMNS = (
    "external_id",
    "category",
    "received_at",
    "due_at",
    "closed_at",
    "state",
    "late_working_seconds",
)


class Verdict(StrEnum):
    """What a replay says about a row."""

    MET = "met"
    BREACHED = "breached"
    OPEN = "open"
    NO_RULE = "no_rule"
    INVALID = "invalid"


def run_replay(
    file: str | Path, map_path: str | Path, policy_path: str | Path, out_path: str | Path
) -> dict[str, int]:
    """Replay a CSV file under a policy and write `out_path`; return the counts.

    Keys of the counts: rows, met, breached, open, no_rule, invalid. Raises UnusableFile, a
    ValueError of one line, when a file cannot be used; `out_path` then stays as it was.
    """
    map_file = MapFile.load(map_path)
    map_file.require("received_at")
    if "group_by" in map_file.for_import:
        raise UnusableFile("group_by: a replay takes one row for one complaint; leave it out")
    policy = ReplayPolicy.load(policy_path)
    for name in policy.selecting:
        if name not in map_file.sources:
            raise UnusableFile(
                f"{Path(policy_path).name}: a rule selects by {name}, "
                f"which {Path(map_path).name} does not map"
            )
    with map_file.open(file) as lines, _replacing(out_path) as out:
        return replay(map_file, policy, lines, out)


def replay(
    map_file: MapFile, policy: ReplayPolicy, lines: Iterable[str], out: IO[str]
) -> dict[str, int]:
    """Evaluate each row of `lines` and write it to `out` in the same order; return the counts."""
    needed = ("external_id", "category", "received_at", "closed_at", *policy.selecting)
    rows = map_rows(map_file, lines, only=dict.fromkeys(needed))
    counts = {verdict.value: 0 for verdict in Verdict}
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(_judged(rows, policy, counts))
    return {"rows": sum(counts.values()), **counts}


def _judged(
    rows: MappedRows, policy: ReplayPolicy, counts: dict[str, int]
) -> Iterator[tuple[str | int | None, ...]]:
    """The cells to write for each row; `counts` grows as they are taken.

    This is the loop over very many rows: instants are epoch seconds, names are local.
    """
    read_id, read_category = rows.reader_of("external_id"), rows.reader_of("category")
    read_received, read_closed = rows.reader_of("received_at"), rows.reader_of("closed_at")
    further = [rows.reader_of(name) for name in policy.further]
    bulk_due_for, between = policy.bulk_due_for, policy.calendar.line.between
    shown = moment_writer(policy.calendar.tz)
    met, breached, still_open, no_rule, invalid = (verdict.value for verdict in Verdict)
    for cells, misplaced in rows.cells():
        if misplaced is not None:
            counts[invalid] += 1
            yield (None, None, None, None, None, invalid, None)
            continue
        try:
            number, category = read_id(cells), read_category(cells)
            received, closed = read_received(cells), read_closed(cells)
            key = (category, *[read(cells) for read in further]) if further else (category,)
        except Invalid:
            counts[invalid] += 1
            number, category = _if_fitting(read_id, cells), _if_fitting(read_category, cells)
            received, closed = _if_fitting(read_received, cells), _if_fitting(read_closed, cells)
            yield (number, category, shown(received), None, shown(closed), invalid, None)
            continue
        (count, by_clock), state, due, late = bulk_due_for(key), invalid, None, None
        if received is not None:
            try:
                due = None if count is None else count(received)
                if closed is None:
                    state = no_rule if due is None else still_open
                elif closed < received:
                    pass
                elif due is None:
                    state = no_rule
                elif closed <= due:
                    state, late = met, 0
                else:
                    # A rule of calendar days is late by the clock as well.
                    late = closed - due if by_clock else between(due, closed)
                    state = breached
            except ValueError:
                # The instants lie beyond the years a calendar can count.
                pass
        counts[state] += 1
        yield (
            number,
            category,
            shown(received),
            shown(due),
            shown(closed),
            state,
            late,
        )


def _if_fitting(read: Read, cells: list[str]) -> Any:
    """What a field says, None when that is not what it should say."""
    try:
        return read(cells)
    except Invalid:
        return None


@contextmanager
def _replacing(path: str | Path) -> Iterator[IO[str]]:
    """Write a file beside `path` and put it in its place when all went well."""
    target = Path(path)
    if target.exists() and not target.is_file():
        # A pipe or a terminal has no place to put a finished file in.
        with target.open("w", encoding="utf-8", newline="") as out:
            yield out
        return
    part = target.with_name(f"{target.name}.part")
    try:
        out = part.open("w", encoding="utf-8", errors="surrogateescape", newline="")
    except OSError as error:
        raise UnusableFile(f"{path}: {error.strerror or error}") from None
    try:
        with out:
            yield out
        os.replace(part, target)
    except BaseException:
        part.unlink(missing_ok=True)
        raise

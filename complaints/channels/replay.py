"""`complaints replay`: what a calendar and a policy would have promised on historical rows.

Rows are streamed from file to file and nothing is stored; a row that cannot be judged is written
as invalid, never guessed.
"""

import csv
import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import IO
from zoneinfo import ZoneInfo

from complaints.channels.inputs import UnusableFile
from complaints.channels.mapfile import MapFile
from complaints.channels.maprows import MappedRow, Value
from complaints.channels.replaypolicy import ReplayPolicy
from complaints.domain.worktime import WorkCalendar

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
    """Judge each row of `lines` and write it to `out` in the same order; return the counts."""
    needed = ("external_id", "category", "received_at", "closed_at", *policy.selecting)
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    counts: Counter[Verdict] = Counter()
    judge = _judge(policy)
    for row in map_file.rows(lines, only=dict.fromkeys(needed)):
        verdict, cells = judge(row)
        counts[verdict] += 1
        writer.writerow(cells)
    return {"rows": counts.total(), **{verdict.value: counts[verdict] for verdict in Verdict}}


def _judge(policy: ReplayPolicy) -> Callable[[MappedRow], tuple[Verdict, list[object]]]:
    """A function from a row to what is said about it and the cells to write."""
    selecting, calendar = policy.selecting, policy.calendar
    shown = _shown_in(calendar.tz)

    def judge(row: MappedRow) -> tuple[Verdict, list[object]]:
        fields = row.fields
        received, closed = fields.get("received_at"), fields.get("closed_at")
        due: datetime | None = None
        late: int | None = None
        verdict = Verdict.INVALID
        if isinstance(received, datetime) and not row.problems:
            rule = policy.rule_for(tuple([fields[name] for name in selecting]))
            try:
                due = None if rule is None else policy.due(rule, received)
                verdict, late = _verdict(calendar, received, due, closed)
            except ValueError:
                # The instants lie beyond the years a calendar can count.
                verdict = Verdict.INVALID
        return verdict, [
            fields.get("external_id"),
            fields.get("category"),
            shown(received),
            shown(due),
            shown(closed),
            verdict.value,
            late,
        ]

    return judge


def _verdict(
    calendar: WorkCalendar, received: datetime, due: datetime | None, closed: Value
) -> tuple[Verdict, int | None]:
    """What the instants amount to, with the working seconds of lateness where it was closed."""
    if not isinstance(closed, datetime):
        return (Verdict.OPEN if due is not None else Verdict.NO_RULE), None
    if closed < received:
        return Verdict.INVALID, None
    if due is None:
        return Verdict.NO_RULE, None
    if closed <= due:
        return Verdict.MET, 0
    return Verdict.BREACHED, calendar.between(due, closed)


def _shown_in(zone: ZoneInfo) -> Callable[[Value], str | None]:
    def shown(at: Value) -> str | None:
        return at.astimezone(zone).isoformat() if isinstance(at, datetime) else None

    return shown


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

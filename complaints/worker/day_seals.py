"""The file of daily seals: where every complaint's history stood, signed, outside the database.

A file for each database, a line of JSON after the other, each signed together with the line before
it; nothing in it is ever changed. A copy kept elsewhere proves what was cut or removed since.
"""

import fcntl
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, sessionmaker

from complaints.db import begin_snapshot
from complaints.domain.history import GENESIS, DayHead, day_hash
from complaints.models import (
    Complaint,
    CorrectiveAction,
    HistorySeal,
    ManagementReview,
    OtherContact,
    PublicPost,
    User,
)
from complaints.signing import history_key, history_keys
from complaints.worker.sweeps import JobResult, WorkerContext

#: Hexadecimal digits of a hash that the file keeps.
DIGITS = 20
#: Complaints in one line.
_IN_A_LINE = 1000
#: Seals that another transaction may have numbered and not stored yet when the last day was sealed.
_UNSTORED = 10_000


@dataclass(slots=True)
class SealFile:
    """What a file says: complaint → where its history stood last, and what is wrong with a line.

    `accounts`, `contacts`, `posts`, `actions` and `reviews` are where the histories of accounts, of
    contacts that are no complaint, of public posts, of corrective actions and of management reviews
    stood, by their ids.
    `upto` is the last seal of the database that the last whole day knew, `seals` how many there
    were up to it, `end` the hash of the last line, `day` the last day that was sealed whole (ISO,
    UTC).
    """

    heads: dict[int, DayHead] = field(default_factory=dict)
    accounts: dict[int, DayHead] = field(default_factory=dict)
    contacts: dict[int, DayHead] = field(default_factory=dict)
    posts: dict[int, DayHead] = field(default_factory=dict)
    actions: dict[int, DayHead] = field(default_factory=dict)
    reviews: dict[int, DayHead] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    day: str = ""
    upto: int = 0
    seals: int = 0
    end: str = GENESIS


def seal_the_day(context: WorkerContext, at: datetime) -> JobResult:
    """The worker's job: once a day."""
    if context.seals is None:
        return JobResult()
    return JobResult(write_seals(context.sessions, context.seals, at, is_daily=True) or 0)


def path_of_seals(session: Session, folder: Path) -> Path | None:
    """The file of this database; None where `complaints init` has not begun its seals."""
    query = select(HistorySeal.hash).where(HistorySeal.complaint_id == 0).order_by(HistorySeal.id)
    opening = session.scalar(query.limit(1))
    return None if opening is None else folder / f"{opening[:16]}.jsonl"


def write_seals(
    sessions: sessionmaker[Session], folder: Path, at: datetime, *, is_daily: bool = False
) -> int | None:
    """Append where every history that has grown stands now; returns how many, or None.

    None where the day is sealed already (`is_daily`), where another process writes the file at
    this moment, and where there are no seals to keep.
    """
    with sessions() as session:
        begin_snapshot(session)
        path = path_of_seals(session, folder)
        if path is None:
            return None
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(handle, "r+", encoding="utf-8") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return None
            before = _read(file)
            if is_daily and before.day == _day(at):
                return None
            count = _append(session, file, before, at)
            file.flush()
            os.fsync(file.fileno())
            return count


def read_seals(path: Path) -> SealFile:
    """Read and check a file of seals; OSError when it cannot be read."""
    with path.open(encoding="utf-8", errors="replace") as file:
        return _read(file)


def seals_missing(session: Session, file: SealFile) -> int:
    """How many of the seals that the file's last whole day counted are not there any more."""
    count = select(func.count(HistorySeal.id)).where(HistorySeal.id <= file.upto)
    return max(0, file.seals - (session.scalar(count) or 0))


def _append(session: Session, file: IO[str], before: SealFile, at: datetime) -> int:
    key, end, count = history_key(), before.end, 0
    upto, seals, complaints, entries = session.execute(
        select(
            select(func.coalesce(func.max(HistorySeal.id), 0)).scalar_subquery(),
            select(func.count(HistorySeal.id)).scalar_subquery(),
            func.count(Complaint.id),
            func.coalesce(func.sum(Complaint.history_seq), 0),
        )
    ).one()

    def write(line: dict[str, Any]) -> str:
        line = {"at": at.astimezone(UTC).isoformat(timespec="seconds"), **line, "key": key.id}
        signed = day_hash(key.key, end, line)
        file.write(json.dumps({**line, "prev": end, "hash": signed}) + "\n")
        return signed

    # Behind a line that was cut off as its process died.
    file.write("\n" if before.end != GENESIS else "")
    for heads in _grown(session, before):
        end = write({"heads": heads})
        count += len(heads)
    for kind, mapped, known in (
        ("accounts", User, before.accounts),
        ("contacts", OtherContact, before.contacts),
        ("posts", PublicPost, before.posts),
        ("actions", CorrectiveAction, before.actions),
        ("reviews", ManagementReview, before.reviews),
    ):
        query = select(mapped.id, mapped.history_seq, mapped.history_hash)
        query = query.where(mapped.history_seq > 0).order_by(mapped.id)
        for heads in _news(session, query, known):
            end = write({kind: heads})
            count += len(heads)
    figures = {"complaints": complaints, "entries": int(entries), "upto": upto, "seals": seals}
    write({"day": _day(at), **figures})
    return count


def _grown(session: Session, before: SealFile) -> Iterator[dict[str, list[Any]]]:
    """Where the histories stand that have grown since the last whole day, some at a time."""
    query = select(Complaint.id, Complaint.history_seq, Complaint.history_hash)
    if before.day:
        since = before.upto - _UNSTORED
        grown = select(HistorySeal.complaint_id).where(HistorySeal.id > since)
        query = query.where(Complaint.id.in_(grown))
    return _news(session, query.order_by(Complaint.id), before.heads)


def _news(
    session: Session, query: Select[int, int, str], before: Mapping[int, DayHead]
) -> Iterator[dict[str, list[Any]]]:
    """Id → where each history stands, of those that the file does not say so already."""
    rows = session.execute(query.execution_options(yield_per=_IN_A_LINE))
    for part in rows.partitions():
        heads = {
            str(row.id): [row.history_seq, row.history_hash[:DIGITS]]
            for row in part
            if _is_news(before.get(row.id), row.history_seq, row.history_hash)
        }
        if heads:
            yield heads


def _is_news(known: DayHead | None, seq: int, digest: str) -> bool:
    return known is None or (known.seq, known.hash) != (seq, digest[:DIGITS])


def _read(file: IO[str]) -> SealFile:
    found, keys = SealFile(), history_keys()
    file.seek(0)
    for number, text in enumerate(file, start=1):
        line = _line(text)
        if line is None:
            # Cut off as its process died; where it was more, the next line does not follow.
            continue
        hung_on, signed = line.pop("prev"), line.pop("hash")
        key = keys.get(str(line.get("key")))
        if hung_on != found.end:
            found.faults.append(f"line {number} does not follow the line before it")
        elif key is None:
            found.faults.append(f"line {number} is signed with a key that is not set here")
        elif day_hash(key, hung_on, line) != signed:
            found.faults.append(f"line {number} was changed")
        found.end = signed
        day = str(line["at"])[:10]
        for kind, heads in (
            ("heads", found.heads),
            ("accounts", found.accounts),
            ("contacts", found.contacts),
            ("posts", found.posts),
            ("actions", found.actions),
            ("reviews", found.reviews),
        ):
            for name, (seq, digest) in line.get(kind, {}).items():
                heads[int(name)] = DayHead(day, seq, digest)
        if "day" in line:
            found.day, found.upto = line["day"], line["upto"]
            found.seals = line.get("seals", 0)
    return found


def _line(text: str) -> dict[str, Any] | None:
    try:
        line = json.loads(text)
    except ValueError:
        return None
    is_whole = isinstance(line, dict) and {"at", "prev", "hash"} <= line.keys()
    return line if is_whole else None


def _day(at: datetime) -> str:
    return at.astimezone(UTC).date().isoformat()

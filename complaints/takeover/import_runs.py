"""Files that administrators hand in: kept, mapped, checked, taken over, and emptied afterwards.

What becomes of the rows is decided by the import; here is how far each file is. A file that a
worker left behind is taken up by the next one, and nothing comes in twice.
"""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Boolean, ColumnElement, literal_column, select, update
from sqlalchemy.orm import Session

from complaints.domain.errors import N_, NotFound, Refused
from complaints.domain.permissions import Actor, Permission, require
from complaints.domain.words.kept_refusals import keep_refusal
from complaints.models import ImportRun
from complaints.models.import_run import WAITS
from complaints.rows import Written, note_written

#: A worker that tells nothing for so long has left the file behind.
LEASE = timedelta(minutes=3)
#: How long contents and rejected rows, which hold what customers said, are kept after the end.
KEEP = timedelta(days=30)
#: A file that could not be read so often stays where it is.
MOST_ATTEMPTS = 3
CHECKING, IMPORTING = "checking", "importing"
_NEXT = {CHECKING: "checked", IMPORTING: "done"}
COUNTS = ("read", "created", "grouped", "already_there", "rejected")


def keep_file(
    session: Session, *, name: str, text: str, rows: int, by: Actor, at: datetime
) -> ImportRun:
    """Keep a file that was handed in; nothing is taken over yet."""
    require(by, Permission.ADMINISTER)
    run = ImportRun(
        file_name=name[:200] or "import.csv",
        content=text,
        state="uploaded",
        by_id=by.id,
        by_name=by.name,
        uploaded_at=at,
        changed_at=at,
        total=rows,
    )
    session.add(run)
    session.flush()
    return run


def set_map(
    session: Session, run: ImportRun, given: Mapping[str, Any], *, by: Actor, at: datetime
) -> None:
    """Keep which column is which of our fields; an earlier check counts no more."""
    require(by, Permission.ADMINISTER)
    if run.state not in ("uploaded", "checked", "failed", "done") or not run.content:
        raise Refused(N_("This file is being read. Wait until that is done."))
    run.map, run.state, run.why, run.rejects, run.changed_at = dict(given), "uploaded", "", "", at
    _count(run, dict.fromkeys(COUNTS, 0))
    session.flush()


def order(session: Session, run_id: int, state: str, *, by: Actor, at: datetime) -> None:
    """Have the worker check the file, or take over a checked one; asked twice, done once."""
    require(by, Permission.ADMINISTER)
    before = ("uploaded", "failed") if state == CHECKING else ("checked",)
    session.execute(
        update(ImportRun)
        .where(ImportRun.id == run_id, ImportRun.state.in_(before), ImportRun.content != "")
        .values(
            state=state,
            changed_at=at,
            leased_until=None,
            attempts=0,
            why="",
            rejects="",
            **dict.fromkeys(COUNTS, 0),
        )
    )
    note_written(session, Written(ImportRun, ids=[run_id]))


def is_waiting(session: Session, at: datetime) -> bool:
    """Whether any file waits that nobody has."""
    return session.scalar(select(ImportRun.id).where(*_free(at)).limit(1)) is not None


def claim(session: Session, at: datetime) -> ImportRun | None:
    """The next file that waits, and that nobody has; None when there is none."""
    query = select(ImportRun).where(*_free(at)).order_by(ImportRun.id).limit(1)
    run = session.scalar(query.with_for_update(skip_locked=True))
    if run is None:
        return None
    if run.attempts >= MOST_ATTEMPTS:
        run.state, run.changed_at = "failed", at
        session.flush()
        return None
    run.attempts += 1
    run.leased_until = at + LEASE
    session.flush()
    return run


def tell_progress(session: Session, run_id: int, counts: Mapping[str, int], at: datetime) -> None:
    """How far the worker is, and that it is alive; what the rows became is sealed at the end."""
    session.execute(
        update(ImportRun)
        .where(ImportRun.id == run_id)
        .values(leased_until=at + LEASE, changed_at=at, read=counts["read"])
    )


def end_run(
    session: Session, run_id: int, counts: Mapping[str, int], rejects: str, at: datetime
) -> None:
    """The file has been read to its end."""
    run = get_run(session, run_id)
    run.state = _NEXT[run.state]
    run.rejects, run.changed_at, run.leased_until = rejects, at, None
    _count(run, counts)


def fail_run(session: Session, run_id: int, why: Exception, at: datetime) -> None:
    """The file or its map cannot be used; why, is kept for readers of either language."""
    run = get_run(session, run_id)
    kept = json.dumps(keep_refusal(why)) if isinstance(why, Refused) else str(why)[:1000]
    run.state, run.why, run.changed_at, run.leased_until = "failed", kept, at, None


def give_back(session: Session, run_id: int) -> None:
    """Let the next worker have it at once."""
    session.execute(
        update(ImportRun)
        .where(ImportRun.id == run_id)
        .values(leased_until=None, attempts=ImportRun.attempts - 1)
    )


def get_run(session: Session, run_id: int) -> ImportRun:
    """One file; NotFound when there is none."""
    run = session.get(ImportRun, run_id)
    if run is None:
        raise NotFound(N_("There is no such import."))
    return run


def empty_old(session: Session, at: datetime) -> int:
    """Empty the files whose time is over; the counts stay."""
    found = session.execute(
        update(ImportRun)
        .where(
            ImportRun.changed_at < at - KEEP,
            ImportRun.state.not_in((CHECKING, IMPORTING)),
            ImportRun.content != "",
        )
        .values(content="", rejects="")
    )
    return int(getattr(found, "rowcount", 0))


def _free(at: datetime) -> tuple[ColumnElement[bool], ...]:
    is_free = ImportRun.leased_until.is_(None) | (ImportRun.leased_until < at)
    # In these words, as the index has them.
    return (literal_column(WAITS, Boolean), is_free)


def _count(run: ImportRun, counts: Mapping[str, int]) -> None:
    for name in COUNTS:
        setattr(run, name, counts[name])

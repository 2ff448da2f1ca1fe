"""Keeping the sums of the reports: what changed is computed again, and the cells follow.

Computed is what stood at one moment, without a lock; written down is only what nobody else wrote
meanwhile. Whoever changes a complaint in between leaves a mark that is newer, and stays.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from json import dumps
from typing import Any

from sqlalchemy import delete, func, insert, select
from sqlalchemy.dialects.sqlite import insert as insert_on_sqlite
from sqlalchemy.orm import Session, sessionmaker

from complaints.db import begin_snapshot, take_turns
from complaints.models import Complaint, ReportCell, ReportFacts, ReportState, StaleReport
from complaints.models.summaries import WIDTH
from complaints.queries.reports.summaries.facts import Computed, compute_facts
from complaints.queries.reports.summaries.shapes import CellKey, Facts, Numbers
from complaints.queries.reports.summaries.state import (
    BUILDING,
    ONLY,
    calendars_of,
    known_calendars,
    stale_ids,
)
from complaints.rows import among, insert_rows, table_of
from complaints.rulebook import current_rules
from complaints.sums.add_up import add_up_days

#: So many complaints are written down with one transaction.
BATCH = 300
#: Under this name whoever writes sums takes turns.
TURN = "sums of the reports"
_CELLS = table_of(ReportCell)
_NUMBERS = tuple(f"n{place}" for place in range(WIDTH))
_COLUMNS = ("branch_id", "part", "block", "key", *_NUMBERS)
_ADD_ON_POSTGRESQL = (
    "INSERT INTO report_cells AS kept SELECT * FROM json_populate_recordset("
    "NULL::report_cells, %s::json) ON CONFLICT (branch_id, part, block, key) DO UPDATE SET "
    + ", ".join(
        f"{name} = nullif(coalesce(kept.{name}, 0) + coalesce(excluded.{name}, 0), 0)"
        for name in _NUMBERS
    )
)


@dataclass(frozen=True, slots=True)
class _Read:
    """What was found at one moment: the facts of complaints, the marks, and the calendars.

    `known` are the calendars of the sums that there are.
    """

    computed: Mapping[int, Computed]
    marks: Sequence[int]
    versions: Mapping[int, int]
    calendars: str
    known: str | None


def refresh_sums(sessions: sessionmaker[Session], now: datetime, limit: int = BATCH) -> int:
    """Compute again what changed, up to so many complaints; how many there were.

    Safe beside any number of others who do the same.
    """
    with sessions() as session:
        begin_snapshot(session)
        calendars = calendars_of(current_rules(session))
        is_new = known_calendars(session) not in (calendars, BUILDING + calendars)
    if is_new:
        begin_anew(sessions, calendars)
    with sessions() as session:
        begin_snapshot(session)
        found = _read(session, stale_ids(session, now, limit), now)
    is_building = found.known == BUILDING + found.calendars
    if not is_building and found.known != found.calendars:
        return 0
    # Whatever changes from here on leaves a mark: with what was found all is there.
    is_last = is_building and len(found.computed) < limit
    if found.computed or found.marks or is_last:
        with sessions.begin() as session:
            take_turns(session, TURN)
            if known_calendars(session) == found.known:
                _write(session, found)
                if is_last:
                    add_up_days(session, found.calendars)
    return len(found.computed) or len(found.marks)


def begin_anew(sessions: sessionmaker[Session], calendars: str) -> None:
    """Forget all sums and have them computed again; until they are, reports count the rows.

    `calendars` are those under which they will be.
    """
    with sessions.begin() as session:
        take_turns(session, TURN)
        for table in (ReportState, ReportCell, ReportFacts, StaleReport):
            session.execute(delete(table))
        session.execute(insert(StaleReport).from_select(["complaint_id"], select(Complaint.id)))
        session.execute(insert(ReportState).values(id=ONLY, calendars=BUILDING + calendars))


def _read(session: Session, ids: Collection[int], now: datetime) -> _Read:
    rules = current_rules(session)
    given = list(ids)
    marks = select(StaleReport.id).where(among(session, StaleReport.complaint_id, given))
    versions = select(ReportFacts.complaint_id, ReportFacts.version)
    versions = versions.where(among(session, ReportFacts.complaint_id, given))
    return _Read(
        compute_facts(session, given, rules, now) if given else {},
        list(session.scalars(marks)) if given else [],
        {row.complaint_id: row.version for row in session.execute(versions)} if given else {},
        calendars_of(rules),
        known_calendars(session),
    )


def _write(session: Session, found: _Read) -> None:
    """Write down the facts that nobody else wrote meanwhile, and the cells that they change."""
    ids = list(found.computed)
    query = select(ReportFacts.complaint_id, ReportFacts.version, ReportFacts.body)
    query = query.where(among(session, ReportFacts.complaint_id, ids))
    stored = {row.complaint_id: row for row in session.execute(query)}
    deltas: dict[CellKey, list[int]] = defaultdict(lambda: [0] * WIDTH)
    new: list[dict[str, Any]] = []
    changed: list[dict[str, Any]] = []
    done: set[int] = set()
    cells = Facts.cells if found.known == found.calendars else Facts.days
    for complaint_id, each in found.computed.items():
        kept = stored.get(complaint_id)
        if (kept.version if kept else None) != found.versions.get(complaint_id):
            continue
        done.add(complaint_id)
        body = each.facts.as_text()
        row = {
            "complaint_id": complaint_id,
            "version": kept.version + 1 if kept else 1,
            "valid_after": each.valid_after,
            "valid_until": each.valid_until,
            "body": body,
        }
        (changed if kept else new).append(row)
        if kept is None or kept.body != body:
            _spread(deltas, cells(each.facts), 1)
            if kept is not None:
                _spread(deltas, cells(Facts.read(kept.body)), -1)
    if new:
        insert_rows(session, ReportFacts, new)
    _update_facts(session, changed)
    _add_to_cells(session, deltas)
    _drop_marks(session, found, done)


def _spread(
    deltas: dict[CellKey, list[int]], cells: Iterable[tuple[CellKey, Numbers]], sign: int
) -> None:
    for cell, numbers in cells:
        kept = deltas[cell]
        for place, number in enumerate(numbers):
            kept[place] += sign * number


def _update_facts(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    table = table_of(ReportFacts)
    if rows:
        ids = [row["complaint_id"] for row in rows]
        session.execute(delete(table).where(among(session, table.c.complaint_id, ids)))
        insert_rows(session, ReportFacts, rows)


def _add_to_cells(session: Session, deltas: Mapping[CellKey, Sequence[int]]) -> None:
    rows = [
        dict(zip(_COLUMNS, (*cell, *(each or None for each in numbers)), strict=True))
        for cell, numbers in sorted(deltas.items())
        if any(numbers)
    ]
    if not rows:
        return
    if session.get_bind().dialect.name == "postgresql":
        session.connection().exec_driver_sql(_ADD_ON_POSTGRESQL, (dumps(rows),))
        return
    statement = insert_on_sqlite(_CELLS)
    adding = {
        name: func.nullif(
            func.coalesce(_CELLS.c[name], 0) + func.coalesce(statement.excluded[name], 0), 0
        )
        for name in _NUMBERS
    }
    whole = statement.on_conflict_do_update(index_elements=_CELLS.primary_key, set_=adding)
    session.connection().execute(whole, rows)


def _drop_marks(session: Session, found: _Read, done: Collection[int]) -> None:
    """Forget the marks that were there when the facts were read, of what was written down.

    Of an id that no complaint has they are forgotten as well.
    """
    table = table_of(StaleReport)
    left = set(found.computed) - set(done)
    statement = delete(table).where(among(session, table.c.id, found.marks))
    if left:
        statement = statement.where(~among(session, table.c.complaint_id, sorted(left)))
    session.execute(statement)

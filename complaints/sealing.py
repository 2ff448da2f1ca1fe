"""Seals: as a transaction ends, what it wrote of a complaint's records becomes a line of its chain.

What belongs to no complaint (customers, accounts, rules) is sealed by itself, some hundred records
of a table in one place. What is written through the session is seen here; what is written past it
is noted by `rows.py`, and by `note_written` where a statement changes rows by itself.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from secrets import token_hex
from typing import Any, TypeAlias

from sqlalchemy import event, func, inspect, select
from sqlalchemy.orm import Session, SessionTransaction
from sqlalchemy.orm.attributes import set_committed_value

from complaints.db import Base
from complaints.domain.history import GENESIS, HistoryHead, record_mark, seal_hash, signed_names
from complaints.models import (
    AccountEntry,
    Complaint,
    Customer,
    HistoryEntry,
    HistorySeal,
    OutboxMessage,
    StaleReport,
)
from complaints.models.summaries import COUNTED
from complaints.rows import (
    WRITTEN,
    Row,
    Rows,
    Written,
    among,
    default_of,
    insert_together,
    note_written,
    table_of,
    update_rows,
)
from complaints.signing import history_key

#: In the notes of a session: customers of whom something changed that reports are divided by.
_CUSTOMERS = "customers counted otherwise"
_COUNTED_OF_CUSTOMERS = ("tier", "needs")
#: In the notes of a session: how much was written before each savepoint.
_MARKS = "written before"
_HEAD = ("id", "history_seq", "history_hash")
#: Rows read again with one statement.
_AT_ONCE = 500
#: Table → key of the record → its mark; the marks of rows without a key in a list under "".
Content: TypeAlias = dict[str, dict[str, Any]]

#: The tables whose rows are sealed: those of complaints, and those of what belongs to none.
SEALED: tuple[type[Base], ...] = tuple(
    mapper.class_ for mapper in Base.registry.mappers if mapper.class_.sealed_by is not None
)
OF_COMPLAINTS = tuple(
    each
    for each in SEALED
    if each is Complaint or ("complaint_id" in table_of(each).columns and not each.sealed_apart)
)
REGISTERS = tuple(each for each in SEALED if each not in OF_COMPLAINTS)
#: Registers that had rows before they were sealed: an older database says nowhere that they are.
_SEALED_LATER = frozenset(
    {
        "attachment_views",
        "channel_messages",
        "contact_files",
        "corrective_actions",
        "import_runs",
        "inbound_messages",
        "management_reviews",
        "public_posts",
        "spikes",
    }
)
#: Records of each register that are sealed in one place.
IN_A_PLACE = 500

_NUMBERED: tuple[type[Base], ...] = (HistoryEntry, AccountEntry, *OF_COMPLAINTS)


def place_in_registers(record_id: int) -> int:
    """Under which number, in the place of a complaint's, a record of a register is sealed."""
    return -1 - record_id // IN_A_PLACE


@cache
def sealed_columns(mapped: type[Base]) -> Mapping[str, str]:
    """The columns that a seal covers, and the name each is signed under, in the order of those."""
    names = (each.name for each in table_of(mapped).columns if each.name not in mapped.unsealed)
    signed = {name: mapped.sealed_as.get(name, name) for name in names}
    return dict(sorted(signed.items(), key=lambda each: each[1]))


@cache
def sealed_names(mapped: type[Base]) -> tuple[str, ...]:
    """The same columns as the text that is signed has them."""
    return signed_names(sealed_columns(mapped))


def open_seals(session: Session) -> None:
    """Say, signed, up to which id every table holds rows from before there were seals.

    What is newer than that and has no seal was not written by us. Registers are sealed as they
    stand, and a line says which ones are. Done once, by `complaints init`; where all that is there
    already it does nothing.
    """
    if session.scalar(select(HistorySeal.id).limit(1)) is None:
        _open_complaints(session)
    known = _known_registers(session)
    new = [each for each in REGISTERS if each.__tablename__ not in known]
    if new:
        _seal_registers(session, new)
        content = {"registers": sorted(each.__tablename__ for each in REGISTERS)}
        insert_together(session, Rows(HistorySeal, [_seal(0, HistoryHead(0, GENESIS), content)]))


def _open_complaints(session: Session) -> None:
    until = {
        mapped.__tablename__: session.scalar(select(func.max(table_of(mapped).c.id))) or 0
        for mapped in _NUMBERED
    }
    head = HistoryHead(0, GENESIS)
    # No two databases begin alike, so that each has its own file of daily seals.
    content = {"until": until, "of": token_hex(8)}
    insert_together(session, Rows(HistorySeal, [_seal(0, head, content)]))


def _known_registers(session: Session) -> Collection[str]:
    """The tables of the registers that are sealed already."""
    if session.scalar(select(HistorySeal.id).where(HistorySeal.complaint_id < 0).limit(1)) is None:
        return ()
    query = select(HistorySeal.content).where(HistorySeal.complaint_id == 0)
    told = [each["registers"] for each in session.scalars(query) if "registers" in each]
    if not told:
        return {each.__tablename__ for each in REGISTERS} - _SEALED_LATER
    return set().union(*told)


def _seal_registers(session: Session, registers: Collection[type[Base]]) -> None:
    for mapped in registers:
        ids = session.scalars(select(table_of(mapped).c.id)).all()
        for start in range(0, len(ids), _AT_ONCE):
            note_written(session, Written(mapped, ids=ids[start : start + _AT_ONCE]))
            seal_written(session)


def seal_written(session: Session) -> None:
    """Seal what this transaction has written so far; done by itself before every commit."""
    session.flush()
    log: Sequence[Written] | None = session.info.pop(WRITTEN, None)
    if not log:
        return
    gathered = _Gathered()
    for written in log:
        gathered.take(written)
    gathered.read_again(session)
    if gathered.found or gathered.nameless or gathered.heads:
        _store(session, gathered)
    session.info.pop(WRITTEN, None)


def _store(session: Session, gathered: "_Gathered") -> None:
    contents: dict[int, Content] = {}
    held: set[int] = set()
    # Whose history grew, whose figures may differ; see docs/figures.md.
    counted = set(gathered.heads)
    for mapped, key, row in gathered.all():
        complaint_id = _sealed_under(mapped, row)
        if complaint_id is None:
            continue
        if mapped.__tablename__ in COUNTED:
            counted.add(complaint_id)
        if complaint_id > 0 and mapped is not OutboxMessage:
            held.add(complaint_id)
        marks = contents.setdefault(complaint_id, {}).setdefault(mapped.__tablename__, {})
        name = mapped.__tablename__
        columns = sealed_columns(mapped)
        mark = record_mark(history_key().key, name, columns, [row[each] for each in columns])
        if key == "":
            marks.setdefault("", []).append(mark)
        else:
            marks[str(key)] = mark
    heads = gathered.all_heads(session, held)
    seals = [
        _seal(complaint_id, heads.get(complaint_id, HistoryHead(0, "")), contents[complaint_id])
        for complaint_id in sorted(contents)
    ]
    counted.update(_counted_otherwise(session))
    stale = [{"complaint_id": each} for each in sorted(counted)]
    insert_together(session, Rows(HistorySeal, seals), Rows(StaleReport, stale))
    ends = [
        {"id": seal["complaint_id"], "history_hash": seal["hash"]}
        for seal in seals
        if seal["complaint_id"] in heads
    ]
    update_rows(session, Complaint, ends)
    for end in ends:
        loaded = session.identity_map.get(
            inspect(Complaint).identity_key_from_primary_key((end["id"],))
        )
        if loaded is not None and "history_hash" in vars(loaded):
            set_committed_value(loaded, "history_hash", end["history_hash"])


def _counted_otherwise(session: Session) -> Iterator[int]:
    """The complaints of customers whose tier or needs changed."""
    ids = session.info.pop(_CUSTOMERS, None)
    if ids:
        query = select(table_of(Complaint).c.id)
        query = query.where(among(session, table_of(Complaint).c.customer_id, sorted(ids)))
        yield from session.connection().scalars(query)


def _sealed_under(mapped: type[Base], row: Mapping[str, Any]) -> int | None:
    """The complaint of a record, or the place of one of a register; None for other letters."""
    if mapped in REGISTERS:
        return place_in_registers(row["id"])
    complaint_id: int | None = row["id" if mapped is Complaint else "complaint_id"]
    return complaint_id


def _seal(complaint_id: int, head: HistoryHead, content: Mapping[str, Any]) -> Row:
    key = history_key()
    return {
        "complaint_id": complaint_id,
        "seq": head.seq,
        "content": content,
        "prev_hash": head.hash,
        "hash": seal_hash(key.key, head.hash, complaint_id, head.seq, content),
        "key_id": key.id,
    }


@dataclass(slots=True)
class _Gathered:
    """The rows that a transaction wrote, each as it is in the end, by table and key."""

    found: dict[type[Base], dict[Any, Mapping[str, Any]]] = field(default_factory=dict)
    #: Rows without a key, which never change.
    nameless: list[tuple[type[Base], Mapping[str, Any]]] = field(default_factory=list)
    ids: dict[type[Base], set[int]] = field(default_factory=dict)
    complaints: dict[type[Base], set[int]] = field(default_factory=dict)
    #: Ends of histories that are known.
    heads: dict[int, HistoryHead] = field(default_factory=dict)

    def take(self, written: Written) -> None:
        """Take in what is known of rows, and note which are to be read again."""
        mapped = written.table
        self.ids.setdefault(mapped, set()).update(written.ids)
        self.complaints.setdefault(mapped, set()).update(written.complaints)
        self.heads.update(written.heads)
        for each in written.rows:
            if isinstance(each, Base):
                row = _known(each)
                if row is None:
                    (key,) = inspect(each).identity or ()
                    self.ids[mapped].add(key)
                    continue
            else:
                row = _filled(mapped, each)
            self._keep(mapped, row)

    def _keep(self, mapped: type[Base], row: Mapping[str, Any]) -> None:
        if not mapped.sealed_by:
            self.nameless.append((mapped, row))
        elif (key := row.get(mapped.sealed_by)) is None:
            self.complaints[mapped].add(row["complaint_id"])
        else:
            self.found.setdefault(mapped, {})[key] = row

    def read_again(self, session: Session) -> None:
        """Read what is not known as it is now."""
        for mapped, ids in self.ids.items():
            for row in _read(session, mapped, "id", ids, _needed(mapped)):
                self._keep(mapped, row)
        for mapped, complaints in self.complaints.items():
            for row in _read(session, mapped, "complaint_id", complaints, _needed(mapped)):
                self._keep(mapped, row)

    def all(self) -> Iterator[tuple[type[Base], Any, Mapping[str, Any]]]:
        """Table, key and row of each."""
        for mapped, rows in self.found.items():
            for key, row in rows.items():
                yield mapped, key, row
        for mapped, row in self.nameless:
            yield mapped, "", row

    def all_heads(self, session: Session, held: Collection[int]) -> dict[int, HistoryHead]:
        """Where the histories of these complaints end: a history only grows, so the furthest.

        An object that was loaded before a sweep wrote of its complaint does not know of it.
        """
        known = self.found.get(Complaint, {})
        rows = [known[each] for each in held if each in known]
        unknown = [each for each in held if each not in known and each not in self.heads]
        rows += _read(session, Complaint, "id", unknown, _HEAD, is_locking=True)
        ends = {row["id"]: HistoryHead(row["history_seq"], row["history_hash"]) for row in rows}
        for each in held:
            noted = self.heads.get(each)
            if noted and (each not in ends or noted.seq > ends[each].seq):
                ends[each] = noted
        return ends


def _read(
    session: Session,
    mapped: type[Base],
    column: str,
    values: Collection[int],
    names: Sequence[str],
    *,
    is_locking: bool = False,
) -> Iterator[Mapping[str, Any]]:
    """Rows by the values of a column: their columns with these names."""
    table, ordered = table_of(mapped), sorted(values)
    columns = [table.c[each] for each in names]
    for start in range(0, len(ordered), _AT_ONCE):
        some = ordered[start : start + _AT_ONCE]
        query = select(*columns).where(among(session, table.c[column], some))
        query = query.with_for_update() if is_locking else query
        yield from map(dict, session.connection().execute(query).mappings().all())


@cache
def _needed(mapped: type[Base]) -> Sequence[str]:
    """The columns of a row that sealing asks for; others may hold a whole file."""
    names = {*sealed_columns(mapped), "id", "complaint_id", *(_HEAD if mapped is Complaint else ())}
    return [each.name for each in table_of(mapped).columns if each.name in names]


def _known(row: Base) -> Mapping[str, Any] | None:
    """An object's columns as they are stored, None when it does not hold all that is needed."""
    values = vars(row)
    state = inspect(row)
    assert state is not None
    needed = _needed(type(row))
    if state.expired_attributes.isdisjoint(needed) and all(name in values for name in needed):
        return values
    return None


def _filled(mapped: type[Base], row: Mapping[str, Any]) -> Mapping[str, Any]:
    defaults = _defaults(mapped)
    return row if row.keys() >= defaults.keys() else {**defaults, **row}


@cache
def _defaults(mapped: type[Base]) -> dict[str, Any]:
    columns = table_of(mapped).columns
    return {each.name: default_of(each) for each in columns if each.name != "id"}


@event.listens_for(Session, "after_flush")
def _note_flushed(session: Session, _context: object) -> None:
    for each in (*session.new, *session.dirty):
        if each.sealed_by is not None:
            note_written(session, Written(type(each), [each]))
    for each in session.dirty:
        if isinstance(each, Customer):
            state = inspect(each)
            if any(state.attrs[name].history.has_changes() for name in _COUNTED_OF_CUSTOMERS):
                session.info.setdefault(_CUSTOMERS, set()).add(each.id)


@event.listens_for(Session, "before_commit")
def _seal_before_commit(session: Session) -> None:
    if not session.in_nested_transaction():
        seal_written(session)
        session.info.pop(_MARKS, None)


@event.listens_for(Session, "after_transaction_create")
def _mark_savepoint(session: Session, transaction: SessionTransaction) -> None:
    if transaction.nested:
        count = len(session.info.get(WRITTEN, ()))
        session.info.setdefault(_MARKS, {})[transaction] = count


@event.listens_for(Session, "after_soft_rollback")
def _forget_rolled_back(session: Session, transaction: SessionTransaction) -> None:
    count = session.info.get(_MARKS, {}).pop(transaction, None)
    if transaction.nested:
        del session.info.get(WRITTEN, [])[count or 0 :]
    elif transaction.parent is None:
        session.info.pop(WRITTEN, None)

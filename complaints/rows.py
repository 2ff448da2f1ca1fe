"""Many rows written at once: ids taken ahead, and plain inserts and updates past the session."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from json import dumps
from typing import Any, TypeAlias

from sqlalchemy import (
    ARRAY,
    Column,
    ColumnElement,
    Insert,
    Integer,
    Table,
    Update,
    any_,
    bindparam,
    func,
    insert,
    literal,
    select,
    tuple_,
    update,
)
from sqlalchemy.orm import Session, make_transient_to_detached
from sqlalchemy.orm.attributes import set_committed_value
from sqlalchemy.sql.dml import ReturningInsert
from sqlalchemy.sql.schema import CallableColumnDefault, ScalarElementColumnDefault

from complaints.db import Base, as_stored
from complaints.domain.history import HistoryHead

Row: TypeAlias = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Rows:
    """Plain rows of one table, all of the same columns."""

    table: type[Base]
    rows: Sequence[Mapping[str, Any]]

    def __len__(self) -> int:
        return len(self.rows)


def among(session: Session, column: Any, ids: Collection[int]) -> ColumnElement[bool]:
    """Whether an id is one of these; one statement to PostgreSQL however many they are."""
    if is_postgresql(session):
        return column == any_(literal(list(ids), ARRAY(Integer)))
    found: ColumnElement[bool] = column.in_(ids)
    return found


def among_given(on_postgresql: bool, column: Any, name: str, of: Any = Integer) -> Any:
    """Like `among`, of values told under this name whenever the statement is asked anew."""
    if on_postgresql:
        return column == any_(bindparam(name, type_=ARRAY(of)))
    return column.in_(bindparam(name, expanding=True))


def is_postgresql(session: Session) -> bool:
    """Whether this session speaks to PostgreSQL; statements that are kept differ by it."""
    return session.get_bind().dialect.name == "postgresql"


def among_pairs(
    session: Session, columns: tuple[Any, Any], pairs: Collection[tuple[int, int]]
) -> ColumnElement[bool]:
    """Whether two numbers are one of these pairs; each is looked up in an index of both."""
    if not is_postgresql(session):
        return tuple_(*columns).in_(pairs)
    each = zip(*pairs, strict=True) if pairs else ((), ())
    told = func.unnest(*(literal(list(ids), ARRAY(Integer)) for ids in each))
    given = told.table_valued("first", "second").render_derived()
    return tuple_(*columns).in_(select(given.c.first, given.c.second))


def reserve_ids(session: Session, table: type[Base], count: int) -> list[int]:
    """Take `count` ids of a table for rows that will be inserted within this transaction."""
    return reserve_all(session, {table: count})[table]


def reserve_all(session: Session, counts: Mapping[type[Base], int]) -> dict[type[Base], list[int]]:
    """Take ids of several tables in one query, for rows inserted within this transaction.

    Rows that name each other can then be written at once. SQLite lets one transaction write at a
    time, so what follows its highest id is ours.
    """
    connection = session.connection()
    if connection.dialect.name == "postgresql":
        arms = ", ".join(
            f"ARRAY(SELECT nextval('{table.__tablename__}_id_seq')"
            f" FROM generate_series(1, {count:d}))"
            for table, count in counts.items()
        )
        taken = connection.exec_driver_sql(f"SELECT {arms}").one()
        return dict(zip(counts, taken, strict=True))
    arms = ", ".join(
        f"(SELECT coalesce(max(id), 0) FROM {table.__tablename__})" for table in counts
    )
    highest = connection.exec_driver_sql(f"SELECT {arms}").one()
    return {
        table: list(range(last + 1, last + 1 + count))
        for last, (table, count) in zip(highest, counts.items(), strict=True)
    }


#: In the notes of a session: what it wrote, for the seal of the history (`sealing.py`).
WRITTEN = "written"


@dataclass(frozen=True, slots=True)
class Written:
    """Rows of one table that a transaction wrote.

    Rows as they are now, of all columns but the id and what stands by default; or else the `ids`
    of rows, or the `complaints` of which any row may have changed, to be read again. `heads` are
    where the histories of locked complaints end by now.
    """

    table: type[Base]
    rows: Sequence[Any] = ()
    ids: Collection[int] = ()
    complaints: Collection[int] = ()
    heads: Mapping[int, HistoryHead] = field(default_factory=dict)


def note_written(session: Session, written: Written) -> None:
    """Note what was written past the session's objects, so that the history's seal covers it."""
    if written.table.sealed_by is not None:
        session.info.setdefault(WRITTEN, []).append(written)


def insert_together(session: Session, *groups: Sequence[Base] | Rows) -> None:
    """Insert new objects and plain rows of several tables, several times as fast as the session.

    With one statement where one does. Objects stay outside the session; what the database would
    fill in later (an id) is not read back.

    They may name each other by id: foreign keys are looked at when all are there. Parents come
    first for the database that looks at once. PostgreSQL is told the rows as JSON.
    """
    connection = session.connection()
    if connection.dialect.name != "postgresql":
        for group in groups:
            if group:
                table, plain = _plain(group)
                connection.execute(_insert(table_of(table)), plain)
                note_written(session, Written(table, plain))
        return
    filled = [_filled(group) for group in groups if group]
    if filled:
        statement = _insert_of(tuple(columns for columns, _ in filled))
        connection.exec_driver_sql(statement, tuple(_told(rows) for _, rows in filled))
        for group, (_, rows) in zip(filter(len, groups), filled, strict=True):
            mapped = group.table if isinstance(group, Rows) else type(group[0])
            note_written(session, Written(mapped, rows))


def insert_one(session: Session, row: Base) -> None:
    """Insert one new object outside the session, and give it its id where it has none."""
    table = table_of(type(row))
    cells = _cells(row, _columns_to_fill(row))
    given_id: int = session.connection().execute(_insert_asking(table), cells).scalar_one()
    set_committed_value(row, "id", given_id)
    note_written(session, Written(type(row), [{**cells, "id": given_id}]))


def _plain(group: Sequence[Base] | Rows) -> tuple[type[Base], list[Mapping[str, Any]]]:
    """The table of a group and its rows as they are inserted one by one."""
    if isinstance(group, Rows):
        return group.table, list(group.rows)
    columns = _columns_to_fill(group[0])
    return type(group[0]), [_cells(each, columns) for each in group]


def insert_rows(session: Session, mapped: type[Base], rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert plain rows of one table, all of the same columns."""
    insert_together(session, Rows(mapped, rows))


def update_rows(
    session: Session,
    mapped: type[Base],
    rows: Sequence[Mapping[str, Any]],
    *,
    whole: Sequence[Mapping[str, Any]] = (),
) -> None:
    """Set the columns that the rows say, all the same ones, in the stored rows of their `id`s.

    Who knows the `whole` rows as they are then hands them in, and they need not be read again.
    """
    if not rows:
        return
    table, connection = table_of(mapped), session.connection()
    names = tuple(name for name in rows[0] if name != "id")
    if not mapped.unsealed.issuperset(names):
        ids = () if whole else [row["id"] for row in rows]
        note_written(session, Written(mapped, whole, ids))
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(_update_of(table, names), (_told(rows),))
        return
    given = [{f"new_{name}": row[name] for name in names} | {"row_id": row["id"]} for row in rows]
    connection.execute(_update(table, names), given)


def attach_persistent(session: Session, row: Base) -> None:
    """Hold an object inserted by one of the above in the session, as if it had been read."""
    values = vars(row)
    for column in _columns_of(table_of(type(row))):
        if column.name not in values:
            set_committed_value(row, column.name, default_of(column))
    make_transient_to_detached(row)
    session.add(row)


Columns = tuple[Column[Any], ...]


# Making a statement anew costs more than running it.


@cache
def _insert(table: Table) -> Insert:
    return insert(table)


@cache
def _insert_asking(table: Table) -> ReturningInsert[int]:
    return insert(table).returning(table.c.id)


@cache
def _update(table: Table, names: tuple[str, ...]) -> Update:
    """Set these columns in rows told by `row_id`, each from `new_` and its name."""
    statement = update(table).where(table.c.id == bindparam("row_id"))
    return statement.values({name: bindparam(f"new_{name}") for name in names})


@cache
def _insert_of(tables: tuple[Columns, ...]) -> str:
    """One statement that inserts into several tables, the rows of each told as JSON."""
    inserts = []
    for columns in tables:
        table = columns[0].table.name
        names = ", ".join(column.name for column in columns)
        rows = f"json_populate_recordset(NULL::{table}, %s::json)"
        inserts.append(f"INSERT INTO {table} ({names}) SELECT {names} FROM {rows}")
    *before, last = inserts
    parts = ", ".join(f"part_{number} AS ({each})" for number, each in enumerate(before))
    return f"WITH {parts} {last}" if before else last


@cache
def _update_of(table: Table, names: tuple[str, ...]) -> str:
    """One statement that updates many rows, told as JSON."""
    setting = ", ".join(f"{name} = told.{name}" for name in names)
    rows = f"json_populate_recordset(NULL::{table.name}, %s::json) AS told"
    return f"UPDATE {table.name} SET {setting} FROM {rows} WHERE {table.name}.id = told.id"


def _told(rows: Sequence[Mapping[str, Any]]) -> str:
    return dumps(rows, default=_instant_as_text, ensure_ascii=False)


def _instant_as_text(value: object) -> str:
    if not isinstance(value, datetime):
        raise TypeError(f"{type(value).__name__} cannot be told as JSON")
    return as_stored(value).isoformat()


def _filled(group: Sequence[Base] | Rows) -> "tuple[Columns, list[Row]]":
    """The columns that a group fills and its rows with all of them, defaults in their places."""
    if not isinstance(group, Rows):
        columns = _columns_to_fill(group[0])
        return columns, [_cells(each, columns) for each in group]
    table, first = table_of(group.table), group.rows[0]
    left_out = {each.name: default_of(each) for each in table.columns if each.name not in first}
    defaults = {name: value for name, value in left_out.items() if value is not None}
    columns = tuple(each for each in table.columns if each.name in first or each.name in defaults)
    return columns, [defaults | {**row} for row in group.rows]


def _cells(row: Base, columns: Columns) -> dict[str, Any]:
    values = vars(row)
    return {
        column.name: values[column.name] if column.name in values else default_of(column)
        for column in columns
    }


def _columns_to_fill(row: Base) -> Columns:
    """Every column, without the id where the database numbers the row."""
    columns = _columns_of(table_of(type(row)))
    return columns if vars(row).get("id") is not None else _without_id(columns)


@cache
def _without_id(columns: Columns) -> Columns:
    return tuple(column for column in columns if column.name != "id")


def table_of(mapped: type[Base]) -> Table:
    """The plain table of a mapped class."""
    table = mapped.__table__
    assert isinstance(table, Table)
    return table


@cache
def _columns_of(table: Table) -> Columns:
    return tuple(table.columns)


def default_of(column: Column[Any]) -> Any:
    """What a column holds when nothing is said of it, None where that is the database's affair."""
    default = column.default
    if isinstance(default, CallableColumnDefault):
        return default.arg(None)  # type: ignore[arg-type]
    return default.arg if isinstance(default, ScalarElementColumnDefault) else None

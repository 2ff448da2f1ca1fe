"""`complaints restore`: a backup put into an empty database of either kind, all or nothing."""

import base64
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Date, Engine, LargeBinary, func, inspect, select, text
from sqlalchemy import column as a_column
from sqlalchemy import table as a_table
from sqlalchemy.sql.expression import TableClause

from complaints.commands.backup import Counts, check_backup, read_backup
from complaints.commands.backup_files import PREFIX, put_files
from complaints.db import Base, Json, UTCDateTime
from complaints.migrate import (
    knows_revision,
    migrate,
    migrate_as_far_as,
    newest_revision,
)

TYPES: Mapping[str, Any] = {
    "instant": UTCDateTime(),
    "date": Date(),
    "json": Json,
    "bytes": LargeBinary(),
}
#: What our own bookkeeping of migrations is called.
_VERSIONS = "alembic_version"


def restore_backup(engine: Engine, path: Path, seals_folder: Path, *, replace: bool) -> Counts:
    """Put a backup into the database, in one transaction, and count again what is there.

    1. the file is read from end to end before anything is touched, each file with its hash;
    2. the files of complaints are put into the store, which replaces none;
    3. the tables are made as they were when it was taken; with `replace` what is in them goes;
    4. its rows go in, and are counted; then the tables are brought to this version;
    5. the daily seals are put beside it, unless the file is there.

    Raises ValueError with one sentence when the file is not whole or from a newer version, and
    when the database holds anything and `replace` is not said.
    """
    if not path.is_file():
        raise ValueError(f"There is no file {path}.")
    counts = check_backup(path)
    if not knows_revision(counts.revision):
        raise ValueError(
            f"The backup was taken by a newer version (migration {counts.revision}); "
            "install that version first. Nothing was restored."
        )
    held = _tables_with_rows(engine)
    if held and not replace:
        raise ValueError(
            f"The database is not empty ({', '.join(held[:3])}{' …' if held[3:] else ''}). Restore "
            "into an empty one, or add --replace to lose what is there. Nothing was restored."
        )
    if held and counts.revision != newest_revision():
        raise ValueError(
            "The backup was taken by an older version; restore it into an empty database, which "
            "is then brought to this one. Nothing was restored."
        )
    put_files(read_backup(path))
    migrate_as_far_as(engine, counts.revision)
    with engine.begin() as connection:
        _defer_references(connection)
        for name in counts.tables:
            connection.execute(a_table(name).delete())
        _fill(connection, path)
        _count_again(connection, counts)
        _end_deferring(connection)
        _number_on(connection, list(counts.tables))
    migrate(engine)
    _put_files(path, seals_folder)
    return counts


def _tables_with_rows(engine: Engine) -> list[str]:
    with engine.connect() as connection:
        present = set(inspect(connection).get_table_names()) - {_VERSIONS}
        ours = [each.name for each in Base.metadata.sorted_tables if each.name in present]
        strange = sorted(present - set(ours)) if not ours else []
        found = [
            name
            for name in ours
            if connection.execute(text(f"SELECT 1 FROM {name} LIMIT 1")).first() is not None
        ]
        return found or strange


def _fill(connection: Connection, path: Path) -> None:
    target: TableClause | None = None
    kinds: list[tuple[str, str]] = []
    for what, line in read_backup(path):
        if what == "table":
            kinds = [(name, kind) for name, kind in line["columns"]]
            columns = [a_column(name, TYPES.get(kind)) for name, kind in kinds]
            target = a_table(line["table"], *columns)
        elif what == "rows":
            assert target is not None
            rows = [_values(kinds, row) for row in line["rows"]]
            connection.execute(target.insert(), rows)


def _values(kinds: Sequence[tuple[str, str]], row: Sequence[Any]) -> dict[str, Any]:
    return {name: _value(kind, value) for (name, kind), value in zip(kinds, row, strict=True)}


def _value(kind: str, value: Any) -> Any:
    if value is None:
        return None
    if kind == "instant":
        return datetime.fromisoformat(value)
    if kind == "bytes":
        return base64.b64decode(value)
    return date.fromisoformat(value) if kind == "date" else value


def _count_again(connection: Connection, counts: Counts) -> None:
    for name, count in counts.tables.items():
        query = select(func.count()).select_from(a_table(name))
        if connection.scalar(query) != count:
            raise ValueError(f"The table {name} could not be restored whole. Nothing was restored.")


def _defer_references(connection: Connection) -> None:
    """Let rows name each other before all are there."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
        return
    for table, name in _references(connection):
        connection.exec_driver_sql(
            f'ALTER TABLE {table} ALTER CONSTRAINT "{name}" DEFERRABLE INITIALLY DEFERRED'
        )


def _end_deferring(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        return
    connection.exec_driver_sql("SET CONSTRAINTS ALL IMMEDIATE")
    for table, name in _references(connection):
        connection.exec_driver_sql(f'ALTER TABLE {table} ALTER CONSTRAINT "{name}" NOT DEFERRABLE')


def _references(connection: Connection) -> list[tuple[str, str]]:
    query = text(
        "SELECT conrelid::regclass::text AS place, conname AS name FROM pg_constraint"
        " WHERE contype = 'f' AND connamespace = current_schema()::regnamespace"
    )
    return [(row.place, row.name) for row in connection.execute(query)]


def _number_on(connection: Connection, names: Sequence[str]) -> None:
    """Let PostgreSQL number new rows behind those that were restored."""
    if connection.dialect.name == "sqlite":
        return
    for name in names:
        sequence = connection.scalar(
            text(
                "SELECT pg_get_serial_sequence(:name, 'id') FROM information_schema.columns"
                " WHERE table_schema = current_schema() AND table_name = :name"
                " AND column_name = 'id'"
            ),
            {"name": name},
        )
        if sequence:
            connection.exec_driver_sql(
                f"SELECT setval('{sequence}', greatest((SELECT coalesce(max(id), 0) FROM {name}),"
                f" 1), (SELECT count(*) > 0 FROM {name}))"
            )


def _put_files(path: Path, folder: Path) -> None:
    there: dict[str, bool] = {}
    for what, line in read_backup(path):
        if what != "part" or line["file"].startswith(PREFIX):
            continue
        name = Path(line["file"]).name
        target = folder / name
        if name not in there:
            there[name] = target.exists()
        if there[name]:
            continue
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with target.open("ab") as file:
            target.chmod(0o600)
            file.write(base64.b64decode(line["part"]))

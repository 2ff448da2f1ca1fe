"""What full-text search needs, in each database's own way (read by `queries/search.py`)."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

#: The columns whose words are searched, by table.
COMPLAINT_COLUMNS = ("story", "summary", "product")


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        _upgrade_postgresql()
    else:
        _upgrade_sqlite("complaints", COMPLAINT_COLUMNS)
        _upgrade_sqlite("customers", ("name",))


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE complaints DROP COLUMN words")
        op.execute("ALTER TABLE customers DROP COLUMN name_words")
        return
    for table in ("complaints", "customers"):
        for event in ("insert", "update", "delete"):
            op.execute(f"DROP TRIGGER {table}_search_{event}")
        op.execute(f"DROP TABLE {table}_search")


def _upgrade_postgresql() -> None:
    for table, name, columns in (
        ("complaints", "words", COMPLAINT_COLUMNS),
        ("customers", "name_words", ("name",)),
    ):
        text = " || ' ' || ".join(columns)
        op.execute(
            f"ALTER TABLE {table} ADD COLUMN {name} tsvector "
            f"GENERATED ALWAYS AS (to_tsvector('simple', {text})) STORED"
        )
        op.execute(f"CREATE INDEX ix_{table}_{name} ON {table} USING gin ({name})")


def _upgrade_sqlite(table: str, columns: tuple[str, ...]) -> None:
    """A full-text index that reads its text from the table and follows it by triggers."""
    names = ", ".join(columns)
    op.execute(
        f"CREATE VIRTUAL TABLE {table}_search USING fts5("
        f"{names}, content='{table}', content_rowid='id', tokenize='unicode61')"
    )
    new = ", ".join(f"new.{column}" for column in columns)
    old = ", ".join(f"old.{column}" for column in columns)
    add = f"INSERT INTO {table}_search(rowid, {names}) VALUES (new.id, {new});"
    drop = (
        f"INSERT INTO {table}_search({table}_search, rowid, {names}) "
        f"VALUES ('delete', old.id, {old});"
    )
    op.execute(f"CREATE TRIGGER {table}_search_insert AFTER INSERT ON {table} BEGIN {add} END")
    op.execute(f"CREATE TRIGGER {table}_search_delete AFTER DELETE ON {table} BEGIN {drop} END")
    # Only a change of the words themselves may touch the index: a sweep updates many rows.
    op.execute(
        f"CREATE TRIGGER {table}_search_update AFTER UPDATE OF {names} ON {table} "
        f"BEGIN {drop} {add} END"
    )

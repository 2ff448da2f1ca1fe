"""The index of acts that count as exceptions holds those alone, not every apology and thanks.

PostgreSQL is told to count how few have these marks; without it, it takes them for most of all.
"""

import sqlalchemy as sa
from alembic import op

revision = "0053"
down_revision = "0052"
branch_labels = None
depends_on = None

BEFORE = "what IN ('override_priority','inform','apologise','apologise_again','thank')"
AFTER = (
    "(what = 'override_priority'"
    " OR (what = 'inform' AND (detail ->> 'not_needed') IS NOT NULL)"
    " OR (what IN ('apologise','apologise_again','thank') AND (detail ->> 'anyway') IS NOT NULL))"
)
MARKS = ("not_needed", "anyway")


def upgrade() -> None:
    _require_json()
    op.drop_index("ix_history_ways_round", "history")
    _index("ix_history_exceptional", AFTER)
    if op.get_bind().dialect.name == "postgresql":
        for mark in MARKS:
            op.execute(f"CREATE STATISTICS st_history_{mark} ON (detail ->> '{mark}') FROM history")
        op.execute("ANALYZE history")


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        for mark in MARKS:
            op.execute(f"DROP STATISTICS st_history_{mark}")
    op.drop_index("ix_history_exceptional", "history")
    _index("ix_history_ways_round", BEFORE)


def _require_json() -> None:
    """Say why SQLite cannot make the index, where somebody has written into the history by hand."""
    connection = op.get_bind()
    if connection.dialect.name != "sqlite":
        return
    broken = "FROM history WHERE NOT json_valid(detail)"
    count = connection.scalar(sa.text(f"SELECT count(*) {broken}"))
    if not count:
        return
    query = f"SELECT complaint_id, seq {broken} ORDER BY complaint_id, seq LIMIT 5"
    first = ", ".join(f"{row[0]}/{row[1]}" for row in connection.execute(sa.text(query)))
    raise RuntimeError(
        f"The detail of {count} entries of the history is no JSON (complaint/entry: {first}). The "
        "programme never writes that: somebody has changed the file. Bring these entries back from "
        "a backup, then run complaints init again; nothing was changed."
    )


def _index(name: str, counted: str) -> None:
    where = sa.text(counted)
    op.create_index(name, "history", ["at"], postgresql_where=where, sqlite_where=where)

"""The first date told to the customer, beside the last; taken from what is left of its telling.

It is the date in the first record of 020-1.5 or of the first extension that was approved, per
complaint and, for its clocks, per cycle. Where neither is left it stays unknown: the date that
stands in `promised_at` may be a later one, and is not passed off as the first.
"""

from collections import defaultdict
from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

OUTCOME = ("resolve", "legal")
IS_OUTCOME = sa.text("kind IN ('resolve','legal')")
#: How many complaints are read at once.
BATCH = 5000

JSON = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql")
WHEN = sa.DateTime(timezone=True)

complaints = sa.table("complaints", sa.column("id", sa.Integer), sa.column("first_told_at", WHEN))
deadlines = sa.table(
    "deadlines",
    sa.column("complaint_id", sa.Integer),
    sa.column("cycle", sa.Integer),
    sa.column("kind", sa.String),
    sa.column("first_told_at", WHEN),
)
records = sa.table(
    "step_records",
    sa.column("id", sa.Integer),
    sa.column("complaint_id", sa.Integer),
    sa.column("criterion", sa.String),
    sa.column("cycle", sa.Integer),
    sa.column("at", WHEN),
    sa.column("is_unable", sa.Boolean),
    sa.column("detail", JSON),
)
history = sa.table(
    "history",
    sa.column("id", sa.Integer),
    sa.column("complaint_id", sa.Integer),
    sa.column("what", sa.String),
    sa.column("at", WHEN),
    sa.column("detail", JSON),
)


def upgrade() -> None:
    op.add_column("complaints", sa.Column("first_told_at", WHEN, nullable=True))
    op.add_column("deadlines", sa.Column("first_told_at", WHEN, nullable=True))
    op.create_index(
        "ix_deadlines_outcome_first_told",
        "deadlines",
        ["first_told_at", "complaint_id", "cycle"],
        postgresql_where=IS_OUTCOME,
        sqlite_where=IS_OUTCOME,
    )
    connection = op.get_bind()
    last = connection.scalar(sa.select(sa.func.max(complaints.c.id))) or 0
    for begin in range(0, last + 1, BATCH):
        _fill(connection, begin, begin + BATCH)


def downgrade() -> None:
    op.drop_index("ix_deadlines_outcome_first_told", "deadlines")
    op.drop_column("deadlines", "first_told_at")
    op.drop_column("complaints", "first_told_at")


def _fill(connection: sa.Connection, begin: int, end: int) -> None:
    """Write what is known of the complaints with these ids."""
    told: dict[int, dict[int, datetime]] = defaultdict(dict)
    for complaint_id, cycle, told_at in _told(connection, begin, end):
        told[complaint_id].setdefault(cycle, told_at)
    firsts = [{"id_": key, "told": cycles[min(cycles)]} for key, cycles in told.items() if cycles]
    by_cycle = [
        {"id_": key, "cycle_": cycle, "told": told_at}
        for key, cycles in told.items()
        for cycle, told_at in cycles.items()
    ]
    if firsts:
        is_it = complaints.c.id == sa.bindparam("id_", type_=sa.Integer)
        told_at = sa.bindparam("told", type_=WHEN)
        update = complaints.update().where(is_it).values(first_told_at=told_at)
        connection.execute(update, firsts)
    if by_cycle:
        update = (
            deadlines.update()
            .where(
                deadlines.c.complaint_id == sa.bindparam("id_", type_=sa.Integer),
                deadlines.c.cycle == sa.bindparam("cycle_", type_=sa.Integer),
                sa.or_(*(deadlines.c.kind == kind for kind in OUTCOME)),
            )
            .values(first_told_at=sa.bindparam("told", type_=WHEN))
        )
        connection.execute(update, by_cycle)


def _told(connection: sa.Connection, begin: int, end: int) -> list[tuple[int, int, datetime]]:
    """Complaint, cycle and date of everything that was told, in the order it was told."""
    found: list[tuple[int, datetime, int, int, datetime]] = []
    query = sa.select(records).where(
        records.c.complaint_id >= begin,
        records.c.complaint_id < end,
        records.c.criterion == "020-1.5",
        records.c.is_unable.is_(False),
    )
    for row in connection.execute(query):
        date = (row.detail or {}).get("due_at")
        if date:
            told_at = datetime.fromisoformat(date).astimezone(UTC)
            found.append((row.complaint_id, row.at, row.id, row.cycle, told_at))
    cycles: dict[int, list[datetime]] = defaultdict(list)
    query = (
        sa.select(history)
        .where(
            history.c.complaint_id >= begin,
            history.c.complaint_id < end,
            history.c.what.in_(("reopen", "decide_extension")),
        )
        .order_by(history.c.complaint_id, history.c.id)
    )
    for row in connection.execute(query):
        if row.what == "reopen":
            cycles[row.complaint_id].append(row.at)
        elif (row.detail or {}).get("answer") == "approved":
            cycle = 1 + len(cycles[row.complaint_id])
            until = datetime.fromisoformat(row.detail["until"]).astimezone(UTC)
            found.append((row.complaint_id, row.at, row.id, cycle, until))
    return [(key, cycle, told_at) for key, _, _, cycle, told_at in sorted(found)]

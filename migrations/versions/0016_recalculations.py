"""A recalculation is called so in the database too: its table, and the sign of life of its job.

Entries of the history keep the name they were sealed under.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

WAITS = sa.text("ended_at IS NULL")
JOBS = (("recount", "recalculation"), ("sign-in", "register"))


def upgrade() -> None:
    _rename("recounts", "recalculations")
    for before, after in JOBS:
        _call_job(before, after)


def downgrade() -> None:
    _rename("recalculations", "recounts")
    for before, after in JOBS:
        _call_job(after, before)


def _rename(before: str, after: str) -> None:
    """Make the table under its new name, constraints and all, and move its few rows over."""
    op.drop_index(f"ix_{before}_waiting", before)
    op.create_table(
        after,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("code", sa.String(length=80), nullable=False),
        sa.Column(
            "change",
            sa.JSON(none_as_null=True).with_variant(
                postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), "postgresql"
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("by_name", sa.String(length=120), nullable=False),
        sa.Column("booked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("after_id", sa.Integer(), nullable=False),
        sa.Column("clocks", sa.Integer(), nullable=False),
        sa.Column("moved", sa.Integer(), nullable=False),
        sa.Column("started", sa.Integer(), nullable=False),
        sa.Column("ended", sa.Integer(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("try_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_error", sa.Text(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["users.id"], name=op.f(f"fk_{after}_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{after}")),
    )
    columns = (
        "id, kind, code, change, reason, by_id, by_name, booked_at, total, done, after_id, "
        "clocks, moved, started, ended, attempts, try_at, last_error, ended_at"
    )
    op.execute(f"INSERT INTO {after} ({columns}) SELECT {columns} FROM {before}")
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            f"SELECT setval(pg_get_serial_sequence('{after}', 'id'), "
            f"COALESCE((SELECT max(id) FROM {after}), 0) + 1, false)"
        )
    op.create_index(
        f"ix_{after}_waiting", after, ["id"], postgresql_where=WAITS, sqlite_where=WAITS
    )
    op.drop_table(before)


def _call_job(before: str, after: str) -> None:
    """Carry a job's sign of life over; nobody writes the new name before this has run."""
    jobs = sa.table("heartbeats", sa.column("job", sa.String()))
    op.execute(sa.update(jobs).where(jobs.c.job == before).values(job=after))

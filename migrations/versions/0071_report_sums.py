"""Sums of the reports, kept by the worker."""

import sqlalchemy as sa
from alembic import op

revision = "0071"
down_revision = "0070"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "report_cells",
        sa.Column("branch_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("part", sa.String(12), nullable=False),
        sa.Column("block", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        *(sa.Column(f"n{place}", sa.BigInteger(), nullable=True) for place in range(10)),
        sa.PrimaryKeyConstraint("branch_id", "part", "block", "key", name="pk_report_cells"),
    )
    op.create_table(
        "report_facts",
        sa.Column("complaint_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("valid_after", sa.DateTime(timezone=True), nullable=True),
        sa.Column("valid_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("complaint_id", name="pk_report_facts"),
    )
    for side in ("until", "after"):
        where = sa.text(f"valid_{side} IS NOT NULL")
        op.create_index(
            f"ix_report_facts_{side}",
            "report_facts",
            [f"valid_{side}"],
            postgresql_where=where,
            sqlite_where=where,
        )
    op.create_table(
        "report_stale",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("complaint_id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_report_stale"),
    )
    op.create_table(
        "report_state",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("calendars", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_report_state"),
    )


def downgrade() -> None:
    for table in ("report_state", "report_stale", "report_facts", "report_cells"):
        op.drop_table(table)

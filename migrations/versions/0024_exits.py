"""A table of the ways round; which complaints wait for a signature or repeat another."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

JSON = sa.JSON(none_as_null=True).with_variant(
    postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), "postgresql"
)
INSTANT = sa.DateTime(timezone=True)
TO_SIGN = sa.text("signature_asked_at IS NOT NULL")


def upgrade() -> None:
    op.add_column("complaints", sa.Column("signature_asked_at", INSTANT, nullable=True))
    op.add_column("complaints", sa.Column("duplicate_of_id", sa.Integer(), nullable=True))
    op.create_index(
        "ix_complaints_to_sign",
        "complaints",
        ["signature_asked_at", "id"],
        postgresql_where=TO_SIGN,
        sqlite_where=TO_SIGN,
    )
    op.create_table(
        "exits",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("complaint_id", sa.Integer(), nullable=False),
        sa.Column("cycle", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("criterion", sa.String(length=7), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("method", sa.String(length=20), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("recorded_at", INSTANT, nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("by_name", sa.String(length=120), nullable=False),
        sa.Column("branch_id", sa.Integer(), nullable=False),
        sa.Column("record_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("answered_at", INSTANT, nullable=True),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.Column("answered_by_name", sa.String(length=120), nullable=False),
        sa.Column("answer_reason", sa.Text(), nullable=False),
        sa.Column("until_at", INSTANT, nullable=True),
        sa.Column("ended_at", INSTANT, nullable=True),
        sa.Column("paused_seconds", sa.Integer(), nullable=False),
        sa.Column("promise_state", sa.String(length=10), nullable=False),
        sa.Column("other_id", sa.Integer(), nullable=True),
        sa.Column("is_earlier", sa.Boolean(), nullable=False),
        sa.Column("detail", JSON, nullable=False),
        sa.ForeignKeyConstraint(
            ["answered_by_id"], ["users.id"], name=op.f("fk_exits_answered_by_id")
        ),
        sa.ForeignKeyConstraint(["branch_id"], ["branches.id"], name=op.f("fk_exits_branch_id")),
        sa.ForeignKeyConstraint(["by_id"], ["users.id"], name=op.f("fk_exits_by_id")),
        sa.ForeignKeyConstraint(
            ["complaint_id"], ["complaints.id"], name=op.f("fk_exits_complaint_id")
        ),
        sa.ForeignKeyConstraint(["other_id"], ["complaints.id"], name=op.f("fk_exits_other_id")),
        sa.ForeignKeyConstraint(
            ["record_id"], ["step_records.id"], name=op.f("fk_exits_record_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exits")),
    )
    op.create_index("ix_exits_complaint", "exits", ["complaint_id", "id"])
    op.create_index("ix_exits_at", "exits", ["at", "id"])


def downgrade() -> None:
    op.drop_table("exits")
    op.drop_index("ix_complaints_to_sign", "complaints")
    # Not in a batch: SQLite would copy the table, which others point to.
    op.drop_column("complaints", "duplicate_of_id")
    op.drop_column("complaints", "signature_asked_at")

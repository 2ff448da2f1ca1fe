"""Indexes that answer the deadline report without touching the rows themselves."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

IS_OUTCOME = sa.text("kind IN ('resolve','legal')")


def upgrade() -> None:
    op.drop_index("ix_complaints_received", "complaints")
    op.create_index(
        "ix_complaints_received",
        "complaints",
        ["received_at", "id", "branch_id", "category", "handler_id"],
    )
    op.create_index(
        "ix_deadlines_outcome_due",
        "deadlines",
        ["due_at", "complaint_id", "cycle", "state", "ended_at", "id"],
        postgresql_where=IS_OUTCOME,
        sqlite_where=IS_OUTCOME,
    )
    op.create_index(
        "ix_deadlines_outcome",
        "deadlines",
        ["complaint_id", "cycle", "due_at", "id"],
        postgresql_where=IS_OUTCOME,
        sqlite_where=IS_OUTCOME,
    )


def downgrade() -> None:
    op.drop_index("ix_deadlines_outcome", "deadlines")
    op.drop_index("ix_deadlines_outcome_due", "deadlines")
    op.drop_index("ix_complaints_received", "complaints")
    op.create_index("ix_complaints_received", "complaints", ["received_at", "id"])

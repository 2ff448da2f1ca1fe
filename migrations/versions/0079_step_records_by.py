"""The proof of competence finds what a person recorded in a period by an index."""

from alembic import op

revision = "0079"
down_revision = "0078"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_step_records_by", "step_records", ["by_id", "at", "complaint_id"])


def downgrade() -> None:
    op.drop_index("ix_step_records_by", table_name="step_records")

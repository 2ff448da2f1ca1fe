"""An index for the commitments that no clock runs for, so that the report finds them by date."""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

UNCLOCKED = sa.text("deadline_id IS NULL")


def upgrade() -> None:
    op.create_index(
        "ix_commitments_unclocked",
        "commitments",
        ["due_at"],
        postgresql_where=UNCLOCKED,
        sqlite_where=UNCLOCKED,
    )


def downgrade() -> None:
    op.drop_index("ix_commitments_unclocked", "commitments")

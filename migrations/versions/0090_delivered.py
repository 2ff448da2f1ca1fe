"""What was delivered in some days is found by its time: customers are asked after that."""

import sqlalchemy as sa
from alembic import op

revision = "0090"
down_revision = "0089"
branch_labels = None
depends_on = None

DELIVERED = "ix_commitments_delivered"
IS_DELIVERED = sa.text("kind = 'delivery' AND done_at IS NOT NULL")


def upgrade() -> None:
    op.create_index(
        DELIVERED,
        "commitments",
        ["done_at", "complaint_id"],
        postgresql_where=IS_DELIVERED,
        sqlite_where=IS_DELIVERED,
    )


def downgrade() -> None:
    op.drop_index(DELIVERED, "commitments")

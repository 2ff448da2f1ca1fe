"""When it was told that an acknowledgement has run out."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

UNTOLD = sa.text("ack_expires_at IS NOT NULL AND expiry_told_at IS NULL")


def upgrade() -> None:
    told_at = sa.Column("expiry_told_at", sa.DateTime(timezone=True), nullable=True)
    op.add_column("escalations", told_at)
    op.create_index(
        "ix_escalations_expiring",
        "escalations",
        ["ack_expires_at"],
        postgresql_where=UNTOLD,
        sqlite_where=UNTOLD,
    )


def downgrade() -> None:
    op.drop_index("ix_escalations_expiring", "escalations")
    op.drop_column("escalations", "expiry_told_at")

"""An index for the escalations that somebody has acknowledged and is seeing to."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

HELD = sa.text("ack_expires_at IS NOT NULL")


def upgrade() -> None:
    op.create_index(
        "ix_escalations_held",
        "escalations",
        ["ack_expires_at"],
        postgresql_where=HELD,
        sqlite_where=HELD,
    )


def downgrade() -> None:
    op.drop_index("ix_escalations_held", "escalations")

"""Whether a closed complaint has still something to deliver; none has before this version."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "complaints",
        sa.Column("awaiting_delivery", sa.Boolean(), server_default=sa.false(), nullable=False),
    )


def downgrade() -> None:
    # Not in a batch: SQLite would copy the table, which others point to.
    op.drop_column("complaints", "awaiting_delivery")

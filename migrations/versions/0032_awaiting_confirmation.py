"""A complaint says whether its customer has still to confirm the written summary."""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Summaries sent before keep the proof they had then, so nobody is waited for.
    op.add_column(
        "complaints",
        sa.Column("awaiting_confirmation", sa.Boolean(), server_default=sa.false(), nullable=False),
    )


def downgrade() -> None:
    op.drop_column("complaints", "awaiting_confirmation")

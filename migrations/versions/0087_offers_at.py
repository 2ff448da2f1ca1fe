"""What was offered in a period is found by its time."""

from alembic import op

revision = "0087"
down_revision = "0086"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_offers_at", "offers", ["at", "id"])


def downgrade() -> None:
    op.drop_index("ix_offers_at", "offers")

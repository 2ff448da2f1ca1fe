"""An index for reading the accounts page by page, active ones first, by name."""

from alembic import op

revision = "0050"
down_revision = "0049"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_users_listed", "users", ["is_active", "name", "id"])


def downgrade() -> None:
    op.drop_index("ix_users_listed", "users")

"""An index for what customers owe and have not brought yet, by its date."""

import sqlalchemy as sa
from alembic import op

revision = "0051"
down_revision = "0050"
branch_labels = None
depends_on = None

_OWED = sa.text("owner_kind = 'customer' AND done_at IS NULL AND dropped_at IS NULL")


def upgrade() -> None:
    op.create_index(
        "ix_commitments_of_customers",
        "commitments",
        ["due_at"],
        postgresql_where=_OWED,
        sqlite_where=_OWED,
    )


def downgrade() -> None:
    op.drop_index("ix_commitments_of_customers", "commitments")

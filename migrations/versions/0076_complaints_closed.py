"""The report finds what was closed in a period by an index."""

import sqlalchemy as sa
from alembic import op

revision = "0076"
down_revision = "0075"
branch_labels = None
depends_on = None

COLUMNS = ["closed_at", "id"]


def upgrade() -> None:
    where = sa.text("closed_at IS NOT NULL")
    op.create_index(
        "ix_complaints_closed", "complaints", COLUMNS, postgresql_where=where, sqlite_where=where
    )


def downgrade() -> None:
    op.drop_index("ix_complaints_closed", table_name="complaints")

"""An index for what repeats a complaint, so that its money can be counted along."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

IS_DUPLICATE = sa.text("duplicate_of_id IS NOT NULL")


def upgrade() -> None:
    op.create_index(
        "ix_complaints_duplicate_of",
        "complaints",
        ["duplicate_of_id"],
        postgresql_where=IS_DUPLICATE,
        sqlite_where=IS_DUPLICATE,
    )


def downgrade() -> None:
    op.drop_index("ix_complaints_duplicate_of", "complaints")

"""An index for the complaints that are paused."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

WAITING = sa.text("waiting_customer")


def upgrade() -> None:
    op.create_index(
        "ix_complaints_waiting",
        "complaints",
        ["id"],
        postgresql_where=WAITING,
        sqlite_where=WAITING,
    )


def downgrade() -> None:
    op.drop_index("ix_complaints_waiting", "complaints")

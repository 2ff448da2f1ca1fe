"""An index for the messages that have been given up."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

FAILED = sa.text("state = 'failed'")


def upgrade() -> None:
    op.create_index(
        "ix_outbox_failed", "outbox", ["id"], postgresql_where=FAILED, sqlite_where=FAILED
    )


def downgrade() -> None:
    op.drop_index("ix_outbox_failed", "outbox")

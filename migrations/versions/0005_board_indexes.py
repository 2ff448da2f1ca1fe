"""Indexes for what waits on the supervisors' board."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

OFFER_WAITS = sa.text("state = 'waiting_approval'")
EXTENSION_WAITS = sa.text("answer IS NULL")


def upgrade() -> None:
    op.create_index(
        "ix_offers_waiting",
        "offers",
        ["id"],
        postgresql_where=OFFER_WAITS,
        sqlite_where=OFFER_WAITS,
    )
    op.create_index(
        "ix_extensions_waiting",
        "extensions",
        ["id"],
        postgresql_where=EXTENSION_WAITS,
        sqlite_where=EXTENSION_WAITS,
    )


def downgrade() -> None:
    op.drop_index("ix_extensions_waiting", "extensions")
    op.drop_index("ix_offers_waiting", "offers")

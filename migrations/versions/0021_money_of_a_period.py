"""An index for the report's money: offers with an amount by when they were made."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

COSTS = sa.text("amount > 0")


def upgrade() -> None:
    op.create_index("ix_offers_money", "offers", ["at"], postgresql_where=COSTS, sqlite_where=COSTS)


def downgrade() -> None:
    op.drop_index("ix_offers_money", "offers")

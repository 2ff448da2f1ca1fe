"""An expiry that cannot be stored is put aside, as a timer is."""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("escalations", sa.Column("expiry_put_aside_until", sa.DateTime(timezone=True)))


def downgrade() -> None:
    op.drop_column("escalations", "expiry_put_aside_until")

"""Extensions beyond their limits are told apart: a manager decides on them."""

import sqlalchemy as sa
from alembic import op

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None


def upgrade() -> None:
    column = sa.Column("is_beyond", sa.Boolean(), server_default=sa.false(), nullable=False)
    op.add_column("extensions", column)


def downgrade() -> None:
    op.drop_column("extensions", "is_beyond")

"""Whether the report on outcomes comes with a report by email."""

import sqlalchemy as sa
from alembic import op

revision = "0094"
down_revision = "0093"
branch_labels = None
depends_on = None


def upgrade() -> None:
    column = sa.Column("with_outcomes", sa.Boolean(), server_default=sa.false(), nullable=False)
    op.add_column("report_mails", column)


def downgrade() -> None:
    op.drop_column("report_mails", "with_outcomes")

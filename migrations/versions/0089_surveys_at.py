"""Which surveys left in a period is found by their time, and so are the low ratings."""

import sqlalchemy as sa
from alembic import op

revision = "0089"
down_revision = "0088"
branch_labels = None
depends_on = None

SURVEYS, IS_SURVEY = "ix_outbox_surveys", sa.text("kind = 'survey'")
LOW, IS_LOW = "ix_ratings_low", sa.text("overall <= 2")


def upgrade() -> None:
    op.create_index(
        SURVEYS, "outbox", ["sent_at", "id"], postgresql_where=IS_SURVEY, sqlite_where=IS_SURVEY
    )
    op.create_index(LOW, "ratings", ["at", "id"], postgresql_where=IS_LOW, sqlite_where=IS_LOW)


def downgrade() -> None:
    op.drop_index(LOW, "ratings")
    op.drop_index(SURVEYS, "outbox")

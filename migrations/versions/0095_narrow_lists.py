"""Lists by handler are narrowed within their index; what waits for a unit has one of its own."""

import sqlalchemy as sa
from alembic import op

revision = "0095"
down_revision = "0094"
branch_labels = None
depends_on = None

_NAME = "ix_complaints_handler"
_OF_UNITS = "ix_parties_unanswered"
_BEFORE = ("handler_id", "received_at", "id")
_ADDED = (
    "branch_id",
    "category",
    "status",
    "team_id",
    "priority",
    "channel",
    "product",
    "customer_id",
    "confirmed_cause",
)


def upgrade() -> None:
    op.drop_index(_NAME, "complaints")
    op.create_index(_NAME, "complaints", [*_BEFORE, *_ADDED])
    waits = sa.text("answer IS NULL")
    op.create_index(
        _OF_UNITS, "parties", ["complaint_id"], postgresql_where=waits, sqlite_where=waits
    )


def downgrade() -> None:
    op.drop_index(_OF_UNITS, "parties")
    op.drop_index(_NAME, "complaints")
    op.create_index(_NAME, "complaints", _BEFORE)

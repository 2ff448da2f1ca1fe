"""The index of open complaints by handler holds what they are narrowed by, as those of lists do."""

import sqlalchemy as sa
from alembic import op

revision = "0055"
down_revision = "0054"
branch_labels = None
depends_on = None

NAME = "ix_complaints_open_by_handler"
OPEN = "status IN ('received','registered','in_handling','offered','accepted')"
BEFORE = ["handler_id", "next_due_at", "id", "branch_id"]
ASKED = ["status", "team_id", "priority", "channel", "product", "customer_id", "confirmed_cause"]


def upgrade() -> None:
    _replace([*BEFORE, "category", *ASKED, "waiting_customer"])


def downgrade() -> None:
    _replace(BEFORE)


def _replace(columns: list[str]) -> None:
    op.drop_index(NAME, "complaints")
    only = sa.text(OPEN)
    op.create_index(NAME, "complaints", columns, postgresql_where=only, sqlite_where=only)

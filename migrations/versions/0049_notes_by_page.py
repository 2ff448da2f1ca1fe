"""Indexes for reading the notes of a complaint page by page, each kind by itself."""

from alembic import op
from sqlalchemy import text

revision = "0049"
down_revision = "0048"
branch_labels = None
depends_on = None

INDEXES = (
    ("ix_notes_internal", "direction = 'internal'"),
    ("ix_notes_conversation", "direction <> 'internal'"),
)


def upgrade() -> None:
    for name, rows in INDEXES:
        only = text(rows)
        columns = ["complaint_id", "at", "id"]
        op.create_index(name, "notes", columns, postgresql_where=only, sqlite_where=only)


def downgrade() -> None:
    for name, _ in INDEXES:
        op.drop_index(name, "notes")

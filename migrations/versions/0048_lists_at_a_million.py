"""Indexes for lists that are narrowed, for the board and for counts, at a million complaints.

Open complaints by handler, status, priority, channel and category, a branch's newest; all
complaints by priority, channel and category, and the rare ways to end; open escalations by
complaint and by age; running clocks by pack. The index of categories is part of a longer one now.
"""

from alembic import op
from sqlalchemy import text

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None

OPEN = "status IN ('received','registered','in_handling','offered','accepted')"
RARE_OPEN = "status IN ('received','offered','accepted')"
RARE_ENDING = "status IN ('withdrawn','referred')"
UNANSWERED = "acknowledged_at IS NULL"
LIVE = "ended_at IS NULL"

#: Name, table, columns, and which rows.
INDEXES = (
    ("ix_complaints_open_by_handler", "complaints", ["handler_id", "next_due_at", "id"], OPEN),
    ("ix_complaints_open_by_status", "complaints", ["status", "next_due_at", "id"], RARE_OPEN),
    ("ix_complaints_open_by_priority", "complaints", ["priority", "next_due_at", "id"], OPEN),
    ("ix_complaints_open_by_channel", "complaints", ["channel", "next_due_at", "id"], OPEN),
    ("ix_complaints_open_by_category", "complaints", ["category", "next_due_at", "id"], OPEN),
    ("ix_complaints_open_by_received", "complaints", ["branch_id", "received_at", "id"], OPEN),
    ("ix_complaints_priority_received", "complaints", ["priority", "received_at", "id"], None),
    ("ix_complaints_channel_received", "complaints", ["channel", "received_at", "id"], None),
    ("ix_complaints_category_received", "complaints", ["category", "received_at", "id"], None),
    ("ix_complaints_rare_endings", "complaints", ["status", "received_at", "id"], RARE_ENDING),
    ("ix_escalations_open_complaints", "escalations", ["to_id", "complaint_id"], UNANSWERED),
    ("ix_escalations_open_raised", "escalations", ["raised_at", "id", "to_id"], UNANSWERED),
    ("ix_deadlines_live_policy", "deadlines", ["policy"], LIVE),
)


def upgrade() -> None:
    for name, table, columns, where in INDEXES:
        only = text(where) if where else None
        op.create_index(name, table, columns, postgresql_where=only, sqlite_where=only)
    op.drop_index("ix_complaints_category", "complaints")


def downgrade() -> None:
    op.create_index("ix_complaints_category", "complaints", ["category"])
    for name, table, *_ in INDEXES:
        op.drop_index(name, table)

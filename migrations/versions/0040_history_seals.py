"""The history is signed: which key signed an entry, and seals of what the records said.

Entries that are there stay as they are and are of the old kind: hashed, by no key. Nothing is
computed for them here; `complaints init` then signs up to where they go.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("history", sa.Column("key_id", sa.String(8)))
    op.create_table(
        "history_seals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("complaint_id", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column(
            "content",
            sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column("prev_hash", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("key_id", sa.String(8), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_history_seals"),
    )
    op.create_index("ix_history_seals_complaint", "history_seals", ["complaint_id", "id"])


def downgrade() -> None:
    op.drop_table("history_seals")
    op.drop_column("history", "key_id")

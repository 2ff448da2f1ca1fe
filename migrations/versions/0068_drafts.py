"""What was typed into a form and not sent is kept for the person who typed it."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0068"
down_revision = "0067"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "drafts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("act", sa.String(60), nullable=False),
        sa.Column("key", sa.String(120), nullable=False),
        sa.Column(
            "fields",
            sa.JSON(none_as_null=True).with_variant(
                postgresql.JSONB(none_as_null=True), "postgresql"
            ),
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["owner_id"], ["users.id"], name="fk_drafts_owner_id_users"),
        sa.PrimaryKeyConstraint("id", name="pk_drafts"),
        sa.UniqueConstraint("owner_id", "act", "key", name="uq_drafts_owner_id_act_key"),
    )
    op.create_index("ix_drafts_owner_id_saved_at", "drafts", ["owner_id", "saved_at"])
    op.create_index("ix_drafts_saved_at", "drafts", ["saved_at"])


def downgrade() -> None:
    op.drop_index("ix_drafts_saved_at", table_name="drafts")
    op.drop_index("ix_drafts_owner_id_saved_at", table_name="drafts")
    op.drop_table("drafts")

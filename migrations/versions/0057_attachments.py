"""Files on complaints, and who opened which; their bytes lie in the store, under their hash."""

import sqlalchemy as sa
from alembic import op

revision = "0057"
down_revision = "0056"
branch_labels = None
depends_on = None

WAITING = sa.text("preview = 'waiting'")
BY_USER = sa.text("user_id IS NOT NULL")
BY_CUSTOMER = sa.text("user_id IS NULL")


def upgrade() -> None:
    op.create_table(
        "attachments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("complaint_id", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("type", sa.String(80), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("source", sa.String(20), nullable=False),
        sa.Column("note_id", sa.Integer()),
        sa.Column("shown_to_customer", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer()),
        sa.Column("by_name", sa.String(120), nullable=False),
        sa.Column("hidden_at", sa.DateTime(timezone=True)),
        sa.Column("hidden_by_id", sa.Integer()),
        sa.Column("hide_reason", sa.Text(), nullable=False),
        sa.Column("preview", sa.String(8), nullable=False),
        sa.ForeignKeyConstraint(["complaint_id"], ["complaints.id"]),
        sa.ForeignKeyConstraint(["note_id"], ["notes.id"]),
        sa.ForeignKeyConstraint(["by_id"], ["users.id"]),
        sa.ForeignKeyConstraint(["hidden_by_id"], ["users.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_attachments_complaint", "attachments", ["complaint_id", "id"])
    op.create_index("ix_attachments_sha256", "attachments", ["sha256"])
    op.create_index(
        "ix_attachments_preview",
        "attachments",
        ["id"],
        postgresql_where=WAITING,
        sqlite_where=WAITING,
    )
    op.create_table(
        "attachment_views",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("attachment_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer()),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["attachment_id"], ["attachments.id"]),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        "uq_attachment_views_user",
        "attachment_views",
        ["attachment_id", "user_id"],
        unique=True,
        postgresql_where=BY_USER,
        sqlite_where=BY_USER,
    )
    op.create_index(
        "uq_attachment_views_customer",
        "attachment_views",
        ["attachment_id"],
        unique=True,
        postgresql_where=BY_CUSTOMER,
        sqlite_where=BY_CUSTOMER,
    )


def downgrade() -> None:
    op.drop_table("attachment_views")
    op.drop_table("attachments")

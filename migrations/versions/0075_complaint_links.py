"""Complaints that have to do with each other: related, or one split off the other."""

import sqlalchemy as sa
from alembic import op

revision = "0075"
down_revision = "0074"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "complaint_links",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("complaint_id", sa.Integer(), nullable=False),
        sa.Column("other_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("by_name", sa.String(120), nullable=False),
        sa.ForeignKeyConstraint(
            ["complaint_id"], ["complaints.id"], name=op.f("fk_complaint_links_complaint_id")
        ),
        sa.ForeignKeyConstraint(
            ["other_id"], ["complaints.id"], name=op.f("fk_complaint_links_other_id")
        ),
        sa.ForeignKeyConstraint(["by_id"], ["users.id"], name=op.f("fk_complaint_links_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_complaint_links")),
        sa.UniqueConstraint(
            "complaint_id", "other_id", name=op.f("uq_complaint_links_complaint_id_other_id")
        ),
    )
    op.create_index("ix_complaint_links_other", "complaint_links", ["other_id"])


def downgrade() -> None:
    op.drop_table("complaint_links")

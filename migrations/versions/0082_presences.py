"""Who has which complaint open at this moment."""

import sqlalchemy as sa
from alembic import op

revision = "0082"
down_revision = "0081"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "presences",
        sa.Column("complaint_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("doing", sa.String(10), nullable=False),
        sa.PrimaryKeyConstraint("complaint_id", "user_id", name="pk_presences"),
        sa.ForeignKeyConstraint(
            ["complaint_id"], ["complaints.id"], name="fk_presences_complaint_id_complaints"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_presences_user_id_users"),
    )
    op.create_index("ix_presences_seen_at", "presences", ["seen_at"])


def downgrade() -> None:
    op.drop_table("presences")

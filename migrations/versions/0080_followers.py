"""Who follows which complaint."""

import sqlalchemy as sa
from alembic import op

revision = "0080"
down_revision = "0079"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "complaint_followers",
        sa.Column("complaint_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("complaint_id", "user_id", name="pk_complaint_followers"),
        sa.ForeignKeyConstraint(
            ["complaint_id"],
            ["complaints.id"],
            name="fk_complaint_followers_complaint_id_complaints",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name="fk_complaint_followers_user_id_users"
        ),
    )
    op.create_index("ix_complaint_followers_user", "complaint_followers", ["user_id"])


def downgrade() -> None:
    op.drop_table("complaint_followers")

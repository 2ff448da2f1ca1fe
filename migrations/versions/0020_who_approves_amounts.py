"""Who was asked to approve an offer and why, and when its amount began to count.

Offers of the version before count from their approval, or from when they were made.
"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("offers") as batch_op:
        batch_op.add_column(
            sa.Column(
                "approver_id",
                sa.Integer(),
                sa.ForeignKey("users.id", name="fk_offers_approver_id"),
                nullable=True,
            )
        )
        batch_op.add_column(
            sa.Column("bound", sa.String(length=10), server_default="", nullable=False)
        )
        batch_op.add_column(sa.Column("granted_at", sa.DateTime(timezone=True), nullable=True))
    op.execute(
        "UPDATE offers SET granted_at = COALESCE(decided_at, at)"
        " WHERE state NOT IN ('waiting_approval', 'rejected')"
    )


def downgrade() -> None:
    with op.batch_alter_table("offers") as batch_op:
        batch_op.drop_constraint("fk_offers_approver_id", type_="foreignkey")
        batch_op.drop_column("granted_at")
        batch_op.drop_column("bound")
        batch_op.drop_column("approver_id")

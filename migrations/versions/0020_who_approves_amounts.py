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
    # Not in a batch: SQLite would copy the table, which answers and other offers point to.
    approver_id = sa.Column(
        "approver_id",
        sa.Integer(),
        sa.ForeignKey("users.id", name="fk_offers_approver_id"),
        nullable=True,
    )
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    op.add_column("offers", approver_id, inline_references=is_sqlite)
    op.add_column(
        "offers", sa.Column("bound", sa.String(length=10), server_default="", nullable=False)
    )
    op.add_column("offers", sa.Column("granted_at", sa.DateTime(timezone=True), nullable=True))
    op.execute(
        "UPDATE offers SET granted_at = COALESCE(decided_at, at)"
        " WHERE state NOT IN ('waiting_approval', 'rejected')"
    )


def downgrade() -> None:
    op.drop_column("offers", "granted_at")
    op.drop_column("offers", "bound")
    op.drop_column("offers", "approver_id")

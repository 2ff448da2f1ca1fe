"""Accounts have a history of their own; keys of programs end; a password set by somebody else too.

What was done to accounts before was kept nowhere: a history begins with the first act after this.
Keys there are end a year from now, so that nothing stops at once.
"""

from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None

JSON = sa.JSON(none_as_null=True).with_variant(
    postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), "postgresql"
)


def upgrade() -> None:
    op.add_column(
        "users",
        sa.Column("must_change_password", sa.Boolean(), server_default=sa.false(), nullable=False),
    )
    op.add_column(
        "users", sa.Column("history_seq", sa.Integer(), server_default="0", nullable=False)
    )
    op.add_column(
        "users", sa.Column("history_hash", sa.String(64), server_default="", nullable=False)
    )
    op.create_table(
        "account_history",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("what", sa.String(20), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("by_name", sa.String(120), nullable=False),
        sa.Column("detail", JSON, nullable=False),
        sa.Column("prev_hash", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["users.id"], name=op.f("fk_account_history_by_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_account_history_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_history")),
        sa.UniqueConstraint("user_id", "seq", name="uq_account_history_user_id_seq"),
    )
    keys = sa.table("api_tokens", sa.column("expires_at", sa.DateTime(timezone=True)))
    op.add_column("api_tokens", sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True))
    # One row for each program that was ever connected: few.
    op.get_bind().execute(keys.update().values(expires_at=datetime.now(UTC) + timedelta(days=365)))
    with op.batch_alter_table("api_tokens") as batch:
        batch.alter_column("expires_at", existing_type=sa.DateTime(timezone=True), nullable=False)


def downgrade() -> None:
    op.drop_column("api_tokens", "expires_at")
    op.drop_table("account_history")
    for name in ("history_hash", "history_seq", "must_change_password"):
        op.drop_column("users", name)

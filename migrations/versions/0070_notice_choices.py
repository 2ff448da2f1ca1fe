"""How somebody wants to hear of what need not be told at once, and when their summary is due."""

import sqlalchemy as sa
from alembic import op

revision = "0070"
down_revision = "0069"
branch_labels = None
depends_on = None

WAITS = "digest_at IS NOT NULL"


def upgrade() -> None:
    op.create_table(
        "notice_choices",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("user_id", sa.Integer, nullable=False),
        sa.Column("topic", sa.String(20), nullable=False),
        sa.Column("way", sa.String(10), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_notice_choices"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_notice_choices_user_id_users"),
        sa.UniqueConstraint("user_id", "topic", name="uq_notice_choices_user_id_topic"),
    )
    op.add_column("notices", sa.Column("digest_at", sa.DateTime(timezone=True)))
    op.create_index(
        "ix_notices_daily",
        "notices",
        ["digest_at", "user_id"],
        postgresql_where=sa.text(WAITS),
        sqlite_where=sa.text(WAITS),
    )


def downgrade() -> None:
    op.drop_index("ix_notices_daily", table_name="notices")
    op.drop_column("notices", "digest_at")
    op.drop_table("notice_choices")

"""Acknowledgements that expire, deputies, digests, lag counts, and where a rule came from."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "absences",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("deputy_id", sa.Integer(), nullable=True),
        sa.Column("from_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["deputy_id"], ["users.id"], name=op.f("fk_absences_deputy_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_absences_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absences")),
    )
    with op.batch_alter_table("absences", schema=None) as batch_op:
        batch_op.create_index("ix_absences_until_at", ["until_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_absences_user_id"), ["user_id"], unique=False)

    with op.batch_alter_table("escalations", schema=None) as batch_op:
        batch_op.add_column(sa.Column("ack_expires_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("instruction", sa.Text(), server_default="", nullable=False))

    with op.batch_alter_table("heartbeats", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "lags",
                sa.JSON().with_variant(postgresql.JSONB(), "postgresql"),
                server_default="{}",
                nullable=False,
            )
        )

    with op.batch_alter_table("notices", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("awaits_digest", sa.Boolean(), server_default=sa.false(), nullable=False)
        )
        batch_op.create_index(
            "ix_notices_digest",
            ["user_id", "id"],
            unique=False,
            postgresql_where=sa.text("awaits_digest"),
            sqlite_where=sa.text("awaits_digest"),
        )

    with op.batch_alter_table("rule_versions", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("origin", sa.String(length=10), server_default="config", nullable=False)
        )


def downgrade() -> None:
    with op.batch_alter_table("rule_versions", schema=None) as batch_op:
        batch_op.drop_column("origin")

    with op.batch_alter_table("notices", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_notices_digest",
            postgresql_where=sa.text("awaits_digest"),
            sqlite_where=sa.text("awaits_digest"),
        )
        batch_op.drop_column("awaits_digest")

    with op.batch_alter_table("heartbeats", schema=None) as batch_op:
        batch_op.drop_column("lags")

    with op.batch_alter_table("escalations", schema=None) as batch_op:
        batch_op.drop_column("instruction")
        batch_op.drop_column("ack_expires_at")

    with op.batch_alter_table("absences", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_absences_user_id"))
        batch_op.drop_index("ix_absences_until_at")

    op.drop_table("absences")

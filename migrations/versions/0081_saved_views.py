"""Lists of complaints under a name, one's own or shared with a branch."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0081"
down_revision = "0080"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "saved_views",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("asked", JSON, nullable=False),
        sa.Column("is_shared", sa.Boolean(), nullable=False),
        sa.Column("branch_id", sa.Integer(), nullable=True),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_saved_views"),
        sa.ForeignKeyConstraint(["owner_id"], ["users.id"], name="fk_saved_views_owner_id_users"),
        sa.ForeignKeyConstraint(
            ["branch_id"], ["branches.id"], name="fk_saved_views_branch_id_branches"
        ),
        sa.UniqueConstraint("owner_id", "name", name="uq_saved_views_owner_id_name"),
    )
    op.create_index(
        "ix_saved_views_shared",
        "saved_views",
        ["branch_id"],
        postgresql_where=sa.text("is_shared"),
        sqlite_where=sa.text("is_shared"),
    )


def downgrade() -> None:
    op.drop_index("ix_saved_views_shared", "saved_views")
    op.drop_table("saved_views")

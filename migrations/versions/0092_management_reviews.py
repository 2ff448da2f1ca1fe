"""Management reviews, and their history."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0092"
down_revision = "0091"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
WAITS = sa.text("next_at IS NOT NULL")
FOREIGN = (
    ("branch_id", "branches"),
    ("drafted_by_id", "users"),
    ("ended_by_id", "users"),
)


def _column(name: str, kind: sa.types.TypeEngine, *, null: bool = False) -> sa.Column:
    return sa.Column(name, kind, nullable=null)


def upgrade() -> None:
    number, day, words = sa.Integer(), sa.Date(), sa.Text()
    instant, name = sa.DateTime(timezone=True), sa.String(120)
    op.create_table(
        "management_reviews",
        _column("id", number),
        _column("year", number),
        _column("branch_id", number, null=True),
        _column("from_on", day),
        _column("to_on", day),
        _column("state", sa.String(20)),
        _column("held_on", day, null=True),
        _column("next_on", day, null=True),
        _column("chaired_by", name),
        _column("participants", JSON),
        _column("minutes", JSON),
        _column("figures", JSON),
        _column("figures_at", instant),
        _column("action_ids", JSON),
        _column("agreed", JSON),
        _column("followed", JSON),
        _column("next_at", instant, null=True),
        _column("drafted_at", instant),
        _column("drafted_by_id", number, null=True),
        _column("drafted_by_name", name),
        _column("ended_at", instant, null=True),
        _column("ended_by_id", number, null=True),
        _column("ended_by_name", name),
        _column("reason", words),
        _column("history_seq", number),
        _column("history_hash", sa.String(64)),
        *(
            sa.ForeignKeyConstraint(
                [column], [f"{table}.id"], name=op.f(f"fk_management_reviews_{column}")
            )
            for column, table in FOREIGN
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_management_reviews")),
    )
    op.create_index(
        "ix_management_reviews_branch",
        "management_reviews",
        ["branch_id", "state", "held_on", "id"],
    )
    op.create_index(
        "ix_management_reviews_next",
        "management_reviews",
        ["next_at", "id"],
        postgresql_where=WAITS,
        sqlite_where=WAITS,
    )
    op.create_table(
        "management_review_history",
        _column("id", number),
        _column("review_id", number),
        _column("seq", number),
        _column("what", sa.String(20)),
        _column("at", instant),
        _column("by_id", number, null=True),
        _column("by_name", name),
        _column("detail", JSON),
        _column("prev_hash", sa.String(64)),
        _column("hash", sa.String(64)),
        _column("key_id", sa.String(8)),
        sa.ForeignKeyConstraint(
            ["review_id"],
            ["management_reviews.id"],
            name=op.f("fk_management_review_history_review_id"),
        ),
        sa.ForeignKeyConstraint(
            ["by_id"], ["users.id"], name=op.f("fk_management_review_history_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_management_review_history")),
        sa.UniqueConstraint("review_id", "seq", name="uq_management_review_history_review_id_seq"),
    )


def downgrade() -> None:
    op.drop_table("management_review_history")
    op.drop_table("management_reviews")

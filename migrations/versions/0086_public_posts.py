"""Public posts with the clock of their reply, and their history."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0086"
down_revision = "0085"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
INDEXES = (
    ("state_due", ["state", "due_at", "id"]),
    ("state", ["state", "id"]),
    ("branch_due", ["branch_id", "state", "due_at", "id"]),
    ("branch", ["branch_id", "state", "id"]),
    ("posted", ["posted_at", "branch_id", "channel", "state"]),
    ("complaint", ["complaint_id"]),
)
FOREIGN = (
    ("branch_id", "branches"),
    ("taken_by_id", "users"),
    ("calendar_version_id", "rule_versions"),
    ("ladder_version_id", "rule_versions"),
    ("ended_by_id", "users"),
    ("complaint_id", "complaints"),
)


def _instant(name: str, *, null: bool = True) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=null)


def _text(name: str, length: int | None = None) -> sa.Column:
    return sa.Column(name, sa.String(length) if length else sa.Text(), nullable=False)


def _number(name: str, *, null: bool = True) -> sa.Column:
    return sa.Column(name, sa.Integer(), nullable=null)


def upgrade() -> None:
    op.create_table(
        "public_posts",
        _number("id", null=False),
        _number("year", null=False),
        _number("branch_id", null=False),
        _text("channel", 20),
        _text("source", 40),
        _text("link"),
        _text("link_key", 64),
        _text("author", 200),
        _text("text"),
        _instant("posted_at", null=False),
        _instant("taken_at", null=False),
        _number("taken_by_id"),
        _text("taken_by_name", 120),
        _text("text_now"),
        _instant("gone_at"),
        _text("state", 10),
        _instant("due_at", null=False),
        _number("calendar_version_id", null=False),
        _number("ladder_version_id", null=False),
        _instant("late_at"),
        _number("fired", null=False),
        _instant("next_at"),
        _text("reply"),
        _text("reply_link"),
        _instant("replied_at"),
        _instant("ended_at"),
        _number("ended_by_id"),
        _text("ended_by_name", 120),
        _text("reason"),
        _number("complaint_id"),
        _number("history_seq", null=False),
        _text("history_hash", 64),
        *(
            sa.ForeignKeyConstraint(
                [column], [f"{table}.id"], name=op.f(f"fk_public_posts_{column}")
            )
            for column, table in FOREIGN
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_public_posts")),
        sa.UniqueConstraint("link_key", name="uq_public_posts_link_key"),
    )
    for name, columns in INDEXES:
        op.create_index(f"ix_public_posts_{name}", "public_posts", columns)
    op.create_index(
        "ix_public_posts_next",
        "public_posts",
        ["next_at", "id"],
        postgresql_where=sa.text("next_at IS NOT NULL"),
        sqlite_where=sa.text("next_at IS NOT NULL"),
    )
    op.create_table(
        "public_post_history",
        _number("id", null=False),
        _number("post_id", null=False),
        _number("seq", null=False),
        _text("what", 20),
        _instant("at", null=False),
        _number("by_id"),
        _text("by_name", 120),
        sa.Column("detail", JSON, nullable=False),
        _text("prev_hash", 64),
        _text("hash", 64),
        _text("key_id", 8),
        sa.ForeignKeyConstraint(
            ["post_id"], ["public_posts.id"], name=op.f("fk_public_post_history_post_id")
        ),
        sa.ForeignKeyConstraint(["by_id"], ["users.id"], name=op.f("fk_public_post_history_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_public_post_history")),
        sa.UniqueConstraint("post_id", "seq", name="uq_public_post_history_post_id_seq"),
    )


def downgrade() -> None:
    op.drop_table("public_post_history")
    op.drop_table("public_posts")

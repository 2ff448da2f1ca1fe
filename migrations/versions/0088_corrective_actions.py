"""Corrective actions, and their history."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0088"
down_revision = "0087"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
INDEXES = (
    ("state", ["state", "due_at", "id"], None),
    ("branch", ["branch_id", "state", "due_at", "id"], None),
    ("owner", ["owner_id", "state", "due_at", "id"], None),
    ("cause", ["cause", "state"], None),
    ("contact", ["contact_id"], "contact_id IS NOT NULL"),
    ("next", ["next_at", "id"], "next_at IS NOT NULL"),
)
FOREIGN = (
    ("branch_id", "branches"),
    ("contact_id", "other_contacts"),
    ("owner_id", "users"),
    ("raised_by_id", "users"),
    ("done_by_id", "users"),
    ("ended_by_id", "users"),
)


def _instant(name: str, *, null: bool = True) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=null)


def _day(name: str, *, null: bool = True) -> sa.Column:
    return sa.Column(name, sa.Date(), nullable=null)


def _text(name: str, length: int | None = None) -> sa.Column:
    return sa.Column(name, sa.String(length) if length else sa.Text(), nullable=False)


def _number(name: str, *, null: bool = True) -> sa.Column:
    return sa.Column(name, sa.Integer(), nullable=null)


def upgrade() -> None:
    op.create_table(
        "corrective_actions",
        _number("id", null=False),
        _number("year", null=False),
        _number("branch_id"),
        _text("subject", 10),
        _text("code", 60),
        _text("cause", 60),
        sa.Column("whys", JSON, nullable=False),
        _text("what"),
        _text("why"),
        _number("contact_id"),
        _number("owner_id", null=False),
        _text("owner_name", 120),
        _day("due_on", null=False),
        _day("first_due_on", null=False),
        _instant("due_at", null=False),
        _instant("late_at"),
        _instant("next_at"),
        _number("weeks", null=False),
        _instant("raised_at", null=False),
        _number("raised_by_id"),
        _text("raised_by_name", 120),
        _text("state", 20),
        _day("done_on"),
        _instant("done_at"),
        _number("done_by_id"),
        _text("evidence"),
        _instant("ended_at"),
        _number("ended_by_id"),
        _text("ended_by_name", 120),
        _text("reason"),
        _number("history_seq", null=False),
        _text("history_hash", 64),
        *(
            sa.ForeignKeyConstraint(
                [column], [f"{table}.id"], name=op.f(f"fk_corrective_actions_{column}")
            )
            for column, table in FOREIGN
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_corrective_actions")),
    )
    for name, columns, where in INDEXES:
        only = sa.text(where) if where else None
        op.create_index(
            f"ix_corrective_actions_{name}",
            "corrective_actions",
            columns,
            postgresql_where=only,
            sqlite_where=only,
        )
    op.create_table(
        "corrective_action_history",
        _number("id", null=False),
        _number("action_id", null=False),
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
            ["action_id"],
            ["corrective_actions.id"],
            name=op.f("fk_corrective_action_history_action_id"),
        ),
        sa.ForeignKeyConstraint(
            ["by_id"], ["users.id"], name=op.f("fk_corrective_action_history_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_corrective_action_history")),
        sa.UniqueConstraint("action_id", "seq", name="uq_corrective_action_history_action_id_seq"),
    )


def downgrade() -> None:
    op.drop_table("corrective_action_history")
    op.drop_table("corrective_actions")

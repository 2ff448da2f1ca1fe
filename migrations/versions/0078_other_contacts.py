"""Contacts that are no complaint, their history, and which complaint went on as one."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0078"
down_revision = "0077"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
INDEXES = (
    ("state", ["state", "id"]),
    ("kind", ["kind", "id"]),
    ("branch", ["branch_id", "id"]),
    ("branch_state", ["branch_id", "state", "id"]),
    ("branch_kind", ["branch_id", "kind", "id"]),
    ("team", ["team_id", "id"]),
    ("received", ["received_at", "branch_id", "kind", "state"]),
    ("became", ["became_id"]),
    ("came_from", ["came_from_id"]),
    ("customer", ["customer_id", "id"]),
)
FOREIGN = (
    ("branch_id", "branches"),
    ("taken_by_id", "users"),
    ("customer_id", "customers"),
    ("team_id", "teams"),
    ("person_id", "users"),
    ("ended_by_id", "users"),
    ("became_id", "complaints"),
    ("came_from_id", "complaints"),
)


def _instant(name: str, *, null: bool = True) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=null)


def _text(name: str, length: int | None = None, *, null: bool = False) -> sa.Column:
    return sa.Column(name, sa.String(length) if length else sa.Text(), nullable=null)


def _number(name: str, *, null: bool = True) -> sa.Column:
    return sa.Column(name, sa.Integer(), nullable=null)


def upgrade() -> None:
    op.create_table(
        "other_contacts",
        _number("id", null=False),
        _number("year", null=False),
        _text("kind", 40),
        _text("state", 10),
        _number("branch_id", null=False),
        _text("channel", 20),
        _text("source", 40),
        _text("words"),
        _instant("received_at", null=False),
        _instant("taken_at", null=False),
        _number("taken_by_id"),
        _text("taken_by_name", 120),
        _number("customer_id"),
        _text("customer_name", 200),
        _text("customer_salutation", 40),
        _text("customer_number", 40),
        _text("customer_phone", 20, null=True),
        _text("customer_email", 254, null=True),
        _text("language", 2),
        _number("team_id"),
        _instant("handed_at"),
        _text("reference", 120),
        _number("person_id"),
        _instant("ended_at"),
        _number("ended_by_id"),
        _text("ended_by_name", 120),
        _text("end_words"),
        _text("end_method", 20),
        _text("letter_key", 160, null=True),
        _number("became_id"),
        _number("came_from_id"),
        _text("reason"),
        _number("history_seq", null=False),
        _text("history_hash", 64),
        _number("version", null=False),
        *(
            sa.ForeignKeyConstraint(
                [column], [f"{table}.id"], name=op.f(f"fk_other_contacts_{column}")
            )
            for column, table in FOREIGN
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_other_contacts")),
    )
    for name, columns in INDEXES:
        op.create_index(f"ix_other_contacts_{name}", "other_contacts", columns)
    op.create_table(
        "other_contact_history",
        _number("id", null=False),
        _number("contact_id", null=False),
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
            ["contact_id"], ["other_contacts.id"], name=op.f("fk_other_contact_history_contact_id")
        ),
        sa.ForeignKeyConstraint(
            ["by_id"], ["users.id"], name=op.f("fk_other_contact_history_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_other_contact_history")),
        sa.UniqueConstraint("contact_id", "seq", name="uq_other_contact_history_contact_id_seq"),
    )
    op.add_column("complaints", _number("contact_id"))
    op.add_column("inbound_messages", _number("contact_id"))


def downgrade() -> None:
    op.drop_column("inbound_messages", "contact_id")
    op.drop_column("complaints", "contact_id")
    op.drop_table("other_contact_history")
    op.drop_table("other_contacts")

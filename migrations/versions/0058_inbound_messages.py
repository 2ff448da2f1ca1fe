"""Messages as they came in, their raw bytes, and how far each mailbox has been read."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0058"
down_revision = "0057"
branch_labels = None
depends_on = None

JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
INSTANT = sa.DateTime(timezone=True)
PARTIAL = {
    "ix_inbound_messages_waiting": (
        ["branch_id", "id"],
        "action = 'quarantined' AND reviewed_at IS NULL",
    ),
    "ix_inbound_messages_unassigned": (["id"], "complaint_id IS NULL"),
}
WHOLE = {
    "ix_inbound_messages_message_mark": ["message_mark"],
    "ix_inbound_messages_sender": ["from_address", "taken_at"],
    "ix_inbound_messages_complaint": ["complaint_id", "id"],
}


def upgrade() -> None:
    op.create_table(
        "inbound_messages",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(200), nullable=False),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.String(900), nullable=False),
        sa.Column("message_mark", sa.String(64), nullable=True),
        sa.Column("from_name", sa.String(200), nullable=False),
        sa.Column("from_address", sa.String(254), nullable=False),
        sa.Column("recipients", JSON, nullable=False),
        sa.Column("subject", sa.String(300), nullable=False),
        sa.Column("sent_text", sa.String(100), nullable=False),
        sa.Column("received_at", INSTANT, nullable=False),
        sa.Column("taken_at", INSTANT, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("action", sa.String(12), nullable=False),
        sa.Column("reason", sa.String(40), nullable=False),
        sa.Column("complaint_id", sa.Integer(), nullable=True),
        sa.Column("proposal_id", sa.Integer(), nullable=True),
        sa.Column("branch_id", sa.Integer(), nullable=True),
        sa.Column("language", sa.String(2), nullable=False),
        sa.Column("category", sa.String(60), nullable=True),
        sa.Column("reviewed_at", INSTANT, nullable=True),
        sa.Column("reviewed_by_id", sa.Integer(), nullable=True),
        sa.Column("reviewed_by_name", sa.String(120), nullable=False),
        sa.Column("decision", sa.String(10), nullable=False),
        sa.Column("decision_reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["complaint_id"], ["complaints.id"], name=op.f("fk_inbound_messages_complaint_id")
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["complaints.id"], name=op.f("fk_inbound_messages_proposal_id")
        ),
        sa.ForeignKeyConstraint(
            ["branch_id"], ["branches.id"], name=op.f("fk_inbound_messages_branch_id")
        ),
        sa.ForeignKeyConstraint(
            ["reviewed_by_id"], ["users.id"], name=op.f("fk_inbound_messages_reviewed_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inbound_messages")),
        sa.UniqueConstraint("fingerprint", name=op.f("uq_inbound_messages_fingerprint")),
    )
    for name, columns in WHOLE.items():
        op.create_index(name, "inbound_messages", columns)
    for name, (columns, where) in PARTIAL.items():
        only = sa.text(where)
        op.create_index(name, "inbound_messages", columns, postgresql_where=only, sqlite_where=only)
    op.create_table(
        "inbound_sources",
        sa.Column("message_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("packed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["message_id"], ["inbound_messages.id"], name=op.f("fk_inbound_sources_message_id")
        ),
        sa.PrimaryKeyConstraint("message_id", name=op.f("pk_inbound_sources")),
    )
    op.create_table(
        "mailboxes",
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("uidvalidity", sa.BigInteger(), nullable=True),
        sa.Column("last_uid", sa.BigInteger(), nullable=False),
        sa.Column("tried_at", INSTANT, nullable=True),
        sa.Column("succeeded_at", INSTANT, nullable=True),
        sa.Column("last_error", sa.String(120), nullable=False),
        sa.Column("told_at", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_mailboxes")),
    )


def downgrade() -> None:
    op.drop_table("mailboxes")
    op.drop_table("inbound_sources")
    op.drop_table("inbound_messages")

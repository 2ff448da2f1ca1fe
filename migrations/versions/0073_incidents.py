"""Incidents: many complaints with one cause, who is told, and counts that are out of the usual."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0073"
down_revision = "0072"
branch_labels = None
depends_on = None

JSON = sa.JSON(none_as_null=True).with_variant(
    postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), "postgresql"
)
AT = sa.DateTime(timezone=True)
IS_OPEN = sa.text("closed_at IS NULL")
STANDS = sa.text("ended_at IS NULL")
IS_WAITING = sa.text("state = 'waiting'")


def _fk(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}"))


def _whole(name: str, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.Integer(), nullable=nullable)


def _words(name: str, length: int = 0) -> sa.Column:
    return sa.Column(name, sa.String(length) if length else sa.Text(), nullable=False)


def _at(name: str, nullable: bool = True) -> sa.Column:
    return sa.Column(name, AT, nullable=nullable)


def upgrade() -> None:
    _incidents()
    _tellings()
    op.create_table(
        "spikes",
        _whole("id"),
        _words("category", 40),
        _whole("branch_id", nullable=True),
        _at("first_at", nullable=False),
        _at("last_at", nullable=False),
        _whole("count"),
        sa.Column("usual", sa.Double(), nullable=False),
        sa.Column("chance", sa.Double(), nullable=False),
        _at("settled_at"),
        _words("settled_by_name", 120),
        _whole("incident_id", nullable=True),
        _fk("spikes", "branch_id", "branches"),
        _fk("spikes", "incident_id", "incidents"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_spikes")),
    )
    op.create_index("ix_spikes_place", "spikes", ["category", "branch_id", "last_at"])
    op.create_index("ix_spikes_last", "spikes", ["last_at", "id"])


def _incidents() -> None:
    op.create_table(
        "incidents",
        _whole("id"),
        _whole("year"),
        _whole("branch_id", nullable=True),
        _words("category", 40),
        _words("title", 200),
        _words("cause"),
        _words("plan"),
        _at("expected_at"),
        _words("words"),
        _words("words_en"),
        _at("words_at"),
        _words("words_by_name", 120),
        _at("opened_at", nullable=False),
        _whole("opened_by_id", nullable=True),
        _words("opened_by_name", 120),
        _at("closed_at"),
        _words("closed_by_name", 120),
        _words("closing"),
        _whole("version"),
        _fk("incidents", "branch_id", "branches"),
        _fk("incidents", "opened_by_id", "users"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incidents")),
    )
    op.create_index(
        "ix_incidents_open", "incidents", ["id"], postgresql_where=IS_OPEN, sqlite_where=IS_OPEN
    )
    op.create_table(
        "incident_entries",
        _whole("id"),
        _whole("incident_id"),
        _words("what", 20),
        _at("at", nullable=False),
        _whole("by_id", nullable=True),
        _words("by_name", 120),
        sa.Column("detail", JSON, nullable=False),
        _fk("incident_entries", "incident_id", "incidents"),
        _fk("incident_entries", "by_id", "users"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident_entries")),
    )
    op.create_index("ix_incident_entries_incident", "incident_entries", ["incident_id", "id"])
    op.create_table(
        "incident_links",
        _whole("id"),
        _whole("incident_id"),
        _whole("complaint_id"),
        _words("how", 12),
        _at("at", nullable=False),
        _whole("by_id", nullable=True),
        _words("by_name", 120),
        _at("ended_at"),
        _words("ended_by_name", 120),
        _fk("incident_links", "incident_id", "incidents"),
        _fk("incident_links", "complaint_id", "complaints"),
        _fk("incident_links", "by_id", "users"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident_links")),
    )
    op.create_index(
        "uq_incident_links_standing",
        "incident_links",
        ["incident_id", "complaint_id"],
        unique=True,
        postgresql_where=STANDS,
        sqlite_where=STANDS,
    )
    op.create_index("ix_incident_links_complaint", "incident_links", ["complaint_id", "id"])


def _tellings() -> None:
    op.create_table(
        "incident_messages",
        _whole("id"),
        _whole("incident_id"),
        _words("digest", 64),
        _words("text"),
        _words("text_en"),
        _at("at", nullable=False),
        _whole("by_id", nullable=True),
        _words("by_name", 120),
        _fk("incident_messages", "incident_id", "incidents"),
        _fk("incident_messages", "by_id", "users"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident_messages")),
        sa.UniqueConstraint(
            "incident_id", "digest", name=op.f("uq_incident_messages_incident_id_digest")
        ),
    )
    op.create_table(
        "incident_tellings",
        _whole("id"),
        _whole("message_id"),
        _whole("complaint_id"),
        _words("state", 12),
        _whole("by_id", nullable=True),
        _whole("attempts"),
        _at("next_try_at", nullable=False),
        _words("last_error", 200),
        _at("done_at"),
        _fk("incident_tellings", "message_id", "incident_messages"),
        _fk("incident_tellings", "complaint_id", "complaints"),
        _fk("incident_tellings", "by_id", "users"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident_tellings")),
        sa.UniqueConstraint(
            "message_id", "complaint_id", name=op.f("uq_incident_tellings_message_id_complaint_id")
        ),
    )
    op.create_index(
        "ix_incident_tellings_waiting",
        "incident_tellings",
        ["next_try_at", "id"],
        postgresql_where=IS_WAITING,
        sqlite_where=IS_WAITING,
    )
    op.create_index("ix_incident_tellings_complaint", "incident_tellings", ["complaint_id"])


def downgrade() -> None:
    for table in (
        "spikes",
        "incident_tellings",
        "incident_messages",
        "incident_links",
        "incident_entries",
        "incidents",
    ):
        op.drop_table(table)

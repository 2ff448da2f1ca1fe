"""What the report asks of a period: acts dated back, ways round, escalations, first contact.

When an entry was written down stands in its detail, under the seal; the column repeats it to be
searched by. Closed complaints that ended in one conversation are marked as far as their row tells.
"""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

WHEN = sa.DateTime(timezone=True)
JSON = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql")
COUNTED = sa.text("what IN ('pause','withdraw','override_priority')")
LATE = sa.text("recorded_at IS NOT NULL")
ONE_CONVERSATION = timedelta(hours=2)
HOME = ZoneInfo("Asia/Jakarta")

history = sa.table(
    "history",
    sa.column("id", sa.Integer),
    sa.column("complaint_id", sa.Integer),
    sa.column("what", sa.String),
    sa.column("by_id", sa.Integer),
    sa.column("recorded_at", WHEN),
    sa.column("detail", JSON),
)
rules = sa.table(
    "rule_versions",
    sa.column("id", sa.Integer),
    sa.column("kind", sa.String),
    sa.column("body", JSON),
)
complaints = sa.table(
    "complaints",
    sa.column("id", sa.Integer),
    sa.column("status", sa.String),
    sa.column("cycle", sa.Integer),
    sa.column("received_at", WHEN),
    sa.column("closed_at", WHEN),
    sa.column("received_by_id", sa.Integer),
    sa.column("handler_id", sa.Integer),
    sa.column("external_id", sa.String),
    sa.column("outcome", sa.String),
    sa.column("escalation_level", sa.Integer),
    sa.column("is_first_contact", sa.Boolean),
)


def upgrade() -> None:
    op.add_column("history", sa.Column("recorded_at", WHEN, nullable=True))
    op.add_column(
        "complaints",
        sa.Column("is_first_contact", sa.Boolean(), server_default=sa.false(), nullable=False),
    )
    for name, table, column, where in (
        ("ix_history_recorded", "history", "recorded_at", LATE),
        ("ix_history_ways_round", "history", "at", COUNTED),
    ):
        op.create_index(name, table, [column], postgresql_where=where, sqlite_where=where)
    op.create_index("ix_extensions_answered", "extensions", ["answered_at"])
    op.create_index("ix_escalations_raised", "escalations", ["raised_at"])
    op.create_index("ix_offers_decided", "offers", ["decided_at"])
    _note_when_recorded()
    _mark_first_contacts(op.get_bind())


def downgrade() -> None:
    op.drop_index("ix_offers_decided", "offers")
    op.drop_index("ix_escalations_raised", "escalations")
    op.drop_index("ix_extensions_answered", "extensions")
    op.drop_index("ix_history_ways_round", "history")
    op.drop_index("ix_history_recorded", "history")
    op.drop_column("complaints", "is_first_contact")
    op.drop_column("history", "recorded_at")


def _note_when_recorded() -> None:
    connection = op.get_bind()
    says_so = sa.cast(history.c.detail, sa.Text).contains('"recorded_at"')
    found = [
        {"id_": row.id, "at_": datetime.fromisoformat(row.detail["recorded_at"]).astimezone(UTC)}
        for row in connection.execute(sa.select(history.c.id, history.c.detail).where(says_so))
    ]
    if found:
        connection.execute(
            history.update()
            .where(history.c.id == sa.bindparam("id_"))
            .values(recorded_at=sa.bindparam("at_", type_=WHEN)),
            found,
        )


def _mark_first_contacts(connection: sa.Connection) -> None:
    """One person took, handled and closed it, and it was never escalated."""
    table = complaints.c
    closed_alone = (
        sa.select(history.c.id)
        .where(
            history.c.complaint_id == table.id,
            history.c.what == "close",
            history.c.by_id == table.received_by_id,
        )
        .correlate(complaints)
        .exists()
    )
    newest = sa.select(rules.c.body).where(rules.c.kind == "taxonomy")
    taxonomy = connection.scalar(newest.order_by(rules.c.id.desc()).limit(1)) or {}
    agreed = [each["id"] for each in taxonomy.get("outcome", ()) if each.get("agreed")]
    query = sa.select(table.id, table.received_at, table.closed_at).where(
        table.status == "closed",
        table.cycle == 1,
        table.external_id.is_(None),
        sa.or_(table.handler_id.is_(None), table.received_by_id == table.handler_id),
        table.escalation_level == 0,
        closed_alone,
        table.outcome.in_(agreed),
        table.closed_at.is_not(None),
    )
    found = [
        {"id_": row.id}
        for row in connection.execute(query)
        if row.closed_at - row.received_at <= ONE_CONVERSATION
        and _day(row.received_at) == _day(row.closed_at)
    ]
    if found:
        connection.execute(
            complaints.update()
            .where(table.id == sa.bindparam("id_"))
            .values(is_first_contact=True),
            found,
        )


def _day(at: datetime) -> object:
    """The day at home; SQLite keeps UTC without saying so."""
    return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(HOME).date()

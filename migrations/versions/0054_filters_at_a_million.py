"""Whatever a list is narrowed by is settled within an index, without visiting the complaints.

The lists' own indexes hold the columns that filters ask about; the code of the cause confirmed
last is repeated on its complaint. PostgreSQL is told how common each need of customers is.
"""

import sqlalchemy as sa
from alembic import op

revision = "0054"
down_revision = "0053"
branch_labels = None
depends_on = None

OPEN = "status IN ('received','registered','in_handling','offered','accepted')"
ENDED = "status IN ('closed','withdrawn','referred')"
ASKED = ["status", "team_id", "priority", "channel", "product", "customer_id", "confirmed_cause"]
OF_RECEIVED = ["branch_id", "category", "handler_id", *ASKED, "next_due_at"]
OF_DUE = ["branch_id", "category", "handler_id", *ASKED, "waiting_customer"]

#: Name, table, columns, and which rows.
BEFORE = (
    ("ix_complaints_received", "complaints", ["received_at", "id", *OF_RECEIVED[:3]], None),
    ("ix_complaints_branch_received", "complaints", ["branch_id", "received_at", "id"], None),
    ("ix_complaints_open_by_due", "complaints", ["next_due_at", "id"], OPEN),
    ("ix_complaints_open_by_branch", "complaints", ["branch_id", "next_due_at", "id"], OPEN),
    ("ix_complaints_open_by_handler", "complaints", ["handler_id", "next_due_at", "id"], OPEN),
    ("ix_complaints_handler", "complaints", ["handler_id", "next_due_at", "id"], None),
)
AFTER = (
    ("ix_complaints_received", "complaints", ["received_at", "id", *OF_RECEIVED], None),
    (
        "ix_complaints_branch_received",
        "complaints",
        ["branch_id", "received_at", "id", *OF_RECEIVED[1:]],
        None,
    ),
    ("ix_complaints_open_by_due", "complaints", ["next_due_at", "id", *OF_DUE], OPEN),
    (
        "ix_complaints_open_by_branch",
        "complaints",
        ["branch_id", "next_due_at", "id", *OF_DUE[1:]],
        OPEN,
    ),
    (
        "ix_complaints_open_by_handler",
        "complaints",
        ["handler_id", "next_due_at", "id", "branch_id"],
        OPEN,
    ),
    ("ix_complaints_handler", "complaints", ["handler_id", "received_at", "id"], None),
    (
        "ix_complaints_open_by_customer",
        "complaints",
        ["customer_id", "next_due_at", "id", "branch_id"],
        OPEN,
    ),
    (
        "ix_complaints_ended_unhandled",
        "complaints",
        ["received_at", "id", "branch_id"],
        f"handler_id IS NULL AND {ENDED}",
    ),
    (
        "ix_complaints_ended_due",
        "complaints",
        ["next_due_at", "id", "branch_id"],
        f"next_due_at IS NOT NULL AND {ENDED}",
    ),
    (
        "ix_complaints_cause",
        "complaints",
        ["confirmed_cause", "received_at", "id", "branch_id", "status"],
        "confirmed_cause IS NOT NULL",
    ),
    ("ix_customers_tier", "customers", ["tier", "id"], None),
    ("ix_customers_in_need", "customers", ["id"], "needs <> '[]'"),
)

CONFIRMED = """
    UPDATE complaints SET confirmed_cause = (
        SELECT code FROM causes WHERE causes.complaint_id = complaints.id AND stage = 'confirmed'
        ORDER BY causes.id DESC LIMIT 1
    ) WHERE id IN (SELECT complaint_id FROM causes WHERE stage = 'confirmed')
"""


def upgrade() -> None:
    op.add_column("complaints", sa.Column("confirmed_cause", sa.String(40)))
    _drop(BEFORE)
    op.execute(CONFIRMED)
    _create(AFTER)
    if op.get_bind().dialect.name == "postgresql":
        needs = "CREATE STATISTICS st_customers_needs ON (CAST(needs AS text)) FROM customers"
        op.execute(needs)
        op.execute("ANALYZE customers")
        op.execute("ANALYZE complaints")


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP STATISTICS st_customers_needs")
    _drop(AFTER)
    op.drop_column("complaints", "confirmed_cause")
    _create(BEFORE)


def _create(indexes: tuple[tuple[str, str, list[str], str | None], ...]) -> None:
    for name, table, columns, where in indexes:
        only = sa.text(where) if where else None
        op.create_index(name, table, columns, postgresql_where=only, sqlite_where=only)


def _drop(indexes: tuple[tuple[str, str, list[str], str | None], ...]) -> None:
    for name, table, *_ in indexes:
        op.drop_index(name, table)

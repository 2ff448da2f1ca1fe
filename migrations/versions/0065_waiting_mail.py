"""Mail to sort is found by an index, of all branches and of one, before any ANALYZE as well."""

import sqlalchemy as sa
from alembic import op

revision = "0065"
down_revision = "0064"
branch_labels = None
depends_on = None

BELONGS_TO_NONE = "complaint_id IS NULL"
WAITS = "action = 'quarantined' AND reviewed_at IS NULL"


def upgrade() -> None:
    op.drop_index("ix_inbound_messages_waiting", table_name="inbound_messages")
    _create("ix_inbound_messages_waiting", ["action", "id"])
    _create("ix_inbound_messages_waiting_branch", ["branch_id", "action", "id"])
    _create("ix_inbound_messages_unassigned_branch", ["branch_id", "id"], BELONGS_TO_NONE)


def downgrade() -> None:
    op.drop_index("ix_inbound_messages_unassigned_branch", table_name="inbound_messages")
    op.drop_index("ix_inbound_messages_waiting_branch", table_name="inbound_messages")
    op.drop_index("ix_inbound_messages_waiting", table_name="inbound_messages")
    _create("ix_inbound_messages_waiting", ["branch_id", "id"])


def _create(name: str, columns: list[str], condition: str = WAITS) -> None:
    where = sa.text(condition)
    op.create_index(name, "inbound_messages", columns, postgresql_where=where, sqlite_where=where)

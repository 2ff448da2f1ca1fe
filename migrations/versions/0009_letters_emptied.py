"""When a delivered letter's facts were forgotten, and an index for those still to be."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

UNEMPTIED = sa.text("state = 'sent' AND emptied_at IS NULL")


def upgrade() -> None:
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.add_column(sa.Column("emptied_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.create_index(
            "ix_outbox_to_empty",
            ["sent_at", "id"],
            postgresql_where=UNEMPTIED,
            sqlite_where=UNEMPTIED,
        )


def downgrade() -> None:
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.drop_index("ix_outbox_to_empty")
        batch_op.drop_column("emptied_at")

"""Since when a message's words are kept no longer."""

import sqlalchemy as sa
from alembic import op

revision = "0083"
down_revision = "0082"
branch_labels = None
depends_on = None

NAME, HAS_WORDS = "ix_inbound_messages_with_words", sa.text("emptied_at IS NULL")


def upgrade() -> None:
    op.add_column("inbound_messages", sa.Column("emptied_at", sa.DateTime(timezone=True)))
    op.create_index(
        NAME, "inbound_messages", ["id"], postgresql_where=HAS_WORDS, sqlite_where=HAS_WORDS
    )


def downgrade() -> None:
    op.drop_index(NAME, "inbound_messages")
    op.drop_column("inbound_messages", "emptied_at")

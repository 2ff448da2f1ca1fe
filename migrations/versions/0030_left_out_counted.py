"""The index of the ways round knows who was left out; pauses and withdrawals are exits."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

BEFORE = "what IN ('pause','withdraw','override_priority','apologise','apologise_again','thank')"
AFTER = "what IN ('override_priority','inform','apologise','apologise_again','thank')"


def upgrade() -> None:
    _index(AFTER)


def downgrade() -> None:
    _index(BEFORE)


def _index(counted: str) -> None:
    where = sa.text(counted)
    op.drop_index("ix_history_ways_round", "history")
    op.create_index(
        "ix_history_ways_round", "history", ["at"], postgresql_where=where, sqlite_where=where
    )

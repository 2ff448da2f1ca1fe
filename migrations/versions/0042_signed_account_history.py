"""The history of accounts is signed as well: which key signed an entry.

Entries that are there stay as they are and are of the old kind: hashed, by no key.
"""

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("account_history", sa.Column("key_id", sa.String(8)))


def downgrade() -> None:
    op.drop_column("account_history", "key_id")

"""The policies a complaint is handled under are called so in the database too."""

from alembic import op

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # As a statement: a batch would copy the whole table where a rename touches no row.
    op.execute("ALTER TABLE complaints RENAME COLUMN packs TO policy_codes")


def downgrade() -> None:
    op.execute("ALTER TABLE complaints RENAME COLUMN policy_codes TO packs")

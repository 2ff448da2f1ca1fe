"""Failed logins are counted by a throttle key, and an expiry is postponed, in the database too."""

from alembic import op

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None

#: Table, the column's name before, and after.
COLUMNS = (
    ("login_attempts", "door", "throttle_key"),
    ("escalations", "expiry_put_aside_until", "expiry_postponed_until"),
)


def upgrade() -> None:
    for table, before, after in COLUMNS:
        _rename(table, before, after)


def downgrade() -> None:
    for table, before, after in COLUMNS:
        _rename(table, after, before)


def _rename(table: str, before: str, after: str) -> None:
    # As a statement: a batch would copy the whole table where a rename touches no row.
    op.execute(f"ALTER TABLE {table} RENAME COLUMN {before} TO {after}")

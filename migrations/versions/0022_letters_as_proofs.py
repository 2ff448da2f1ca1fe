"""A record of words that were written knows its letter, and on which confirmed cause it rests.

A letter knows by which way it leaves. What was recorded before keeps the proof it had:
`proof_rules` 1 are the rules under which the word of whoever recorded it was enough.
"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    cause_id = sa.Column(
        "cause_id",
        sa.Integer(),
        sa.ForeignKey("causes.id", name="fk_step_records_cause_id"),
        nullable=True,
    )
    # Not in a batch: SQLite would copy the table with every record there is.
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    op.add_column("step_records", sa.Column("letter_key", sa.String(160), nullable=True))
    op.add_column("step_records", cause_id, inline_references=is_sqlite)
    op.add_column(
        "step_records", sa.Column("proof_rules", sa.Integer(), nullable=False, server_default="1")
    )
    op.add_column("outbox", sa.Column("via", sa.String(10), nullable=False, server_default="email"))


def downgrade() -> None:
    op.drop_column("outbox", "via")
    op.drop_column("step_records", "proof_rules")
    op.drop_column("step_records", "cause_id")
    op.drop_column("step_records", "letter_key")

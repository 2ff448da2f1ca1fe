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
    with op.batch_alter_table("step_records") as table:
        table.add_column(sa.Column("letter_key", sa.String(160), nullable=True))
        table.add_column(sa.Column("cause_id", sa.Integer(), nullable=True))
        table.add_column(sa.Column("proof_rules", sa.Integer(), nullable=False, server_default="1"))
        table.create_foreign_key(
            table.f("fk_step_records_cause_id"), "causes", ["cause_id"], ["id"]
        )
    op.add_column("outbox", sa.Column("via", sa.String(10), nullable=False, server_default="email"))


def downgrade() -> None:
    with op.batch_alter_table("outbox") as table:
        table.drop_column("via")
    with op.batch_alter_table("step_records") as table:
        table.drop_constraint(table.f("fk_step_records_cause_id"), type_="foreignkey")
        table.drop_column("proof_rules")
        table.drop_column("cause_id")
        table.drop_column("letter_key")

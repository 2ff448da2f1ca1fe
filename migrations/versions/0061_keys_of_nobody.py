"""Forms and programs without an account have one-time keys as well."""

import sqlalchemy as sa
from alembic import op

revision = "0061"
down_revision = "0060"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("one_time_keys") as batch:
        batch.alter_column("user_id", existing_type=sa.Integer(), nullable=True)


def downgrade() -> None:
    # A key is only good for a week, and nobody's has no place here.
    op.execute("DELETE FROM one_time_keys WHERE user_id IS NULL")
    with op.batch_alter_table("one_time_keys") as batch:
        batch.alter_column("user_id", existing_type=sa.Integer(), nullable=False)

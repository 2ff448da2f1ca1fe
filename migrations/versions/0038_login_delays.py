"""Failed logins are counted by account and address together, and by known devices.

What was counted the old way, by account or by address alone, goes on as what is only slowed down.
"""

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("login_attempts") as batch:
        batch.alter_column("window_at", new_column_name="last_at")
        batch.alter_column("door", type_=sa.String(120), existing_type=sa.String(80))
        batch.add_column(sa.Column("account", sa.String(64), server_default="", nullable=False))
        batch.add_column(sa.Column("address", sa.String(45), server_default="", nullable=False))
        batch.create_index("ix_login_attempts_account", ["account"])
    op.create_table(
        "sightings",
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_sightings")),
    )


def downgrade() -> None:
    op.drop_table("sightings")
    # Names of doors that are longer than there was room for.
    op.execute("DELETE FROM login_attempts WHERE length(door) > 80")
    with op.batch_alter_table("login_attempts") as batch:
        batch.drop_index("ix_login_attempts_account")
        batch.drop_column("address")
        batch.drop_column("account")
        batch.alter_column("door", type_=sa.String(80), existing_type=sa.String(120))
        batch.alter_column("last_at", new_column_name="window_at")

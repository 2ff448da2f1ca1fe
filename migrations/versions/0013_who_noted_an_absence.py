"""Who noted an absence and who ended it, because it need not be the person who is away."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("absences", schema=None) as batch_op:
        batch_op.add_column(sa.Column("noted_by_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("noted_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("ended_by_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True))
        for name in ("noted_by_id", "ended_by_id"):
            batch_op.create_foreign_key(batch_op.f(f"fk_absences_{name}"), "users", [name], ["id"])


def downgrade() -> None:
    with op.batch_alter_table("absences", schema=None) as batch_op:
        for name in ("noted_by_id", "ended_by_id"):
            batch_op.drop_constraint(batch_op.f(f"fk_absences_{name}"), type_="foreignkey")
        for name in ("noted_by_id", "noted_at", "ended_by_id", "ended_at"):
            batch_op.drop_column(name)

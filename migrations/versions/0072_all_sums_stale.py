"""No sums are kept yet of the complaints that there are: the worker computes them."""

from alembic import op

revision = "0072"
down_revision = "0071"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("INSERT INTO report_stale (complaint_id) SELECT id FROM complaints ORDER BY id")


def downgrade() -> None:
    op.execute("DELETE FROM report_stale")

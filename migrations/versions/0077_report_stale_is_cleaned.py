"""PostgreSQL cleans up soon where marks come and go: every report asks which there are."""

from alembic import op

revision = "0077"
down_revision = "0076"
branch_labels = None
depends_on = None

SETTINGS = {
    "autovacuum_vacuum_scale_factor": 0,
    "autovacuum_vacuum_threshold": 1000,
    "autovacuum_vacuum_cost_delay": 0,
}


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        told = ", ".join(
            f"{name} = {value}" for name, value in zip(SETTINGS, (0, 1000, 0), strict=True)
        )
        op.execute(f"ALTER TABLE report_stale SET ({told})")


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"ALTER TABLE report_stale RESET ({', '.join(SETTINGS)})")

"""Until when tokens hold, in whole seconds: 0041 counted a year with the fraction of a second.

What is signed are whole seconds, so `history verify` would call every one of these tokens changed.
"""

from alembic import op

revision = "0052"
down_revision = "0051"
branch_labels = None
depends_on = None

WHOLE = {
    "sqlite": "substr(expires_at, 1, 19) || '.000000'",
    "postgresql": "date_trunc('second', expires_at)",
}


def upgrade() -> None:
    # One row for each program that was ever connected: few.
    whole = WHOLE[op.get_context().dialect.name]
    op.execute(f"UPDATE api_tokens SET expires_at = {whole} WHERE expires_at <> {whole}")


def downgrade() -> None:
    pass

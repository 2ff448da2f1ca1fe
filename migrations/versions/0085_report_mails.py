"""Reports that somebody chose to get by email."""

import sqlalchemy as sa
from alembic import op

revision = "0085"
down_revision = "0084"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "report_mails",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("rhythm", sa.String(10), nullable=False),
        sa.Column("day", sa.Integer(), nullable=False),
        sa.Column("division", sa.String(20), nullable=False),
        sa.Column("chosen_by_id", sa.Integer(), nullable=False),
        sa.Column("covered_to", sa.Date(), nullable=False),
        sa.Column("next_on", sa.Date(), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_report_mails"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_report_mails_user_id_users"),
        sa.ForeignKeyConstraint(
            ["chosen_by_id"], ["users.id"], name="fk_report_mails_chosen_by_id_users"
        ),
        sa.UniqueConstraint("user_id", "rhythm", name="uq_report_mails_user_id_rhythm"),
    )
    op.create_index("ix_report_mails_next_at", "report_mails", ["next_at"])


def downgrade() -> None:
    op.drop_index("ix_report_mails_next_at", "report_mails")
    op.drop_table("report_mails")

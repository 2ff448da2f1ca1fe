"""What supervisors observed of the service standards; each row stays, a later one corrects it."""

import sqlalchemy as sa
from alembic import op

revision = "0067"
down_revision = "0066"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "observations",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("person_id", sa.Integer, nullable=False),
        sa.Column("by_id", sa.Integer, nullable=False),
        sa.Column("by_name", sa.String(120), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("about_id", sa.Integer),
        sa.Column("standard", sa.String(40), nullable=False),
        sa.Column("score", sa.Integer, nullable=False),
        sa.Column("words", sa.Text, nullable=False),
        sa.Column("follow_up_on", sa.Date),
        sa.Column("corrects_id", sa.Integer),
        sa.PrimaryKeyConstraint("id", name="pk_observations"),
        sa.ForeignKeyConstraint(
            ["person_id"], ["users.id"], name="fk_observations_person_id_users"
        ),
        sa.ForeignKeyConstraint(["by_id"], ["users.id"], name="fk_observations_by_id_users"),
        sa.ForeignKeyConstraint(
            ["about_id"], ["complaints.id"], name="fk_observations_about_id_complaints"
        ),
        sa.ForeignKeyConstraint(
            ["corrects_id"], ["observations.id"], name="fk_observations_corrects_id_observations"
        ),
        sa.UniqueConstraint("corrects_id", name="uq_observations_corrects_id"),
        sa.CheckConstraint("score BETWEEN 1 AND 4", name="ck_observations_score"),
    )
    op.create_index("ix_observations_person", "observations", ["person_id", "id"])
    op.create_index("ix_observations_about_id", "observations", ["about_id"])


def downgrade() -> None:
    op.drop_table("observations")

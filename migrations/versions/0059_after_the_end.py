"""What customers say after the end of a complaint, and the complaint that goes on from it."""

import sqlalchemy as sa
from alembic import op

revision = "0059"
down_revision = "0058"
branch_labels = None
depends_on = None

AT = sa.DateTime(timezone=True)
GOES_ON = sa.text("continues_id IS NOT NULL")


def upgrade() -> None:
    op.add_column("complaints", sa.Column("continues_id", sa.Integer(), nullable=True))
    op.add_column("complaints", sa.Column("link_given_at", AT, nullable=True))
    op.create_index(
        "ix_complaints_continues",
        "complaints",
        ["continues_id"],
        postgresql_where=GOES_ON,
        sqlite_where=GOES_ON,
    )
    op.create_table(
        "follow_ups",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("complaint_id", sa.Integer(), nullable=False),
        sa.Column("cycle", sa.Integer(), nullable=False),
        sa.Column("answer", sa.String(10), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", AT, nullable=False),
        sa.Column("opened_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["complaint_id"], ["complaints.id"], name=op.f("fk_follow_ups_complaint_id")
        ),
        sa.ForeignKeyConstraint(
            ["opened_id"], ["complaints.id"], name=op.f("fk_follow_ups_opened_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_follow_ups")),
        sa.UniqueConstraint("complaint_id", "cycle", name=op.f("uq_follow_ups_complaint_id_cycle")),
    )
    op.create_table(
        "ratings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("complaint_id", sa.Integer(), nullable=False),
        sa.Column("cycle", sa.Integer(), nullable=False),
        sa.Column("handler_id", sa.Integer(), nullable=True),
        *(
            sa.Column(name, sa.Integer(), nullable=True)
            for name in ("listening", "courtesy", "cause", "next_step")
        ),
        sa.Column("overall", sa.Integer(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("suggestion", sa.Text(), nullable=False),
        sa.Column("consented_at", AT, nullable=True),
        sa.Column("at", AT, nullable=False),
        sa.Column("changed_at", AT, nullable=True),
        sa.ForeignKeyConstraint(
            ["complaint_id"], ["complaints.id"], name=op.f("fk_ratings_complaint_id")
        ),
        sa.ForeignKeyConstraint(["handler_id"], ["users.id"], name=op.f("fk_ratings_handler_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ratings")),
        sa.UniqueConstraint("complaint_id", "cycle", name=op.f("uq_ratings_complaint_id_cycle")),
    )
    op.create_index("ix_ratings_at", "ratings", ["at", "id"])
    op.create_index("ix_ratings_handler", "ratings", ["handler_id", "at"])


def downgrade() -> None:
    op.drop_table("ratings")
    op.drop_table("follow_ups")
    op.drop_index("ix_complaints_continues", "complaints")
    op.drop_column("complaints", "link_given_at")
    op.drop_column("complaints", "continues_id")

"""Told and planned steps become commitments; those there are stay as of the earlier rules."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

UNSETTLED = sa.text("done_at IS NULL AND dropped_at IS NULL")
DROPPED = sa.text("dropped_at IS NOT NULL")


def upgrade() -> None:
    op.create_table(
        "commitments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("complaint_id", sa.Integer(), nullable=False),
        sa.Column("cycle", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("owner", sa.String(length=120), nullable=False),
        sa.Column("owner_kind", sa.String(length=10), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("team_id", sa.Integer(), nullable=True),
        sa.Column("offer_id", sa.Integer(), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("follows_promise", sa.Boolean(), nullable=False),
        sa.Column("deadline_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_by_id", sa.Integer(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("reference", sa.String(length=120), nullable=False),
        sa.Column("dropped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("dropped_by_id", sa.Integer(), nullable=True),
        sa.Column("drop_cause", sa.String(length=10), nullable=True),
        sa.Column("drop_reason", sa.Text(), nullable=False),
        sa.Column("is_earlier", sa.Boolean(), nullable=False),
        *(
            sa.ForeignKeyConstraint([name], [target], name=op.f(f"fk_commitments_{name}"))
            for name, target in (
                ("complaint_id", "complaints.id"),
                ("owner_id", "users.id"),
                ("team_id", "teams.id"),
                ("offer_id", "offers.id"),
                ("deadline_id", "deadlines.id"),
                ("by_id", "users.id"),
                ("done_by_id", "users.id"),
                ("dropped_by_id", "users.id"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commitments")),
    )
    op.create_index("ix_commitments_complaint", "commitments", ["complaint_id", "id"])
    op.create_index("ix_commitments_deadline", "commitments", ["deadline_id"])
    for name, columns, where in (
        ("owner", ["owner_id", "due_at"], UNSETTLED),
        ("team", ["team_id", "due_at"], UNSETTLED),
        ("dropped", ["dropped_at", "dropped_by_id"], DROPPED),
    ):
        op.create_index(
            f"ix_commitments_{name}",
            "commitments",
            columns,
            postgresql_where=where,
            sqlite_where=where,
        )
    # Whether they were kept was not recorded, and is not asked for now.
    op.execute(
        """
        INSERT INTO commitments (complaint_id, cycle, kind, revision, position, what, owner,
            owner_kind, due_at, follows_promise, note, reference, drop_reason, is_earlier)
        SELECT complaint_id, 1, CASE purpose WHEN 'promised' THEN 'step' ELSE 'plan' END, revision,
            position, what, owner, 'person', due_at, false, '', '', '', true
        FROM planned_steps ORDER BY id
        """
    )
    op.drop_table("planned_steps")


def downgrade() -> None:
    op.create_table(
        "planned_steps",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("complaint_id", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.String(length=10), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("owner", sa.String(length=120), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["complaint_id"], ["complaints.id"], name=op.f("fk_planned_steps_complaint_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_planned_steps")),
    )
    op.create_index("ix_planned_steps_complaint", "planned_steps", ["complaint_id", "id"])
    op.execute(
        """
        INSERT INTO planned_steps
            (complaint_id, purpose, revision, position, what, owner, due_at)
        SELECT complaint_id, CASE kind WHEN 'step' THEN 'promised' ELSE 'plan' END, revision,
            position, what, owner, due_at
        FROM commitments WHERE kind IN ('step', 'plan') ORDER BY id
        """
    )
    op.drop_table("commitments")
    # Their clocks are of a kind that the version before does not know.
    clocks = "SELECT id FROM deadlines WHERE kind = 'commitment'"
    for table in ("timers", "escalations", "deadline_entries"):
        op.execute(f"DELETE FROM {table} WHERE deadline_id IN ({clocks})")
    op.execute("DELETE FROM deadlines WHERE kind = 'commitment'")

"""Acknowledgements that have run out before this version, where the ladder has gone on since.

An escalation by hand has no ladder: what expired in silence is told by the next sweep.
"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
ENDED = ("closed", "withdrawn", "referred")

complaints = sa.table("complaints", sa.column("id", sa.Integer), sa.column("status", sa.String))
escalations = sa.table(
    "escalations",
    sa.column("complaint_id", sa.Integer),
    sa.column("deadline_id", sa.Integer),
    sa.column("ack_expires_at", INSTANT),
    sa.column("expiry_told_at", INSTANT),
)


def upgrade() -> None:
    ended = sa.select(complaints.c.id).where(complaints.c.status.in_(ENDED))
    has_gone_on = escalations.c.deadline_id.is_not(None) | escalations.c.complaint_id.in_(ended)
    op.execute(
        escalations.update()
        .where(escalations.c.ack_expires_at < sa.func.current_timestamp(), has_gone_on)
        .values(expiry_told_at=escalations.c.ack_expires_at)
    )


def downgrade() -> None:
    op.execute(escalations.update().values(expiry_told_at=None))

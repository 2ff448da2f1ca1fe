"""Open complaints are handled under the packs that are switched on now; nothing else was kept."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

LIST = sa.JSON(none_as_null=True).with_variant(
    postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), "postgresql"
)
OPEN = ("received", "registered", "in_handling", "offered", "accepted")

complaints = sa.table("complaints", sa.column("packs", LIST), sa.column("status", sa.String))
rules = sa.table(
    "rule_versions",
    sa.column("id", sa.Integer),
    sa.column("kind", sa.String),
    sa.column("body", LIST),
)


def upgrade() -> None:
    newest = sa.select(rules.c.body).where(rules.c.kind == "organisation")
    body = op.get_bind().scalar(newest.order_by(rules.c.id.desc()).limit(1))
    if body is None:
        return
    untold = complaints.c.packs.is_(None) & complaints.c.status.in_(OPEN)
    op.execute(complaints.update().where(untold).values(packs=list(body["policies"])))


def downgrade() -> None:
    op.execute(complaints.update().values(packs=None))

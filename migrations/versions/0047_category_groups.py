"""A category's group stands in the taxonomy alone; its column was written and never read."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None

JSON = sa.JSON(none_as_null=True).with_variant(
    postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), "postgresql"
)
INDEX = "ix_categories_group_code"

categories = sa.table(
    "categories", sa.column("code", sa.String), sa.column("group_code", sa.String)
)
rules = sa.table(
    "rule_versions",
    sa.column("id", sa.Integer),
    sa.column("kind", sa.String),
    sa.column("body", JSON),
)


def upgrade() -> None:
    op.drop_index(INDEX, "categories")
    op.drop_column("categories", "group_code")


def downgrade() -> None:
    column = sa.Column("group_code", sa.String(40), server_default="", nullable=False)
    op.add_column("categories", column)
    op.create_index(INDEX, "categories", ["group_code"])
    newest = sa.select(rules.c.body).where(rules.c.kind == "taxonomy")
    body = op.get_bind().scalar(newest.order_by(rules.c.id.desc()).limit(1)) or {}
    for group in body.get("category_group", ()):
        its_own = categories.c.code.in_([each["id"] for each in group.get("items", ())])
        op.execute(categories.update().where(its_own).values(group_code=group["id"]))

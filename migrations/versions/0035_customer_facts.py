"""What is known of a customer: contract, products, arrears and notes, and who stated which when."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

JSON = sa.JSON(none_as_null=True).with_variant(
    postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), "postgresql"
)


def upgrade() -> None:
    # Nothing is known of the customers there are; their type stays as it was recorded.
    op.add_column("customers", sa.Column("since", sa.Date(), nullable=True))
    op.add_column("customers", sa.Column("products", JSON, server_default="[]", nullable=False))
    op.add_column("customers", sa.Column("arrears", sa.Integer(), nullable=True))
    op.add_column(
        "customers", sa.Column("notes", sa.String(500), server_default="", nullable=False)
    )
    op.create_table(
        "customer_facts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("fact", sa.String(12), nullable=False),
        sa.Column("value", JSON, nullable=True),
        sa.Column("before", JSON, nullable=True),
        sa.Column("source", sa.String(12), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("by_name", sa.String(120), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["users.id"], name=op.f("fk_customer_facts_by_id")),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name=op.f("fk_customer_facts_customer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customer_facts")),
    )
    op.create_index("ix_customer_facts_customer", "customer_facts", ["customer_id", "id"])


def downgrade() -> None:
    op.drop_index("ix_customer_facts_customer", "customer_facts")
    op.drop_table("customer_facts")
    for name in ("notes", "arrears", "products", "since"):
        op.drop_column("customers", name)

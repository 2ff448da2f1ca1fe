"""A complaint keeps who told it and where its letters go; records of customers can be merged.

What the customer's record says today is written into every complaint of theirs, so that a later
change there leads no letter away. Each complaint is written once, while nothing else can be
recorded; `docs/operating.md` says how long a million take.
"""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None

INDEXED = ("contact_phone", "contact_email")


def columns() -> list[sa.Column]:
    return [
        sa.Column("contact_name", sa.String(200), server_default="", nullable=False),
        sa.Column("contact_salutation", sa.String(40), server_default="", nullable=False),
        sa.Column("contact_phone", sa.String(20), nullable=True),
        sa.Column("contact_email", sa.String(254), nullable=True),
        sa.Column("doubted_number", sa.String(40), nullable=True),
    ]


def upgrade() -> None:
    for column in columns():
        op.add_column("complaints", column)
    op.execute(
        "UPDATE complaints SET contact_name = customers.name,"
        " contact_salutation = customers.salutation, contact_phone = customers.phone,"
        " contact_email = customers.email"
        " FROM customers WHERE customers.id = complaints.customer_id"
    )
    for name in INDEXED:
        op.create_index(f"ix_complaints_{name}", "complaints", [name])
    op.add_column("customers", sa.Column("merged_into_id", sa.Integer(), nullable=True))


def downgrade() -> None:
    op.drop_column("customers", "merged_into_id")
    for name in INDEXED:
        op.drop_index(f"ix_complaints_{name}", "complaints")
    for column in reversed(columns()):
        op.drop_column("complaints", column.name)

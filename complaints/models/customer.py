"""Customers: how they want to be addressed and reached, and what handling must heed."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, ForeignKey, Index, String, select, text, union_all
from sqlalchemy.orm import Mapped, mapped_column

from complaints.db import Base, Json, UTCDateTime

#: What is known of a customer from elsewhere, in the order in which it is asked for.
FACTS = ("tier", "since", "products", "arrears", "notes")
#: What tells a customer from others, and where they are written to.
CONTACTS = ("number", "name", "salutation", "phone", "email")

_HAS_NEEDS = "needs <> '[]'"


class Customer(Base):
    """A person or firm that complains. Contacts are stored normalised for look-up."""

    __tablename__ = "customers"
    sealed_by = "id"
    __table_args__ = (
        # Duplicates and the search at the desk look customers up by each of these.
        Index("ix_customers_phone", "phone"),
        Index("ix_customers_email", "email"),
        Index("ix_customers_name_key", "name_key"),
        Index("ix_customers_number_key", "number_key", unique=True),
        # The complaints of a rare type of customer, and of those with a need.
        Index("ix_customers_tier", "tier", "id"),
        Index(
            "ix_customers_in_need",
            "id",
            postgresql_where=text(_HAS_NEEDS),
            sqlite_where=text(_HAS_NEEDS),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str | None] = mapped_column(String(40), unique=True)
    #: The number as it is compared; nobody else has the same. None too for a number that was kept
    #: twice before numbers were compared so: whoever came first is found by it.
    number_key: Mapped[str | None] = mapped_column(String(60))
    name: Mapped[str] = mapped_column(String(200))
    name_key: Mapped[str] = mapped_column(String(200))
    salutation: Mapped[str] = mapped_column(String(40), default="")
    phone: Mapped[str | None] = mapped_column(String(20))
    email: Mapped[str | None] = mapped_column(String(254))
    tier: Mapped[str] = mapped_column(String(40))
    needs: Mapped[list[str]] = mapped_column(Json, default=list)
    language: Mapped[str] = mapped_column(String(2), default="id")
    #: Why there is no way to reach this person, when there is none.
    no_contact_reason: Mapped[str] = mapped_column(String(200), default="")
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)

    #: Since when they are under contract; None where nobody has said.
    since: Mapped[date | None]
    #: What they have by contract: codes of the organisation, or words.
    products: Mapped[list[str]] = mapped_column(Json, default=list, server_default="[]")
    #: Whole units that they owe; None where nobody has said, 0 where they owe nothing.
    arrears: Mapped[int | None]
    notes: Mapped[str] = mapped_column(String(500), default="", server_default="")

    #: The record of the same person that goes on for this one; its number and contacts still find
    #: that one.
    merged_into_id: Mapped[int | None]


class CustomerFact(Base):
    """One fact or contact as it was stated: what it is now, what stood before, by whom, from where.

    Rows are kept for ever; the latest of a fact says since when the customer's row holds it. Two
    records that were merged keep it as the fact ``merged``, with the complaints that moved.
    """

    __tablename__ = "customer_facts"
    sealed_by = "id"
    __table_args__ = (Index("ix_customer_facts_customer", "customer_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"))
    fact: Mapped[str] = mapped_column(String(12))
    value: Mapped[Any | None] = mapped_column(Json)
    before: Mapped[Any | None] = mapped_column(Json)
    #: The page of a complaint, or a program.
    source: Mapped[str] = mapped_column(String(12))
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    by_name: Mapped[str] = mapped_column(String(120))


def customer_with_any(*told: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether a customer has one of these, each looked for by an index of its own.

    After an ANALYZE where most have no number, SQLite reads every customer for the same with OR.
    """
    return Customer.id.in_(union_all(*(select(Customer.id).where(each) for each in told)))

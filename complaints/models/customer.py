"""Customers: how they want to be addressed and reached, and what handling must heed."""

from datetime import datetime

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from complaints.db import Base, Json, UTCDateTime


class Customer(Base):
    """A person or firm that complains. Contacts are stored normalised for look-up."""

    __tablename__ = "customers"
    __table_args__ = (
        # Duplicates and the search at the desk look customers up by each of these.
        Index("ix_customers_phone", "phone"),
        Index("ix_customers_email", "email"),
        Index("ix_customers_name_key", "name_key"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str | None] = mapped_column(String(40), unique=True)
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

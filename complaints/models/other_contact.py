"""Contacts that are no complaint: questions, requests, suggestions, praise; and their history."""

from datetime import datetime
from typing import ClassVar

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from complaints.db import Base, UTCDateTime
from complaints.models.chained import ChainedEntry


class OtherContact(Base):
    """What somebody came with that is no complaint: no clock runs, and no figure counts it as one.

    The contacts are those told that day. `customer_id` is the known customer whom they fit, None
    where nobody is known so. One that was made a complaint `became_id`; one that had been recorded
    as a complaint first `came_from_id`, for the `reason` given then.
    """

    __tablename__ = "other_contacts"
    sealed_by = "id"
    unsealed = frozenset({"version", "history_seq", "history_hash"})
    __table_args__ = (
        # The list, the newest first: everywhere, of a branch, of a unit; open ones, or of a kind.
        Index("ix_other_contacts_state", "state", "id"),
        Index("ix_other_contacts_kind", "kind", "id"),
        Index("ix_other_contacts_branch", "branch_id", "id"),
        Index("ix_other_contacts_branch_state", "branch_id", "state", "id"),
        Index("ix_other_contacts_branch_kind", "branch_id", "kind", "id"),
        Index("ix_other_contacts_team", "team_id", "id"),
        # The figures of a period.
        Index("ix_other_contacts_received", "received_at", "branch_id", "kind", "state"),
        # Which complaint had been one.
        Index("ix_other_contacts_became", "became_id"),
        Index("ix_other_contacts_came_from", "came_from_id"),
        Index("ix_other_contacts_customer", "customer_id", "id"),
        # The search for an address; names, phones and words have an index of words.
        Index("ix_other_contacts_email", "customer_email", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[int]
    kind: Mapped[str] = mapped_column(String(40))
    state: Mapped[str] = mapped_column(String(10), default="open")
    branch_id: Mapped[int] = mapped_column(ForeignKey("branches.id"))
    channel: Mapped[str] = mapped_column(String(20))
    source: Mapped[str] = mapped_column(String(40))
    words: Mapped[str] = mapped_column(Text)
    received_at: Mapped[datetime] = mapped_column(UTCDateTime)
    taken_at: Mapped[datetime] = mapped_column(UTCDateTime)
    taken_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    taken_by_name: Mapped[str] = mapped_column(String(120))

    customer_id: Mapped[int | None] = mapped_column(ForeignKey("customers.id"))
    customer_name: Mapped[str] = mapped_column(String(200), default="")
    customer_salutation: Mapped[str] = mapped_column(String(40), default="")
    customer_number: Mapped[str] = mapped_column(String(40), default="")
    customer_phone: Mapped[str | None] = mapped_column(String(20))
    customer_email: Mapped[str | None] = mapped_column(String(254))
    language: Mapped[str] = mapped_column(String(2), default="id")

    #: The unit that has it, since when, and under which number there.
    team_id: Mapped[int | None] = mapped_column(ForeignKey("teams.id"))
    handed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    reference: Mapped[str] = mapped_column(String(120), default="")
    #: Who is praised, where somebody with an account is.
    person_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))

    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    ended_by_name: Mapped[str] = mapped_column(String(120), default="")
    end_words: Mapped[str] = mapped_column(Text, default="")
    end_method: Mapped[str] = mapped_column(String(20), default="")
    #: The outbox key of the letter that carries them; None where nobody wrote one.
    letter_key: Mapped[str | None] = mapped_column(String(160))

    became_id: Mapped[int | None] = mapped_column(ForeignKey("complaints.id"))
    came_from_id: Mapped[int | None] = mapped_column(ForeignKey("complaints.id"))
    reason: Mapped[str] = mapped_column(Text, default="")

    history_seq: Mapped[int] = mapped_column(default=0)
    history_hash: Mapped[str] = mapped_column(String(64), default="")
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}


class OtherContactEntry(ChainedEntry, Base):
    """What was done to a contact, by whom; the entries of a contact hang on one chain."""

    __tablename__ = "other_contact_history"
    OWNER: ClassVar[str] = "contact_id"
    __table_args__ = (
        UniqueConstraint("contact_id", "seq", name="uq_other_contact_history_contact_id_seq"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    contact_id: Mapped[int] = mapped_column(ForeignKey("other_contacts.id"))
    key_id: Mapped[str] = mapped_column(String(8))


class ContactFile(Base):
    """One file that came with a contact; its bytes lie in the store under `sha256`.

    When the contact becomes a complaint, that gets a row of its own for the same bytes, and the
    customer sees there what they sent (`from_customer`).
    """

    __tablename__ = "contact_files"
    sealed_by = "id"
    __table_args__ = (
        Index("ix_contact_files_contact", "contact_id", "id"),
        # The sweep asks which of the stored bytes somebody speaks of.
        Index("ix_contact_files_sha256", "sha256"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    contact_id: Mapped[int] = mapped_column(ForeignKey("other_contacts.id"))
    sha256: Mapped[str] = mapped_column(String(64))
    #: Bytes.
    size: Mapped[int]
    #: By the first bytes, whatever was claimed.
    type: Mapped[str] = mapped_column(String(80))
    name: Mapped[str] = mapped_column(String(120))
    source: Mapped[str] = mapped_column(String(20))
    from_customer: Mapped[bool]
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    by_name: Mapped[str] = mapped_column(String(120))

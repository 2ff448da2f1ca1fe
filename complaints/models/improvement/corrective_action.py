"""Corrective actions against what complaints come from, and their history."""

from datetime import date, datetime
from typing import ClassVar

from sqlalchemy import Date, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from complaints.db import Base, Json, UTCDateTime
from complaints.models.chained import ChainedEntry

_WAITS = "next_at IS NOT NULL"


class CorrectiveAction(Base):
    """What is done against a cause, a category, a channel, a branch or a unit, by whom, by when.

    Without a branch it is for all of them. `whys` are the answers behind the `cause`, which is the
    first of them. `done_on` fixes the days that its effect is judged by; `late_at` is the due time
    that passed.
    """

    __tablename__ = "corrective_actions"
    sealed_by = "id"
    #: When its notice is due follows from the other columns.
    unsealed = frozenset({"next_at", "history_seq", "history_hash"})
    __table_args__ = (
        # What is open or waits to be verified, by its due time; for all and for a branch.
        Index("ix_corrective_actions_state", "state", "due_at", "id"),
        Index("ix_corrective_actions_branch", "branch_id", "state", "due_at", "id"),
        Index("ix_corrective_actions_owner", "owner_id", "state", "due_at", "id"),
        # The actions of a cause, in the tree of causes.
        Index("ix_corrective_actions_cause", "cause", "state"),
        Index(
            "ix_corrective_actions_contact",
            "contact_id",
            postgresql_where=text("contact_id IS NOT NULL"),
            sqlite_where=text("contact_id IS NOT NULL"),
        ),
        # The sweep takes what is due, oldest first.
        Index(
            "ix_corrective_actions_next",
            "next_at",
            "id",
            postgresql_where=text(_WAITS),
            sqlite_where=text(_WAITS),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[int]
    branch_id: Mapped[int | None] = mapped_column(ForeignKey("branches.id"))
    subject: Mapped[str] = mapped_column(String(10))
    code: Mapped[str] = mapped_column(String(60))
    cause: Mapped[str] = mapped_column(String(60), default="")
    whys: Mapped[list[str]] = mapped_column(Json, default=list)
    what: Mapped[str] = mapped_column(Text)
    why: Mapped[str] = mapped_column(Text)
    #: A suggestion or praise that it rests on.
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("other_contacts.id"))
    owner_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    owner_name: Mapped[str] = mapped_column(String(120))
    due_on: Mapped[date] = mapped_column(Date)
    first_due_on: Mapped[date] = mapped_column(Date)
    due_at: Mapped[datetime] = mapped_column(UTCDateTime)
    late_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    next_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    #: So many weeks before and after are compared.
    weeks: Mapped[int]
    raised_at: Mapped[datetime] = mapped_column(UTCDateTime)
    raised_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    raised_by_name: Mapped[str] = mapped_column(String(120))

    state: Mapped[str] = mapped_column(String(20), default="open")
    done_on: Mapped[date | None] = mapped_column(Date)
    done_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    done_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    evidence: Mapped[str] = mapped_column(Text, default="")
    #: Who verified or dropped it, and in which words.
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    ended_by_name: Mapped[str] = mapped_column(String(120), default="")
    reason: Mapped[str] = mapped_column(Text, default="")

    history_seq: Mapped[int] = mapped_column(default=0)
    history_hash: Mapped[str] = mapped_column(String(64), default="")


class CorrectiveActionEntry(ChainedEntry, Base):
    """What was done to a corrective action, by whom; its entries hang on one chain."""

    __tablename__ = "corrective_action_history"
    OWNER: ClassVar[str] = "action_id"
    __table_args__ = (
        UniqueConstraint("action_id", "seq", name="uq_corrective_action_history_action_id_seq"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    action_id: Mapped[int] = mapped_column(ForeignKey("corrective_actions.id"))
    key_id: Mapped[str] = mapped_column(String(8))

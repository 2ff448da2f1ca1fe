"""Messages waiting to be delivered, and notices to staff on their pages.

Beside them, how each of us wants to hear of things, and which reports come by email.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Date, ForeignKey, Index, String, Text, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column

from complaints.db import Base, Json, UTCDateTime

_TO_EMPTY = "state = 'sent' AND emptied_at IS NULL"


class OutboxMessage(Base):
    """A letter written in the same transaction as the fact it tells of, delivered later.

    `key` is unique: the same fact never writes two. ``{follow_link}`` in the body is filled at
    delivery, so the customer's secret link never rests here.
    """

    __tablename__ = "outbox"
    sealed_by = "key"
    unsealed = frozenset({"id", "attempts", "next_try_at", "last_error"})
    __table_args__ = (
        # Delivery takes what may be tried now.
        Index(
            "ix_outbox_waiting",
            "next_try_at",
            "id",
            postgresql_where=text("state = 'queued'"),
            sqlite_where=text("state = 'queued'"),
        ),
        # The auditor and the page of the engine count what was given up.
        Index(
            "ix_outbox_failed",
            "id",
            postgresql_where=text("state = 'failed'"),
            sqlite_where=text("state = 'failed'"),
        ),
        # The worker empties what was delivered long ago.
        Index(
            "ix_outbox_to_empty",
            "sent_at",
            "id",
            postgresql_where=text(_TO_EMPTY),
            sqlite_where=text(_TO_EMPTY),
        ),
        Index("ix_outbox_complaint", "complaint_id"),
        # The report counts the surveys that left in a period.
        Index(
            "ix_outbox_surveys",
            "sent_at",
            "id",
            postgresql_where=text("kind = 'survey'"),
            sqlite_where=text("kind = 'survey'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(160), unique=True)
    kind: Mapped[str] = mapped_column(String(40))
    complaint_id: Mapped[int | None] = mapped_column(ForeignKey("complaints.id"))
    to_address: Mapped[str] = mapped_column(String(254))
    language: Mapped[str] = mapped_column(String(2), default="id")
    #: What the letter's template is filled with; the words themselves stand in the template.
    facts: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    #: `email` leaves by itself; a `letter` waits in state `to_print` until somebody prints it.
    via: Mapped[str] = mapped_column(String(10), default="email", server_default="email")
    #: queued, to_print, sent (by mail server or printed), failed, bounced, replaced.
    state: Mapped[str] = mapped_column(String(10), default="queued")
    attempts: Mapped[int] = mapped_column(default=0)
    next_try_at: Mapped[datetime] = mapped_column(UTCDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    last_error: Mapped[str] = mapped_column(Text, default="")
    #: When its facts were forgotten but for its kind; None while they are kept.
    emptied_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class Notice(Base):
    """A notification of a person; `key` is unique per deadline, rung, cycle and person."""

    __tablename__ = "notices"
    __table_args__ = (
        # A person's notifications, newest first.
        Index("ix_notices_user", "user_id", "id"),
        # The unread count in every page's header.
        Index(
            "ix_notices_unread",
            "user_id",
            postgresql_where=text("read_at IS NULL"),
            sqlite_where=text("read_at IS NULL"),
        ),
        # The digest gathers what was made late, person by person.
        Index(
            "ix_notices_digest",
            "user_id",
            "id",
            postgresql_where=text("awaits_digest"),
            sqlite_where=text("awaits_digest"),
        ),
        # What somebody chose to hear of once a day, by when that is.
        Index(
            "ix_notices_daily",
            "digest_at",
            "user_id",
            postgresql_where=text("digest_at IS NOT NULL"),
            sqlite_where=text("digest_at IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(160), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    complaint_id: Mapped[int | None] = mapped_column(ForeignKey("complaints.id"))
    kind: Mapped[str] = mapped_column(String(40))
    facts: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    read_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    #: Made while catching up after a standstill; the e-mail for it comes with the next digest.
    awaits_digest: Mapped[bool] = mapped_column(default=False, server_default=false())
    #: When it is due in the summary that the person chose; None where it was sent, or never is.
    digest_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class NoticeChoice(Base):
    """How a person wants to hear of a group of notifications, where that is not at once."""

    __tablename__ = "notice_choices"
    __table_args__ = (UniqueConstraint("user_id", "topic"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    topic: Mapped[str] = mapped_column(String(20))
    way: Mapped[str] = mapped_column(String(10))


class ReportMail(Base):
    """One rhythm of one reader; `covered_to` is the last day that a report of it has covered."""

    __tablename__ = "report_mails"
    __table_args__ = (
        UniqueConstraint("user_id", "rhythm"),
        # The worker asks which are due.
        Index("ix_report_mails_next_at", "next_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    rhythm: Mapped[str] = mapped_column(String(10))
    day: Mapped[int]
    #: What its lines are divided by.
    division: Mapped[str] = mapped_column(String(20))
    #: Whether all parts of the report on outcomes are enclosed as well.
    with_outcomes: Mapped[bool] = mapped_column(default=False, server_default=false())
    #: The reader, or whoever leads them.
    chosen_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    covered_to: Mapped[date] = mapped_column(Date)
    next_on: Mapped[date] = mapped_column(Date)
    next_at: Mapped[datetime] = mapped_column(UTCDateTime)

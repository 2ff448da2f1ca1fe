"""Incidents: many complaints with one cause, what is told of them, and counts out of the usual."""

from datetime import datetime
from typing import Any

from sqlalchemy import Double, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from complaints.db import Base, Json, UTCDateTime

_IS_OPEN = "closed_at IS NULL"
_STANDS = "ended_at IS NULL"
_IS_WAITING = "state = 'waiting'"


class Incident(Base):
    """One cause of many complaints: where, what is done, by when, and the words to be told.

    `branch_id` None means everywhere; `category` is the code of a category or of a group
    of them, or empty for whatever customers complain of.
    `words` may be told by everybody once somebody has approved them (`words_at`).
    """

    __tablename__ = "incidents"
    sealed_by = "id"
    unsealed = frozenset({"version"})
    __table_args__ = (
        # Whoever takes a complaint asks for the open ones.
        Index(
            "ix_incidents_open",
            "id",
            postgresql_where=text(_IS_OPEN),
            sqlite_where=text(_IS_OPEN),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[int]
    branch_id: Mapped[int | None] = mapped_column(ForeignKey("branches.id"))
    category: Mapped[str] = mapped_column(String(40))
    title: Mapped[str] = mapped_column(String(200))
    cause: Mapped[str] = mapped_column(Text, default="")
    plan: Mapped[str] = mapped_column(Text, default="")
    expected_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    words: Mapped[str] = mapped_column(Text, default="")
    words_en: Mapped[str] = mapped_column(Text, default="")
    words_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    words_by_name: Mapped[str] = mapped_column(String(120), default="")
    opened_at: Mapped[datetime] = mapped_column(UTCDateTime)
    opened_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    opened_by_name: Mapped[str] = mapped_column(String(120))
    closed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    closed_by_name: Mapped[str] = mapped_column(String(120), default="")
    closing: Mapped[str] = mapped_column(Text, default="")
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}


class IncidentEntry(Base):
    """One line of an incident's history; rows are never changed."""

    __tablename__ = "incident_entries"
    sealed_by = "id"
    __table_args__ = (Index("ix_incident_entries_incident", "incident_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    incident_id: Mapped[int] = mapped_column(ForeignKey("incidents.id"))
    what: Mapped[str] = mapped_column(String(20))
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    by_name: Mapped[str] = mapped_column(String(120))
    detail: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)


class IncidentLink(Base):
    """That a complaint is part of an incident; one that was taken out again has `ended_at`."""

    __tablename__ = "incident_links"
    sealed_by = "id"
    __table_args__ = (
        # Once in an incident at a time.
        Index(
            "uq_incident_links_standing",
            "incident_id",
            "complaint_id",
            unique=True,
            postgresql_where=text(_STANDS),
            sqlite_where=text(_STANDS),
        ),
        Index("ix_incident_links_complaint", "complaint_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    incident_id: Mapped[int] = mapped_column(ForeignKey("incidents.id"))
    complaint_id: Mapped[int] = mapped_column(ForeignKey("complaints.id"))
    how: Mapped[str] = mapped_column(String(12))
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    by_name: Mapped[str] = mapped_column(String(120))
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    ended_by_name: Mapped[str] = mapped_column(String(120), default="")


class ComplaintLink(Base):
    """That two complaints have to do with each other: related, or one split off the other.

    Nothing follows from it by itself: words to all who are part of an incident pass it by.
    """

    __tablename__ = "complaint_links"
    sealed_by = "id"
    __table_args__ = (
        UniqueConstraint("complaint_id", "other_id"),
        Index("ix_complaint_links_other", "other_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    complaint_id: Mapped[int] = mapped_column(ForeignKey("complaints.id"))
    other_id: Mapped[int] = mapped_column(ForeignKey("complaints.id"))
    #: related or split
    kind: Mapped[str] = mapped_column(String(10))
    reason: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    by_name: Mapped[str] = mapped_column(String(120))


class IncidentMessage(Base):
    """Words that were told, or are being told, to all who are part of an incident.

    The same words, by their `digest`, are one message, however often they are sent.
    """

    __tablename__ = "incident_messages"
    sealed_by = "id"
    __table_args__ = (UniqueConstraint("incident_id", "digest"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    incident_id: Mapped[int] = mapped_column(ForeignKey("incidents.id"))
    digest: Mapped[str] = mapped_column(String(64))
    text: Mapped[str] = mapped_column(Text)
    text_en: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    by_name: Mapped[str] = mapped_column(String(120))


class IncidentTelling(Base):
    """One customer who is to be told: the queue of a message. What was told stands there, sealed,
    in the history of the complaint.
    """

    __tablename__ = "incident_tellings"
    __table_args__ = (
        UniqueConstraint("message_id", "complaint_id"),
        Index(
            "ix_incident_tellings_waiting",
            "next_try_at",
            "id",
            postgresql_where=text(_IS_WAITING),
            sqlite_where=text(_IS_WAITING),
        ),
        Index("ix_incident_tellings_complaint", "complaint_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    message_id: Mapped[int] = mapped_column(ForeignKey("incident_messages.id"))
    complaint_id: Mapped[int] = mapped_column(ForeignKey("complaints.id"))
    #: One of `domain/incidents/rules.Telling`.
    state: Mapped[str] = mapped_column(String(12))
    #: Who asked for it, whose name stands in the history.
    by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    attempts: Mapped[int] = mapped_column(default=0)
    next_try_at: Mapped[datetime] = mapped_column(UTCDateTime)
    last_error: Mapped[str] = mapped_column(String(200), default="")
    done_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class Spike(Base):
    """More complaints of a kind at a place than usual, as long as it lasts.

    `branch_id` None means all branches together.
    """

    __tablename__ = "spikes"
    sealed_by = "id"
    __table_args__ = (
        # What goes on of each kind and place, and the latest for the page.
        Index("ix_spikes_place", "category", "branch_id", "last_at"),
        Index("ix_spikes_last", "last_at", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    category: Mapped[str] = mapped_column(String(40))
    branch_id: Mapped[int | None] = mapped_column(ForeignKey("branches.id"))
    first_at: Mapped[datetime] = mapped_column(UTCDateTime)
    last_at: Mapped[datetime] = mapped_column(UTCDateTime)
    #: The highest count of a window, what was usual there, and how improbable that is.
    count: Mapped[int]
    usual: Mapped[float] = mapped_column(Double)
    chance: Mapped[float] = mapped_column(Double)
    #: Somebody has looked at it: an incident was opened, or it is none.
    settled_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    settled_by_name: Mapped[str] = mapped_column(String(120), default="")
    incident_id: Mapped[int | None] = mapped_column(ForeignKey("incidents.id"))

"""What customers say after the end: whether it is really settled, and how they were dealt with."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from complaints.db import Base, UTCDateTime


class FollowUp(Base):
    """The customer's answer to "is it really settled?": yes, partly or no; one for each cycle.

    `opened_id` is the new complaint that goes on from this one, where its time was over.
    """

    __tablename__ = "follow_ups"
    sealed_by = "id"
    __table_args__ = (UniqueConstraint("complaint_id", "cycle"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    complaint_id: Mapped[int] = mapped_column(ForeignKey("complaints.id"))
    cycle: Mapped[int]
    answer: Mapped[str] = mapped_column(String(10))
    text: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    opened_id: Mapped[int | None] = mapped_column(ForeignKey("complaints.id"))


class Rating(Base):
    """How the customer was dealt with, from 1 to 5; one for each cycle, of who handled it then.

    What they did not rate is None. `consented_at` says since when their words may be published;
    that can be taken back whenever they like.
    """

    __tablename__ = "ratings"
    sealed_by = "id"
    __table_args__ = (
        UniqueConstraint("complaint_id", "cycle"),
        # Of a period, of one handler.
        Index("ix_ratings_at", "at", "id"),
        Index("ix_ratings_handler", "handler_id", "at"),
        # The board's low ratings that somebody has to look into.
        Index(
            "ix_ratings_low",
            "at",
            "id",
            postgresql_where=text("overall <= 2"),
            sqlite_where=text("overall <= 2"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    complaint_id: Mapped[int] = mapped_column(ForeignKey("complaints.id"))
    cycle: Mapped[int]
    handler_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    listening: Mapped[int | None]
    courtesy: Mapped[int | None]
    cause: Mapped[int | None]
    next_step: Mapped[int | None]
    overall: Mapped[int]
    comment: Mapped[str] = mapped_column(Text, default="")
    suggestion: Mapped[str] = mapped_column(Text, default="")
    consented_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    changed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

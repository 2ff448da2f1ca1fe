"""Management reviews: the figures they looked at, what was said and decided, and their history."""

from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import Date, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from complaints.db import Base, Json, UTCDateTime
from complaints.models.chained import ChainedEntry

_WAITS = "next_at IS NOT NULL"


class ManagementReview(Base):
    """The record of one review of a period; without a branch it is of all of them.

    `figures` are those of the reports as they stood at `figures_at`. `agreed` and `followed` are
    the corrective actions agreed on, and those of the review before with what became of them, as
    they stood when it was concluded.
    """

    __tablename__ = "management_reviews"
    sealed_by = "id"
    #: When its notice is due follows from the other columns.
    unsealed = frozenset({"next_at", "history_seq", "history_hash"})
    __table_args__ = (
        # The newest first, for all and for a branch; the last one concluded of a branch.
        Index("ix_management_reviews_branch", "branch_id", "state", "held_on", "id"),
        # The sweep takes what is due, oldest first.
        Index(
            "ix_management_reviews_next",
            "next_at",
            "id",
            postgresql_where=text(_WAITS),
            sqlite_where=text(_WAITS),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[int]
    branch_id: Mapped[int | None] = mapped_column(ForeignKey("branches.id"))
    from_on: Mapped[date] = mapped_column(Date)
    to_on: Mapped[date] = mapped_column(Date)
    state: Mapped[str] = mapped_column(String(20), default="draft")
    held_on: Mapped[date | None] = mapped_column(Date)
    next_on: Mapped[date | None] = mapped_column(Date)
    chaired_by: Mapped[str] = mapped_column(String(120), default="")
    participants: Mapped[list[str]] = mapped_column(Json, default=list)
    #: Part of the minutes (`domain.management_review.acts.MINUTES`) → text.
    minutes: Mapped[dict[str, str]] = mapped_column(Json, default=dict)
    figures: Mapped[dict[str, Any]] = mapped_column(Json)
    figures_at: Mapped[datetime] = mapped_column(UTCDateTime)
    action_ids: Mapped[list[int]] = mapped_column(Json, default=list)
    agreed: Mapped[list[dict[str, Any]]] = mapped_column(Json, default=list)
    followed: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    next_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    drafted_at: Mapped[datetime] = mapped_column(UTCDateTime)
    drafted_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    drafted_by_name: Mapped[str] = mapped_column(String(120))
    #: Who concluded or dropped it; why it was dropped.
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    ended_by_name: Mapped[str] = mapped_column(String(120), default="")
    reason: Mapped[str] = mapped_column(Text, default="")

    history_seq: Mapped[int] = mapped_column(default=0)
    history_hash: Mapped[str] = mapped_column(String(64), default="")


class ManagementReviewEntry(ChainedEntry, Base):
    """What was done to the record of a review, by whom; its entries hang on one chain."""

    __tablename__ = "management_review_history"
    OWNER: ClassVar[str] = "review_id"
    __table_args__ = (
        UniqueConstraint("review_id", "seq", name="uq_management_review_history_review_id_seq"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    review_id: Mapped[int] = mapped_column(ForeignKey("management_reviews.id"))
    key_id: Mapped[str] = mapped_column(String(8))

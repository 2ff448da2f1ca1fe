"""The work on a complaint: internal parties, causes, planned steps, offers and answers."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from complaints.db import Base, UTCDateTime

_WAITS = "state = 'waiting_approval'"
_COSTS = "amount > 0"


class Party(Base):
    """A team the complaint was passed to; `answer` is None while it has not answered."""

    __tablename__ = "parties"
    __table_args__ = (
        Index("ix_parties_complaint", "complaint_id"),
        # A team's inbox of what it has still to accept.
        Index("ix_parties_team_answer", "team_id", "answer"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    complaint_id: Mapped[int] = mapped_column(ForeignKey("complaints.id"))
    team_id: Mapped[int] = mapped_column(ForeignKey("teams.id"))
    reason: Mapped[str] = mapped_column(Text, default="")
    sent_at: Mapped[datetime] = mapped_column(UTCDateTime)
    sent_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    answer: Mapped[str | None] = mapped_column(String(10))
    answered_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    answer_reason: Mapped[str] = mapped_column(Text, default="")


class Cause(Base):
    """The main cause, `preliminary` from the customer's words or `confirmed` by inquiry."""

    __tablename__ = "causes"
    __table_args__ = (Index("ix_causes_complaint", "complaint_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    complaint_id: Mapped[int] = mapped_column(ForeignKey("complaints.id"))
    cycle: Mapped[int] = mapped_column(default=1)
    stage: Mapped[str] = mapped_column(String(12))
    code: Mapped[str] = mapped_column(String(40))
    text: Mapped[str] = mapped_column(Text)
    quote: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))


class PlannedStep(Base):
    """One step `promised` to the customer or of the internal `plan`, in revisions."""

    __tablename__ = "planned_steps"
    __table_args__ = (Index("ix_planned_steps_complaint", "complaint_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    complaint_id: Mapped[int] = mapped_column(ForeignKey("complaints.id"))
    purpose: Mapped[str] = mapped_column(String(10))
    revision: Mapped[int] = mapped_column(default=1)
    position: Mapped[int]
    what: Mapped[str] = mapped_column(Text)
    owner: Mapped[str] = mapped_column(String(120), default="")
    due_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class Offer(Base):
    """A solution put to the customer; above one's limits it waits for approval first."""

    __tablename__ = "offers"
    __table_args__ = (
        Index("ix_offers_complaint", "complaint_id", "id"),
        # The board's offers that wait for approval.
        Index(
            "ix_offers_waiting",
            "id",
            postgresql_where=text(_WAITS),
            sqlite_where=text(_WAITS),
        ),
        # The report's money: requests and gifts of a period.
        Index(
            "ix_offers_money",
            "at",
            postgresql_where=text(_COSTS),
            sqlite_where=text(_COSTS),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    complaint_id: Mapped[int] = mapped_column(ForeignKey("complaints.id"))
    cycle: Mapped[int] = mapped_column(default=1)
    remedy: Mapped[str] = mapped_column(String(40))
    description: Mapped[str] = mapped_column(Text)
    #: Rupiah, whole.
    amount: Mapped[int] = mapped_column(default=0)
    alternative_to_id: Mapped[int | None] = mapped_column(ForeignKey("offers.id"))
    state: Mapped[str] = mapped_column(String(20))
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    decision_reason: Mapped[str] = mapped_column(Text, default="")
    method: Mapped[str] = mapped_column(String(20), default="")
    #: Who was asked to approve it, and by what it exceeded the limits of who offered it.
    approver_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    bound: Mapped[str] = mapped_column(String(10), default="", server_default="")
    #: When it was written down that the customer may have it; sums over a time go by it.
    granted_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class Answer(Base):
    """What the customer said to an offer: accepted, refused, thinking or none."""

    __tablename__ = "answers"
    __table_args__ = (Index("ix_answers_complaint", "complaint_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    complaint_id: Mapped[int] = mapped_column(ForeignKey("complaints.id"))
    offer_id: Mapped[int] = mapped_column(ForeignKey("offers.id"))
    answer: Mapped[str] = mapped_column(String(10))
    reason: Mapped[str] = mapped_column(Text, default="")
    method: Mapped[str] = mapped_column(String(20), default="")
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))

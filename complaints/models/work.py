"""The work on a complaint: internal parties, causes, commitments, offers and answers."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from complaints.db import Base, UTCDateTime

_WAITS = "state = 'waiting_approval'"
_COSTS = "amount > 0"
_IS_UNSETTLED = "done_at IS NULL AND dropped_at IS NULL"
_IS_DELIVERED = "kind = 'delivery' AND done_at IS NOT NULL"
_IS_OWED = f"owner_kind = 'customer' AND {_IS_UNSETTLED}"


class Party(Base):
    """A team the complaint was passed to; `answer` is None while it has not answered."""

    __tablename__ = "parties"
    sealed_by = "id"
    __table_args__ = (
        Index("ix_parties_complaint", "complaint_id"),
        # A team's inbox of what it has still to accept.
        Index("ix_parties_team_answer", "team_id", "answer"),
        # What waits for a unit's answer.
        Index(
            "ix_parties_unanswered",
            "complaint_id",
            postgresql_where=text("answer IS NULL"),
            sqlite_where=text("answer IS NULL"),
        ),
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
    sealed_by = "id"
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


class Commitment(Base):
    """Something undertaken for the complaint: a told or planned step, a document, a delivery.

    `due_at` is the date as agreed; where a clock runs, its due time is the one in force. `owner` is
    what the owner is called: a name, a unit's code, or words that nobody here is known by; then
    `owner_id` is whoever undertook it. `is_earlier` marks steps from before commitments were kept:
    nothing runs for them, and nothing is owed.
    """

    __tablename__ = "commitments"
    sealed_by = "id"
    __table_args__ = (
        Index("ix_commitments_complaint", "complaint_id", "id"),
        # The sweep asks what a due clock stands for.
        Index("ix_commitments_deadline", "deadline_id"),
        # The report counts by its date what has no clock, as the customer's documents.
        Index(
            "ix_commitments_unclocked",
            "due_at",
            postgresql_where=text("deadline_id IS NULL"),
            sqlite_where=text("deadline_id IS NULL"),
        ),
        # What lies on a person's desk, and on a team's.
        Index(
            "ix_commitments_owner",
            "owner_id",
            "due_at",
            postgresql_where=text(_IS_UNSETTLED),
            sqlite_where=text(_IS_UNSETTLED),
        ),
        Index(
            "ix_commitments_team",
            "team_id",
            "due_at",
            postgresql_where=text(_IS_UNSETTLED),
            sqlite_where=text(_IS_UNSETTLED),
        ),
        # What customers owe lies on their handlers' desks once it is overdue.
        Index(
            "ix_commitments_of_customers",
            "due_at",
            postgresql_where=text(_IS_OWED),
            sqlite_where=text(_IS_OWED),
        ),
        # Customers are asked how it was once they have what they were to receive.
        Index(
            "ix_commitments_delivered",
            "done_at",
            "complaint_id",
            postgresql_where=text(_IS_DELIVERED),
            sqlite_where=text(_IS_DELIVERED),
        ),
        # The report counts what was given up, by whom.
        Index(
            "ix_commitments_dropped",
            "dropped_at",
            "dropped_by_id",
            postgresql_where=text("dropped_at IS NOT NULL"),
            sqlite_where=text("dropped_at IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    complaint_id: Mapped[int] = mapped_column(ForeignKey("complaints.id"))
    cycle: Mapped[int] = mapped_column(default=1)
    #: step, plan, document, delivery, objection or confirm
    kind: Mapped[str] = mapped_column(String(10))
    revision: Mapped[int] = mapped_column(default=1)
    position: Mapped[int]
    what: Mapped[str] = mapped_column(Text)
    owner: Mapped[str] = mapped_column(String(120), default="")
    #: person, unit or customer
    owner_kind: Mapped[str] = mapped_column(String(10))
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    team_id: Mapped[int | None] = mapped_column(ForeignKey("teams.id"))
    #: The accepted offer that is to be delivered.
    offer_id: Mapped[int | None] = mapped_column(ForeignKey("offers.id"))
    due_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    #: The date is just the promised one, and moves with it.
    follows_promise: Mapped[bool] = mapped_column(default=False)
    deadline_id: Mapped[int | None] = mapped_column(ForeignKey("deadlines.id"))
    at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    done_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    done_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    note: Mapped[str] = mapped_column(Text, default="")
    #: What proves a delivery: a transfer, a work order.
    reference: Mapped[str] = mapped_column(String(120), default="")
    dropped_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    dropped_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    #: by_hand, rewritten, withdrawn or duplicate
    drop_cause: Mapped[str | None] = mapped_column(String(10))
    drop_reason: Mapped[str] = mapped_column(Text, default="")
    is_earlier: Mapped[bool] = mapped_column(default=False)


class Offer(Base):
    """A solution put to the customer; above one's limits it waits for approval first."""

    __tablename__ = "offers"
    sealed_by = "id"
    __table_args__ = (
        Index("ix_offers_complaint", "complaint_id", "id"),
        # The report counts what was offered in a period ...
        Index("ix_offers_at", "at", "id"),
        # ... and what was decided in it.
        Index("ix_offers_decided", "decided_at"),
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
    #: Whole units.
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
    sealed_by = "id"
    __table_args__ = (Index("ix_answers_complaint", "complaint_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    complaint_id: Mapped[int] = mapped_column(ForeignKey("complaints.id"))
    offer_id: Mapped[int] = mapped_column(ForeignKey("offers.id"))
    answer: Mapped[str] = mapped_column(String(10))
    reason: Mapped[str] = mapped_column(Text, default="")
    method: Mapped[str] = mapped_column(String(20), default="")
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))

"""Clocks: deadlines, their ledger, the timers that fire them, and the escalations that follow."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column

from complaints.db import Base, Json, UTCDateTime

_IS_LIVE = "ended_at IS NULL"
_IS_UNTOLD = "ack_expires_at IS NOT NULL AND expiry_told_at IS NULL"
_IS_OUTCOME = "kind IN ('resolve','legal')"


class Deadline(Base):
    """One clock of one complaint; `due_at` is what its ledger says, stored and indexed.

    `breached_at` is the due time that passed, not the moment somebody noticed. `fired` counts
    the steps of the ladder's schedule that have happened.
    """

    __tablename__ = "deadlines"
    sealed_by = "id"
    __table_args__ = (
        Index("ix_deadlines_complaint", "complaint_id", "id"),
        # The doctor looks for what should have fired.
        Index("ix_deadlines_due", "due_at"),
        # The report counts promises by due time without touching the rows themselves ...
        Index(
            "ix_deadlines_outcome_due",
            "due_at",
            "complaint_id",
            "cycle",
            "state",
            "ended_at",
            "id",
            postgresql_where=text(_IS_OUTCOME),
            sqlite_where=text(_IS_OUTCOME),
        ),
        # ... and only the earliest of each cycle.
        Index(
            "ix_deadlines_outcome",
            "complaint_id",
            "cycle",
            "due_at",
            "id",
            postgresql_where=text(_IS_OUTCOME),
            sqlite_where=text(_IS_OUTCOME),
        ),
        # ... and by the date that was told first.
        Index(
            "ix_deadlines_outcome_first_told",
            "first_told_at",
            "complaint_id",
            "cycle",
            postgresql_where=text(_IS_OUTCOME),
            sqlite_where=text(_IS_OUTCOME),
        ),
        Index(
            "ix_deadlines_live_due",
            "due_at",
            "id",
            postgresql_where=text(_IS_LIVE),
            sqlite_where=text(_IS_LIVE),
        ),
        # How many run under each pack of rules, up to a limit.
        Index(
            "ix_deadlines_live_policy",
            "policy",
            postgresql_where=text(_IS_LIVE),
            sqlite_where=text(_IS_LIVE),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    complaint_id: Mapped[int] = mapped_column(ForeignKey("complaints.id"))
    kind: Mapped[str] = mapped_column(String(20))
    cycle: Mapped[int] = mapped_column(default=1)
    policy: Mapped[str] = mapped_column(String(80))
    clause: Mapped[str] = mapped_column(String(60))
    policy_version_id: Mapped[int] = mapped_column(ForeignKey("rule_versions.id"))
    calendar_version_id: Mapped[int] = mapped_column(ForeignKey("rule_versions.id"))
    ladder_version_id: Mapped[int] = mapped_column(ForeignKey("rule_versions.id"))
    started_at: Mapped[datetime] = mapped_column(UTCDateTime)
    due_at: Mapped[datetime] = mapped_column(UTCDateTime)
    told_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    #: The date told first in this cycle; once written it is never changed.
    first_told_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    state: Mapped[str] = mapped_column(String(10))
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    breached_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    fired: Mapped[int] = mapped_column(default=0)


class LedgerEntry(Base):
    """One line of a deadline's ledger; the due time can be rebuilt from them."""

    __tablename__ = "deadline_entries"
    sealed_by = ""
    unsealed = frozenset({"id"})
    __table_args__ = (Index("ix_deadline_entries_deadline", "deadline_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    deadline_id: Mapped[int] = mapped_column(ForeignKey("deadlines.id"))
    complaint_id: Mapped[int] = mapped_column(ForeignKey("complaints.id"))
    what: Mapped[str] = mapped_column(String(10))
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    due_at: Mapped[datetime] = mapped_column(UTCDateTime)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    reason: Mapped[str] = mapped_column(Text, default="")
    detail: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)


class Timer(Base):
    """The next thing that will happen to a deadline by itself, and when; one row at most."""

    __tablename__ = "timers"
    __table_args__ = (
        # The sweep takes what is due, oldest first.
        Index("ix_timers_fire_at", "fire_at", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    deadline_id: Mapped[int] = mapped_column(ForeignKey("deadlines.id"), unique=True)
    complaint_id: Mapped[int] = mapped_column(ForeignKey("complaints.id"), index=True)
    fire_at: Mapped[datetime] = mapped_column(UTCDateTime)
    #: warn, breach, escalate or resume
    firing: Mapped[str] = mapped_column(String(10))
    attempts: Mapped[int] = mapped_column(default=0)
    last_error: Mapped[str] = mapped_column(Text, default="")


class Escalation(Base):
    """A complaint put before a superior, by a ladder's rung or by hand with a reason."""

    __tablename__ = "escalations"
    sealed_by = "key"
    unsealed = frozenset({"id", "expiry_told_at", "expiry_postponed_until"})
    __table_args__ = (
        UniqueConstraint("key"),
        Index("ix_escalations_complaint", "complaint_id"),
        # The report counts them by level.
        Index("ix_escalations_raised", "raised_at"),
        # A superior's open escalations.
        Index(
            "ix_escalations_open",
            "to_id",
            "raised_at",
            postgresql_where=text("acknowledged_at IS NULL"),
            sqlite_where=text("acknowledged_at IS NULL"),
        ),
        # How many they are, up to a limit.
        Index(
            "ix_escalations_open_complaints",
            "to_id",
            "complaint_id",
            postgresql_where=text("acknowledged_at IS NULL"),
            sqlite_where=text("acknowledged_at IS NULL"),
        ),
        # The board's, the longest waiting first, whoever they are addressed to.
        Index(
            "ix_escalations_open_raised",
            "raised_at",
            "id",
            "to_id",
            postgresql_where=text("acknowledged_at IS NULL"),
            sqlite_where=text("acknowledged_at IS NULL"),
        ),
        # The sweep takes acknowledgements that have run out, oldest first.
        Index(
            "ix_escalations_expiring",
            "ack_expires_at",
            postgresql_where=text(_IS_UNTOLD),
            sqlite_where=text(_IS_UNTOLD),
        ),
        # What is held at the moment.
        Index(
            "ix_escalations_held",
            "ack_expires_at",
            postgresql_where=text("ack_expires_at IS NOT NULL"),
            sqlite_where=text("ack_expires_at IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    #: One per deadline, rung, cycle and person; the guard against a second firing.
    key: Mapped[str] = mapped_column(String(120))
    complaint_id: Mapped[int] = mapped_column(ForeignKey("complaints.id"))
    deadline_id: Mapped[int | None] = mapped_column(ForeignKey("deadlines.id"))
    level: Mapped[int]
    reason: Mapped[str] = mapped_column(Text, default="")
    raised_at: Mapped[datetime] = mapped_column(UTCDateTime)
    raised_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    to_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    acknowledged_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    acknowledged_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    #: Until when the acknowledgement holds the ladder still; None while nobody has taken note.
    ack_expires_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    #: When it was told that the acknowledgement has run out, or found that nobody need hear.
    expiry_told_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    #: Until when an expiry that could not be stored is left alone.
    expiry_postponed_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    #: What the superior told the handler when handing the complaint back.
    instruction: Mapped[str] = mapped_column(Text, default="", server_default="")


class Extension(Base):
    """A request to move the promised date; nothing moves before it is approved."""

    __tablename__ = "extensions"
    sealed_by = "id"
    __table_args__ = (
        Index("ix_extensions_complaint", "complaint_id", "id"),
        # The report counts moved promises.
        Index("ix_extensions_answered", "answered_at"),
        # The board's requests that wait for a decision.
        Index(
            "ix_extensions_waiting",
            "id",
            postgresql_where=text("answer IS NULL"),
            sqlite_where=text("answer IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    complaint_id: Mapped[int] = mapped_column(ForeignKey("complaints.id"))
    until: Mapped[datetime] = mapped_column(UTCDateTime)
    reason: Mapped[str] = mapped_column(Text)
    #: The rule's condition for it, in the rule's English words; empty where the rule names none.
    condition: Mapped[str] = mapped_column(Text, default="", server_default="")
    #: Beyond the limits when it was asked for: whoever decides must hold EXTEND_FURTHER.
    is_beyond: Mapped[bool] = mapped_column(default=False, server_default=false())
    asked_at: Mapped[datetime] = mapped_column(UTCDateTime)
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    answer: Mapped[str | None] = mapped_column(String(10))
    answered_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    answer_reason: Mapped[str] = mapped_column(Text, default="")


class Heartbeat(Base):
    """When each periodic job last finished, and how late its oldest row was; proof of life."""

    __tablename__ = "heartbeats"

    job: Mapped[str] = mapped_column(String(40), primary_key=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    #: Seconds by which the oldest row was late when it fired.
    lag_seconds: Mapped[int] = mapped_column(default=0)
    handled: Mapped[int] = mapped_column(default=0)
    #: How often rows fired so late: upper bound in seconds → count, since the first heartbeat.
    lags: Mapped[dict[str, int]] = mapped_column(Json, default=dict, server_default="{}")

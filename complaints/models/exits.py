"""The signed exceptions, to be counted: "could not be done", pause, withdrawal, duplicate."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from complaints.db import Base, Json, UTCDateTime

#: In `detail`: who handled the complaint when the exit was made.
HANDLED_BY = "handled_by_id"


class Exit(Base):
    """One exception: which, why, by whom, and who signed it; rows are kept for ever.

    `criterion` belongs to an ``unable``, `until_at` and `ended_at` to a pause, `promise_state` to
    what ended the complaint, `other_id` to a duplicate. `branch_id` is the complaint's branch then.
    One that was made before there was a list of reasons `is_earlier` and needs no signature.
    """

    __tablename__ = "exits"
    sealed_by = "id"
    __table_args__ = (
        Index("ix_exits_complaint", "complaint_id", "id"),
        # The report of a period.
        Index("ix_exits_at", "at", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    complaint_id: Mapped[int] = mapped_column(ForeignKey("complaints.id"))
    cycle: Mapped[int] = mapped_column(default=1)
    kind: Mapped[str] = mapped_column(String(12))
    criterion: Mapped[str] = mapped_column(String(7), default="")
    code: Mapped[str] = mapped_column(String(40), default="")
    reason: Mapped[str] = mapped_column(Text)
    method: Mapped[str] = mapped_column(String(20), default="")
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    recorded_at: Mapped[datetime] = mapped_column(UTCDateTime)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    by_name: Mapped[str] = mapped_column(String(120))
    branch_id: Mapped[int] = mapped_column(ForeignKey("branches.id"))
    #: The step record that it made.
    record_id: Mapped[int | None] = mapped_column(ForeignKey("step_records.id"))

    state: Mapped[str] = mapped_column(String(10), default="")
    answered_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    answered_by_name: Mapped[str] = mapped_column(String(120), default="")
    answer_reason: Mapped[str] = mapped_column(Text, default="")

    until_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    #: How long a pause that is over lasted, in working seconds of the branch.
    paused_seconds: Mapped[int] = mapped_column(default=0)
    #: How the promise stood: kept, missed, paused, running, none.
    promise_state: Mapped[str] = mapped_column(String(10), default="")
    other_id: Mapped[int | None] = mapped_column(ForeignKey("complaints.id"))
    is_earlier: Mapped[bool] = mapped_column(default=False)
    detail: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)

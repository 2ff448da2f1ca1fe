"""What a supervisor saw of the standards of service, and agreed with the person about it."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from complaints.db import Base, UTCDateTime


class Observation(Base):
    """One standard observed of one person, with a score and words; it is never changed.

    `about_id` is the complaint it was observed on, where it was one. What was wrong is said anew by
    a row that `corrects_id` names; the earlier one stays to be read.
    """

    __tablename__ = "observations"
    sealed_by = "id"
    __table_args__ = (
        # What a person sees of themselves, newest first.
        Index("ix_observations_person", "person_id", "id"),
        CheckConstraint("score BETWEEN 1 AND 4", name="score"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    by_name: Mapped[str] = mapped_column(String(120))
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    about_id: Mapped[int | None] = mapped_column(ForeignKey("complaints.id"), index=True)
    #: The id of the standard in `scripts.toml`.
    standard: Mapped[str] = mapped_column(String(40))
    #: From 1 (not yet) to 4 (exemplary).
    score: Mapped[int]
    words: Mapped[str] = mapped_column(Text)
    follow_up_on: Mapped[date | None]
    corrects_id: Mapped[int | None] = mapped_column(ForeignKey("observations.id"), unique=True)

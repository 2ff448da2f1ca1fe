"""Who has a complaint open at this moment."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from complaints.db import Base, UTCDateTime


class Presence(Base):
    """A person at a complaint: one row while it lasts, deleted minutes afterwards.

    It belongs to the moment and to no record: it is in no history, no seal and no backup.
    """

    __tablename__ = "presences"
    # What is new, and what is over.
    __table_args__ = (Index("ix_presences_seen_at", "seen_at"),)

    complaint_id: Mapped[int] = mapped_column(ForeignKey("complaints.id"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True)
    since: Mapped[datetime] = mapped_column(UTCDateTime)
    seen_at: Mapped[datetime] = mapped_column(UTCDateTime)
    #: One of `domain.presence.Doing`.
    doing: Mapped[str] = mapped_column(String(10))

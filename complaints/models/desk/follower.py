"""Who follows a complaint that is not theirs to handle."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from complaints.db import Base, UTCDateTime


class Follower(Base):
    """A person who is told how a complaint goes on, as long as they like and may read it."""

    __tablename__ = "complaint_followers"
    __table_args__ = (Index("ix_complaint_followers_user", "user_id"),)

    complaint_id: Mapped[int] = mapped_column(ForeignKey("complaints.id"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True)
    since: Mapped[datetime] = mapped_column(UTCDateTime)

"""Messages that messengers and telephone systems have handed in, so that each counts once."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from complaints.db import Base, UTCDateTime


class ChannelMessage(Base):
    """A message by the name its channel gives it, and what it became; its words stand there.

    `sender_mark` stands for who wrote it and says nothing else (`signing.pseudonym`).
    """

    __tablename__ = "channel_messages"
    sealed_by, sealed_apart = "id", True
    __table_args__ = (
        UniqueConstraint("channel", "external_id"),
        # What its sender wrote last.
        Index("ix_channel_messages_sender", "sender_mark", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    channel: Mapped[str] = mapped_column(String(60))
    external_id: Mapped[str] = mapped_column(String(200))
    sender_mark: Mapped[str] = mapped_column(String(64))
    #: created or appended.
    action: Mapped[str] = mapped_column(String(10))
    complaint_id: Mapped[int] = mapped_column(ForeignKey("complaints.id"))
    taken_at: Mapped[datetime] = mapped_column(UTCDateTime)

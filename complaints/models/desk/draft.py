"""What somebody has begun to write and has not sent."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from complaints.db import Base, Json, UTCDateTime


class Draft(Base):
    """A form as it was typed so far, for the person who typed it alone; gone once it is sent.

    `act` is the form and `key` its one-time key, so that a draft belongs to one sending. `fields`
    are pairs of name and value in the order of the form. `left_at` is when the customer went
    before anything was told.
    """

    __tablename__ = "drafts"
    __table_args__ = (
        UniqueConstraint("owner_id", "act", "key", name="uq_drafts_owner_id_act_key"),
        # The desk of its owner, the newest first.
        Index("ix_drafts_owner_id_saved_at", "owner_id", "saved_at"),
        # What is old is purged; a branch's supervisor is told how many wait since when.
        Index("ix_drafts_saved_at", "saved_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    owner_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    act: Mapped[str] = mapped_column(String(60))
    key: Mapped[str] = mapped_column(String(120))
    fields: Mapped[list[Any]] = mapped_column(Json)
    #: Grows with every saving, so that two tabs do not overwrite each other unseen.
    version: Mapped[int] = mapped_column(default=1)
    began_at: Mapped[datetime] = mapped_column(UTCDateTime)
    saved_at: Mapped[datetime] = mapped_column(UTCDateTime)
    left_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

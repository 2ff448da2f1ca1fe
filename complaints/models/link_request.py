"""Who asks for a lost link, until the worker has seen to it."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from complaints.db import Base, UTCDateTime


class LinkRequest(Base):
    """Somebody asks for the link of a complaint; the row is gone as soon as it was looked at.

    Right and wrong ones are kept alike, so that the answer to whoever asks tells nothing.
    """

    __tablename__ = "link_requests"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(40))
    contact: Mapped[str] = mapped_column(String(254))
    at: Mapped[datetime] = mapped_column(UTCDateTime)

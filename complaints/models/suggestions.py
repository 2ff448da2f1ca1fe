"""What was learned for suggestions: weights of words, and what it was learned by."""

from datetime import datetime

from sqlalchemy import Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from complaints.db import Base, UTCDateTime


class SuggestionModel(Base):
    """A model as compressed JSON (`domain/suggestions/learned.py`); it holds no personal data.

    `basis` marks the categories and phrases it was learned by: it serves as long as they hold.
    `share_right` and `share_before` are thousandths of a trial, by what was learned and by phrases
    alone; one that did worse is kept, and not used.
    """

    __tablename__ = "suggestion_models"
    __table_args__ = (Index("ix_suggestion_models_basis", "basis", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    basis: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)
    #: How many complaints it was learned from, and of how many it was tried on.
    lessons: Mapped[int]
    tried: Mapped[int]
    share_right: Mapped[int]
    share_before: Mapped[int]
    is_used: Mapped[bool]
    body: Mapped[bytes] = mapped_column(LargeBinary)

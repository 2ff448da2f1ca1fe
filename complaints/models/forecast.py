"""How long complaints of each kind last: curves that the worker estimates anew."""

from datetime import datetime
from typing import Any

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from complaints.db import Base, Json, UTCDateTime


class RiskCurve(Base):
    """The curve of one group of complaints (`domain/reporting/forecast.py`).

    No seal covers it: it proves nothing, and is estimated anew from the records.
    """

    __tablename__ = "risk_curves"

    key: Mapped[str] = mapped_column(String(160), primary_key=True)
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)
    body: Mapped[dict[str, Any]] = mapped_column(Json)

"""Sums of the reports, kept by the worker; every one of them can be computed again from the rows.

No seal covers them: they prove nothing, and whoever doubts them computes them again.
"""

from datetime import datetime

from sqlalchemy import BigInteger, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from complaints.db import Base, UTCDateTime

#: So many numbers has a cell.
WIDTH = 10
#: The tables whose rows the figures of a report are made of; what changes in them makes the sums of
#: a complaint stale.
COUNTED = frozenset(
    {
        "commitments",
        "complaints",
        "deadlines",
        "escalations",
        "exits",
        "extensions",
        "offers",
        "step_records",
    }
)


class ReportCell(Base):
    """The sums of one block of days in one branch: of a `part` of the report, by a `key`.

    `branch_id` 0 stands for all branches. What the numbers mean is the part's affair
    (`queries/reports/summaries/shapes.py`); noughts are NULL, which takes no room.
    """

    __tablename__ = "report_cells"

    branch_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    part: Mapped[str] = mapped_column(String(12), primary_key=True)
    block: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    key: Mapped[str] = mapped_column(Text, primary_key=True)
    n0: Mapped[int | None] = mapped_column(BigInteger)
    n1: Mapped[int | None] = mapped_column(BigInteger)
    n2: Mapped[int | None] = mapped_column(BigInteger)
    n3: Mapped[int | None] = mapped_column(BigInteger)
    n4: Mapped[int | None] = mapped_column(BigInteger)
    n5: Mapped[int | None] = mapped_column(BigInteger)
    n6: Mapped[int | None] = mapped_column(BigInteger)
    n7: Mapped[int | None] = mapped_column(BigInteger)
    n8: Mapped[int | None] = mapped_column(BigInteger)
    n9: Mapped[int | None] = mapped_column(BigInteger)


class ReportFacts(Base):
    """What one complaint adds to the cells, so that it can be taken out of them again.

    It holds for any moment after `valid_after` and not after `valid_until`; where either is None
    the time changes nothing on that side. `version` grows with each change.
    """

    __tablename__ = "report_facts"
    __table_args__ = (
        Index(
            "ix_report_facts_until",
            "valid_until",
            postgresql_where=text("valid_until IS NOT NULL"),
            sqlite_where=text("valid_until IS NOT NULL"),
        ),
        Index(
            "ix_report_facts_after",
            "valid_after",
            postgresql_where=text("valid_after IS NOT NULL"),
            sqlite_where=text("valid_after IS NOT NULL"),
        ),
    )

    complaint_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    version: Mapped[int]
    valid_after: Mapped[datetime | None] = mapped_column(UTCDateTime)
    valid_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    #: JSON: branch, dimensions, and the numbers by part, day and key.
    body: Mapped[str] = mapped_column(Text)


class StaleReport(Base):
    """A complaint that changed since its facts were computed; written with every change."""

    __tablename__ = "report_stale"

    id: Mapped[int] = mapped_column(primary_key=True)
    complaint_id: Mapped[int]


class ReportState(Base):
    """Under which calendars the sums were computed: a mark of them; one row."""

    __tablename__ = "report_state"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    calendars: Mapped[str] = mapped_column(String(64))

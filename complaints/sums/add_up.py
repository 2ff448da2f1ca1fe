"""From the cells of single days all others: of longer blocks, and of all branches together."""

from typing import Any

from sqlalchemy import ColumnElement, Integer, case, cast, delete, func, insert, literal, select
from sqlalchemy import update as update_of
from sqlalchemy.orm import Session

from complaints.domain.reporting.blocks import MONTH, THIRD, YEAR, first_block
from complaints.models import ReportCell, ReportState
from complaints.models.summaries import WIDTH
from complaints.queries.reports.summaries.shapes import ALL, PERSONAL

_COLUMNS = [getattr(ReportCell, f"n{place}") for place in range(WIDTH)]
_NAMES = ["branch_id", "part", "block", "key", *(f"n{place}" for place in range(WIDTH))]


def add_up_days(session: Session, calendars: str) -> None:
    """Add the cells of the branches' days up, and note that all sums are there."""
    of_days = ReportCell.block < first_block(THIRD)
    session.execute(delete(ReportCell).where(~of_days | (ReportCell.branch_id == ALL)))
    for block in (_third(), _month(), _year()):
        _add(session, ReportCell.branch_id, block, of_days)
    of_all = literal(ALL, Integer)
    is_theirs = ReportCell.branch_id != ALL
    _add(session, of_all, ReportCell.block, is_theirs, ReportCell.part.not_in(sorted(PERSONAL)))
    session.execute(update_of(ReportState).values(calendars=calendars))


def _add(session: Session, branch: Any, block: Any, *where: ColumnElement[bool]) -> None:
    sums = [cast(func.sum(column), column.type) for column in _COLUMNS]
    grouped = [branch, ReportCell.part, block, ReportCell.key]
    labels = [each.label(f"by_{place}") for place, each in enumerate(grouped)]
    query = select(*labels, *sums).where(*where).group_by(*(each.name for each in labels))
    session.execute(insert(ReportCell).from_select(_NAMES, query))


def _third() -> ColumnElement[int]:
    day = ReportCell.block % 100
    begins = case((day <= 10, 1), (day <= 20, 11), else_=21)
    return first_block(THIRD) + _month_of() * 100 + begins


def _month() -> ColumnElement[int]:
    return first_block(MONTH) + _month_of() * 100 + 1


def _year() -> ColumnElement[int]:
    return first_block(YEAR) + cast(ReportCell.block // 10_000, Integer) * 10_000 + 101


def _month_of() -> ColumnElement[int]:
    """Year and month of a day, as 202611."""
    return cast(ReportCell.block // 100, Integer)

"""The cells of a period, added up by the database."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import Text, func, literal, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from complaints.domain.reporting.blocks import blocks_between, blocks_by_month
from complaints.models import ReportCell
from complaints.models.summaries import WIDTH
from complaints.queries.reports.period import Period
from complaints.queries.reports.summaries.shapes import ALL, FIGURES, PERSONAL, Tally
from complaints.rows import among

_COLUMNS = [getattr(ReportCell, f"n{place}") for place in range(WIDTH)]
_SUMS = [func.sum(column) for column in _COLUMNS]


def add_cells(
    session: Session,
    tally: Tally,
    period: Period,
    branch_id: int,
    parts: Collection[str],
    branches: Sequence[int],
) -> None:
    """Add the sums of a branch (0 for all) in these parts; two queries, or four.

    By month and branch only the figures are asked for.
    """
    blocks = blocks_between(period.from_on, period.to_on)
    _add_months(session, tally, blocks_by_month(period.from_on, period.to_on), branch_id)
    if branch_id == ALL:
        _add_lines(session, tally, blocks, [ALL], set(parts) - PERSONAL)
        _add_lines(session, tally, blocks, branches, set(parts) & PERSONAL)
        _add_branches(session, tally, blocks, branches)
    else:
        _add_lines(session, tally, blocks, [branch_id], parts)
        tally.branches[branch_id] = list(tally.lines.get((FIGURES, ""), [0] * WIDTH))


def read_blocks(
    session: Session, branch_id: int, part: str, blocks: Sequence[int]
) -> Mapping[int, Sequence[int]]:
    """The sums of these blocks one by one, of a part with one line; one query."""
    query = select(ReportCell.block, *_COLUMNS).where(
        ReportCell.branch_id == branch_id,
        ReportCell.part == part,
        among(session, ReportCell.block, blocks),
        ReportCell.key == "",
    )
    found = session.connection().execute(query)
    return {block: _whole(numbers) for block, *numbers in found}


def _add_lines(
    session: Session,
    tally: Tally,
    blocks: Sequence[int],
    branches: Sequence[int],
    parts: Collection[str],
) -> None:
    query = (
        select(ReportCell.part, ReportCell.key, *_SUMS)
        .where(
            among(session, ReportCell.branch_id, branches),
            _named(session, ReportCell.part, parts),
            among(session, ReportCell.block, blocks),
        )
        .group_by(ReportCell.part, ReportCell.key)
    )
    for part, key, *numbers in session.connection().execute(query):
        tally.add(part, key, _whole(numbers))


def _add_months(session: Session, tally: Tally, months: Mapping[int, int], branch_id: int) -> None:
    for block, numbers in read_blocks(session, branch_id, FIGURES, list(months)).items():
        kept = tally.months.setdefault(months[block], [0] * WIDTH)
        kept[:] = map(sum, zip(kept, numbers, strict=True))


def _add_branches(
    session: Session, tally: Tally, blocks: Sequence[int], branches: Sequence[int]
) -> None:
    query = (
        select(ReportCell.branch_id, *_SUMS)
        .where(
            among(session, ReportCell.branch_id, branches),
            ReportCell.part == FIGURES,
            among(session, ReportCell.block, blocks),
            ReportCell.key == "",
        )
        .group_by(ReportCell.branch_id)
    )
    for branch_id, *numbers in session.connection().execute(query):
        tally.branches[branch_id] = _whole(numbers)


def _whole(numbers: Sequence[Any]) -> list[int]:
    return [int(number or 0) for number in numbers]


def _named(session: Session, column: Any, names: Collection[str]) -> Any:
    """Whether a text is one of these; one statement to PostgreSQL however many they are."""
    if session.get_bind().dialect.name == "postgresql":
        return column == func.any(literal(sorted(names), ARRAY(Text)))
    return column.in_(sorted(names))

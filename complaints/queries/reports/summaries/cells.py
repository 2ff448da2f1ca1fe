"""The cells of a period, added up by the database."""

from collections.abc import Collection, Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Select, Text, bindparam, func, select
from sqlalchemy.orm import Session

from complaints.domain.reporting.blocks import blocks_between, blocks_by_month
from complaints.models import ReportCell
from complaints.models.summaries import WIDTH
from complaints.queries.reports.period import Period
from complaints.queries.reports.summaries.shapes import ALL, FIGURES, PERSONAL, Tally
from complaints.rows import among_given, is_postgresql

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
    found = session.connection().execute(
        _of_blocks(is_postgresql(session)),
        {"branch_id": branch_id, "part": part, "blocks": list(blocks)},
    )
    return {block: _whole(numbers) for block, *numbers in found}


@cache
def _of_blocks(on_postgresql: bool) -> Select[Any]:
    return select(ReportCell.block, *_COLUMNS).where(
        ReportCell.branch_id == bindparam("branch_id"),
        ReportCell.part == bindparam("part"),
        among_given(on_postgresql, ReportCell.block, "blocks"),
        ReportCell.key == "",
    )


def _add_lines(
    session: Session,
    tally: Tally,
    blocks: Sequence[int],
    branches: Sequence[int],
    parts: Collection[str],
) -> None:
    found = session.connection().execute(
        _of_parts(is_postgresql(session)),
        {"branches": list(branches), "parts": sorted(parts), "blocks": list(blocks)},
    )
    for part, key, *numbers in found.all():
        tally.add(part, key, _whole(numbers))


@cache
def _of_parts(on_postgresql: bool) -> Select[Any]:
    return (
        select(ReportCell.part, ReportCell.key, *_SUMS)
        .where(
            among_given(on_postgresql, ReportCell.branch_id, "branches"),
            among_given(on_postgresql, ReportCell.part, "parts", Text),
            among_given(on_postgresql, ReportCell.block, "blocks"),
        )
        .group_by(ReportCell.part, ReportCell.key)
    )


def _add_months(session: Session, tally: Tally, months: Mapping[int, int], branch_id: int) -> None:
    for block, numbers in read_blocks(session, branch_id, FIGURES, list(months)).items():
        kept = tally.months.setdefault(months[block], [0] * WIDTH)
        kept[:] = map(sum, zip(kept, numbers, strict=True))


def _add_branches(
    session: Session, tally: Tally, blocks: Sequence[int], branches: Sequence[int]
) -> None:
    found = session.connection().execute(
        _by_branch(is_postgresql(session)), {"branches": list(branches), "blocks": list(blocks)}
    )
    for branch_id, *numbers in found:
        tally.branches[branch_id] = _whole(numbers)


@cache
def _by_branch(on_postgresql: bool) -> Select[Any]:
    return (
        select(ReportCell.branch_id, *_SUMS)
        .where(
            among_given(on_postgresql, ReportCell.branch_id, "branches"),
            ReportCell.part == FIGURES,
            among_given(on_postgresql, ReportCell.block, "blocks"),
            ReportCell.key == "",
        )
        .group_by(ReportCell.branch_id)
    )


def _whole(numbers: Sequence[Any]) -> list[int]:
    return [int(number or 0) for number in numbers]

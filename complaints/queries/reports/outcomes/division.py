"""The report on outcomes divided: each line by branch, category, need … as its rows are found.

Whatever a part counts, it asks for rows that say how often (`times`) something is so. Divided,
each row says besides to which line of the division it belongs, and the part is put together once
from all rows and once from those of each line: so nothing has figures of its own by division.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Select
from sqlalchemy.orm import InstrumentedAttribute, Session

from complaints.models import Complaint, Customer
from complaints.queries.lists.filters import NONE
from complaints.queries.reports import rows
from complaints.queries.reports.counting import DIVIDED_BY, OF_CUSTOMER
from complaints.queries.reports.outcomes.sections import Line, Section
from complaints.queries.reports.parts import Asked
from complaints.queries.reports.period import next_month

#: What a part is put together from: the rows of each of its questions.
Found = Mapping[str, Sequence[Any]]
Build = Callable[[Found, Asked], list[Section]]

#: What the report can be divided by: a kind of clock is none of what it counts.
OUTCOME_DIVISIONS = (
    *("branch", "team", "category", "priority", "channel", "handler", "month"),
    *("cause", "tier", "need", "product"),
)


def found_by(
    query: Select[*tuple[Any, ...]], asked: Asked, at: InstrumentedAttribute[Any]
) -> Select[Any]:
    """The question with the line of the division beside each row, where one is asked for.

    It joins complaints; `at` is when that happened which it counts.
    """
    by = asked.by
    if by is None:
        return query
    if by in OF_CUSTOMER:
        query = query.join(Customer, Customer.id == Complaint.customer_id)
    column = asked.period.month_of(at) if by == "month" else DIVIDED_BY[by]
    return query.add_columns(column.label("division")).group_by("division")


def divide(
    session: Session, asked: Asked, sections: Sequence[Section], found: Found, build: Build
) -> list[Section]:
    """The sections with each line divided, as `asked.by` says."""
    by = asked.by or ""
    apart: dict[Any, dict[str, list[Any]]] = {}
    for name, each in found.items():
        for row in each:
            for key in _keys(row.division, by):
                apart.setdefault(key, {known: [] for known in found})[name].append(row)
    pieces = [
        (named, {section.key: section for section in build(apart[key], asked)})
        for key, named in _named(session, asked, list(apart))
    ]
    return [_divided(section, pieces, asked) for section in sections]


def _keys(value: Any, by: str) -> Sequence[Any]:
    """In which lines a row stands; whoever has two needs stands in both."""
    if by == "need":
        return tuple(value or ()) or (None,)
    return (value or None,) if by in ("product", "tier", "cause") else (value,)


def _named(
    session: Session, asked: Asked, keys: Sequence[Any]
) -> Sequence[tuple[Any, rows.ReportRow]]:
    """The lines of the division by their names, months by time; what has none is the last."""
    rules, by = asked.rules, asked.by or ""
    if by == "month":
        months = asked.period.months
        return [(key, rows.month_row(months[key], rows.NONE)) for key in sorted(keys)]
    if by == "branch":
        found = [rows.branch_row(rules, key, rows.NONE) for key in keys]
    elif by == "category":
        found = [rows.category_row(rules, key, rows.NONE) for key in keys]
    else:
        wanted = [(key,) if by == "need" and key else key for key in keys]
        found = rows.by_key(session, rules, by, dict.fromkeys(wanted, rows.NONE))
    named = zip(keys, found, strict=True)
    return sorted(named, key=lambda each: (not each[1].key, each[1].label_id, each[1].key))


def _divided(
    section: Section, pieces: Sequence[tuple[rows.ReportRow, Mapping[str, Section]]], asked: Asked
) -> Section:
    blank = {column.key: None for column in section.columns if column.of_whole}
    lines = [
        (named, {line.key: line for line in found[section.key].all_lines})
        for named, found in pieces
    ]

    def with_pieces(line: Line) -> Line:
        own = [
            _piece(named, found[line.key], blank, asked)
            for named, found in lines
            if line.key in found and any(found[line.key].values.values())
        ]
        return replace(line, pieces=own)

    whole = with_pieces(section.total) if section.total else None
    if section.is_divided_whole:
        return replace(section, total=whole)
    return replace(section, lines=[with_pieces(line) for line in section.lines], total=whole)


def _piece(named: rows.ReportRow, line: Line, blank: Mapping[str, None], asked: Asked) -> Line:
    """A line of the division within a line of a section."""
    by, key = asked.by or "", named.key or NONE
    return replace(
        line,
        key=key,
        values={**line.values, **blank},
        name="",
        label_id=named.label_id,
        label_en=named.label_en,
        asked={**line.asked, **(_days(asked, key) if by == "month" else {by: key})},
    )


def _days(asked: Asked, month: str) -> dict[str, str]:
    """The days of a month as far as they lie in the period."""
    first = date.fromisoformat(f"{month}-01")
    last = next_month(first) - timedelta(days=1)
    days = max(asked.period.from_on, first), min(asked.period.to_on, last)
    return dict(zip(("from", "to"), (day.isoformat() for day in days), strict=True))

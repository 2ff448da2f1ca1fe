"""The report on outcomes as cells, table, workbook and paper: each from the same sections."""

from collections.abc import Iterator, Sequence
from typing import Any

from complaints.documents.reporting.outcome_pictures import draw_outcomes
from complaints.documents.reporting.paper import Made, frame
from complaints.documents.reporting.paper_parts import as_table
from complaints.documents.reporting.words import (
    DIVISIONS,
    PROMISE_DAYS,
    ReportWords,
    share_said,
)
from complaints.documents.typesetting import set_pdf
from complaints.documents.workbooks import Column as SheetColumn
from complaints.documents.workbooks import Sheet, write_workbook
from complaints.domain.errors import N_
from complaints.formatting import say_percent
from complaints.queries.reports.outcomes.report import OUTCOME_PARTS
from complaints.queries.reports.outcomes.sections import (
    Column,
    Kind,
    Line,
    OutcomeReport,
    Section,
)
from complaints.queries.reports.rows import FEWEST_FOR_SHARE
from complaints.queries.reports.table import Table

#: Seconds.
_HOUR = 3600
#: What several parts together are called.
ALL_PARTS = N_("Report on outcomes")


def line_said(line: Line, words: ReportWords) -> str:
    """What a line is called."""
    return words.say(line.name) if line.name else words.label(line)


def cell_said(column: Column, line: Line, words: ReportWords) -> str:
    """A number as it is said; a dash of none. Of few, times and amounts say of how many."""
    value = line.values.get(column.key)
    sample = line.sample_of(column.key)
    if column.kind is Kind.SHARE and sample is not None:
        count = line.values[column.of]
        return share_said(count, sample - count, words.say, words.lang)
    if value is None:
        return "–"
    if column.kind is Kind.COUNT:
        return words.number(value)
    if column.kind in (Kind.PART, Kind.SHARE):
        return say_percent(value, words.lang)
    said = _amount(column, value, words)
    is_of_few = column.key != "amount" and column.key != "total_seconds"
    if is_of_few and sample is not None and sample < FEWEST_FOR_SHARE:
        return words.say(N_("%(value)s (of %(count)s only)")) % {"value": said, "count": sample}
    return said


def _amount(column: Column, value: Any, words: ReportWords) -> str:
    """A time, a sum or a mean."""
    if column.kind is Kind.TIME:
        return words.span(value)
    return words.mean(value) if column.kind is Kind.SCORE else words.money(value)


def outcomes_title(report: OutcomeReport, words: ReportWords) -> str:
    """The name of the part."""
    return words.say(OUTCOME_PARTS[report.part])


def division_said(by: str, words: ReportWords) -> str:
    """What the lines of a division are, below the figures."""
    name = words.say(DIVISIONS[by])
    said = words.say(
        N_(
            "Each figure is divided by %(division)s, as complaints are now, in the order of "
            "names and never of shares. Lines in which there is nothing are left out."
        )
    ) % {"division": name[:1].lower() + name[1:]}
    if by != "need":
        return said
    both = words.say(N_("A customer with two needs is counted in both lines."))
    return f"{said} {both}"


def outcomes_table(report: OutcomeReport, words: ReportWords) -> Table:
    """The part as one table: a row for each line of each section, `key` is `section/line`.

    Divided, each is followed by its lines by the division, `section/line/key`.
    """
    own = ["division"] if report.by else []
    columns = ["key", "label", *own, *dict.fromkeys(_keys(report))]
    rows: list[dict[str, Any]] = [
        {"key": "days", "label": f"{report.from_on} – {report.to_on}"},
        {"key": "zones", "label": ", ".join(report.zones)},
    ]
    for section in report.sections:
        for line, piece in _each(section):
            shown = piece or line
            values = {column.key: shown.values.get(column.key) for column in section.columns}
            rows.append({**_called(section, line, piece, words), **values})
    if report.by is None:
        rows = [{name: each for name, each in row.items() if name != "division"} for row in rows]
    return Table(columns, rows, words.rules.home_zone)


def _each(section: Section) -> Iterator[tuple[Line, Line | None]]:
    """Each line, and behind it the same line with each of its pieces."""
    for line in section.all_lines:
        yield line, None
        yield from ((line, piece) for piece in line.pieces)


def _called(section: Section, line: Line, piece: Line | None, words: ReportWords) -> dict[str, str]:
    """The code and the name of a row."""
    key = f"{section.key}/{line.key}"
    return {
        "key": f"{key}/{piece.key}" if piece else key,
        "label": line_said(line, words),
        "division": line_said(piece, words) if piece else "",
    }


def outcomes_workbook(reports: Sequence[OutcomeReport], words: ReportWords) -> bytes:
    """The lines of each part on a sheet, cell by cell, with what each section counts above them.

    Working time stands there in hours; the code by which the CSV file calls a line is the last.
    """
    sheets = [_sheet(each, words) for each in reports]
    return write_workbook(sheets, words.rules.home_zone)


def _sheet(report: OutcomeReport, words: ReportWords) -> Sheet:
    say = words.say
    heads = {column.key: column for each in report.sections for column in each.columns}
    columns = [SheetColumn("section", say(N_("Part of the report")), 30)]
    columns.append(SheetColumn("label", say(N_("Name")), 44))
    if report.by:
        columns.append(SheetColumn("division", say(DIVISIONS[report.by]), 30))
    columns += [
        SheetColumn(key, _sheet_head(column, words), 16, column.kind in (Kind.SHARE, Kind.PART))
        for key, column in heads.items()
    ]
    columns.append(SheetColumn("key", say(N_("Code")), 26))
    rows = [
        {
            "section": say(section.title),
            **_called(section, line, piece, words),
            **{column.key: _sheet_value(column, piece or line) for column in section.columns},
        }
        for section in report.sections
        for line, piece in _each(section)
    ]
    title = outcomes_title(report, words)
    above = [title, words.days(report.from_on, report.to_on, is_short=True)]
    above += [say(each.meaning) for each in report.sections]
    above += [division_said(report.by, words)] if report.by else []
    above.append(say(PROMISE_DAYS) % {"zones": words.zones(report)})
    below = say(N_("Rows: %(count)s")) % {"count": len(rows)}
    return Sheet(title[:31], columns, rows, above, below)


def _sheet_head(column: Column, words: ReportWords) -> str:
    """The head with the unit of its numbers, which the cells do not say."""
    head = words.say(column.head)
    if column.kind is Kind.TIME:
        return words.say(N_("%(head)s, working hours")) % {"head": head}
    if column.kind is Kind.MONEY:
        return f"{head} ({words.rules.organisation.currency.symbol})"
    return head


def _sheet_value(column: Column, line: Line) -> Any:
    """A number as its cell holds it."""
    value = line.values.get(column.key)
    if column.kind is Kind.TIME and value is not None:
        return round(value / _HOUR, 2)
    return value


def outcomes_pdf(reports: Sequence[OutcomeReport], made: Made, words: ReportWords) -> bytes:
    """The parts on A4, behind one another."""
    return set_pdf("report", outcomes_data(reports, made, words))


def outcomes_data(
    reports: Sequence[OutcomeReport], made: Made, words: ReportWords
) -> dict[str, Any]:
    """What the form is filled with: parts of one period; one alone gives its title."""
    first = reports[0]
    title = outcomes_title(first, words) if len(reports) == 1 else words.say(ALL_PARTS)
    data = frame(title, first.from_on, first.to_on, made, words)
    data["pictures"] = [
        {"heading": each.heading, "meaning": each.meaning, "svg": each.picture.on_paper()}
        for report in reports
        for each in draw_outcomes(report, words)
    ]
    data["parts"] = [
        section_on_paper(section, words) for report in reports for section in report.sections
    ]
    data["definitions"] = [words.say(PROMISE_DAYS) % {"zones": words.zones(first)}]
    if first.by:
        data["head"].insert(1, [words.say(N_("Group by")), words.say(DIVISIONS[first.by])])
        data["definitions"].insert(0, division_said(first.by, words))
    return data


def section_on_paper(section: Section, words: ReportWords) -> dict[str, Any]:
    """A table of the form."""
    say = words.say
    heads = [say(section.first), *(say(column.head) for column in section.columns)]
    is_divided = any(line.pieces for line in section.all_lines)
    lines = section.all_lines if is_divided else section.lines
    rows = [row for line in lines for row in _rows(line, section.columns, words)]
    table = as_table(say(section.title), say(section.meaning), heads, rows, words)
    if section.total and not is_divided:
        table["foot"] = [_cells(section.total, section.columns, words)]
    return table


def _rows(line: Line, columns: Sequence[Column], words: ReportWords) -> Iterator[list[str]]:
    """A line, and below it those by the division."""
    yield _cells(line, columns, words)
    for piece in line.pieces:
        name, *numbers = _cells(piece, columns, words)
        yield [f"– {name}", *numbers]


def _cells(line: Line, columns: Sequence[Column], words: ReportWords) -> list[str]:
    return [line_said(line, words), *(cell_said(column, line, words) for column in columns)]


def _keys(report: OutcomeReport) -> Iterator[str]:
    for section in report.sections:
        yield from (column.key for column in section.columns)

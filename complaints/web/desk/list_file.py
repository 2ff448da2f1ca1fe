"""The list of complaints as a file: the same rows and words, bounded, and how many."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from flask import Response
from flask_babel import gettext

from complaints.documents.workbooks import Column, Sheet, write_workbook
from complaints.domain.csv_cells import write_csv
from complaints.domain.errors import N_, Invalid
from complaints.domain.permissions import Actor
from complaints.extensions import db
from complaints.formatting import say_instant_short
from complaints.queries.lists.columns_beside import read_beside
from complaints.queries.lists.filters import ListFilters
from complaints.queries.lists.worklist import ListPage, list_complaints
from complaints.queries.reports.drilldown import list_behind
from complaints.rulebook import RuleBook
from complaints.web.desk.list_columns import COLUMNS, NUMBER, Told
from complaints.web.desk.list_rows import lines
from complaints.web.frame.files import FileForm, file_answer
from complaints.web.frame.translations import lang, translated

#: Complaints in one file; a longer list is refused, never cut.
MOST_IN_FILE = 5_000

_INSTANTS = ("due_at", "received_at", "told_date", "closed_at")
#: The columns of a list for which none were chosen.
_USUAL = tuple(code for code, column in COLUMNS.items() if column.is_usual)


def list_file(
    me: Actor,
    filters: ListFilters,
    rules: RuleBook,
    form: FileForm,
    now: datetime,
    chosen: Sequence[str] = (),
) -> Response:
    """What the list shows whoever asks, whole; Invalid when it is too long for one file.

    Its columns are the number and those `chosen`, the usual ones where none are.
    """
    codes = tuple(chosen) or _USUAL
    page, beside = _whole(me, filters, rules, now, codes)
    if len(page.items) > MOST_IN_FILE:
        sentence = N_("This list is longer than %(most)s complaints. Narrow it, then save it.")
        raise Invalid(sentence, most=MOST_IN_FILE)
    rows = [
        _row(Told(line, beside.get(line.row.id, {}), rules), codes)
        for line in lines(page.items, rules)
    ]
    count = gettext("Rows: %(count)s", count=len(rows))
    local = now.astimezone(rules.home_zone)
    name = f"tanggap-complaints-{local:%Y-%m-%d-%H%M}.{form.ending}"
    if form is not FileForm.XLSX:
        foot = [{"number": count}]
        return file_answer(
            write_csv([NUMBER, *codes], [*rows, *foot], form.of_csv, rules.home_zone), name
        )
    columns = [Column(NUMBER, translated(N_("Number")), 18)]
    columns += [
        Column(code, _head(code, translated(COLUMNS[code].words), rules), COLUMNS[code].width)
        for code in codes
    ]
    title = gettext("Complaints")
    above = [title, say_instant_short(now, rules.home_zone, lang())]
    sheet = Sheet(title, columns, rows, above, count)
    return file_answer(write_workbook([sheet], rules.home_zone), name)


def _whole(
    me: Actor, filters: ListFilters, rules: RuleBook, now: datetime, codes: Sequence[str]
) -> tuple[ListPage, Mapping[int, Mapping[str, Any]]]:
    """The list from its beginning, one more than a file may hold where it is longer.

    With what some columns show beside the lines.
    """
    limit = MOST_IN_FILE + 1
    with db.reports() as session:
        if filters.figure:
            page = list_behind(session, me, filters, rules, now=now, limit=limit)
        else:
            page = list_complaints(
                session, me, filters, now=now, limit=limit, rules=rules, most=limit
            )
        return page, read_beside(session, [each.id for each in page.items], codes)


def _head(key: str, words: str, rules: RuleBook) -> str:
    """Workbooks know no zones: the head of an instant says which."""
    return f"{words} ({rules.home_zone.key})" if key in _INSTANTS else words


def _row(told: Told, codes: Sequence[str]) -> dict[str, Any]:
    """A line of the list as cells."""
    return {NUMBER: told.line.number, **{code: COLUMNS[code].value(told) for code in codes}}

"""The list of complaints as a file: the same rows and words, bounded, and how many."""

from collections.abc import Mapping
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
from complaints.queries.lists.filters import ListFilters
from complaints.queries.lists.worklist import ListPage, list_complaints
from complaints.queries.reports.drilldown import list_behind
from complaints.rulebook import RuleBook
from complaints.web.desk.list_rows import DisplayRow, lines
from complaints.web.frame.files import FileForm, file_answer
from complaints.web.frame.translations import lang, translated
from complaints.web.frame.words import DUE_STATES

#: Complaints in one file; a longer list is refused, never cut.
MOST_IN_FILE = 5_000

#: Key of a column → its head in a workbook and its width.
_COLUMNS: Mapping[str, tuple[str, int]] = {
    "number": (N_("Number"), 18),
    "priority": (N_("Priority"), 16),
    "customer": (N_("Customer"), 26),
    "category": (N_("Category"), 30),
    "summary": (N_("Complaint"), 60),
    "due_at": (N_("Due by"), 20),
    "due_state": (N_("Deadline"), 18),
    "status": (N_("Status"), 18),
    "level": (N_("Escalation level"), 10),
    "handler": (N_("Handler"), 22),
    "unit": (N_("Unit"), 24),
    "branch": (N_("Branch"), 24),
    "received_at": (N_("Received"), 20),
}
_INSTANTS = ("due_at", "received_at")


def list_file(
    me: Actor, filters: ListFilters, rules: RuleBook, form: FileForm, now: datetime
) -> Response:
    """What the list shows whoever asks, whole; Invalid when it is too long for one file."""
    page = _whole(me, filters, rules, now)
    if len(page.items) > MOST_IN_FILE:
        sentence = N_("This list is longer than %(most)s complaints. Narrow it, then save it.")
        raise Invalid(sentence, most=MOST_IN_FILE)
    rows = [_row(line) for line in lines(page.items, rules)]
    count = gettext("Rows: %(count)s", count=len(rows))
    local = now.astimezone(rules.home_zone)
    name = f"tanggap-complaints-{local:%Y-%m-%d-%H%M}.{form.ending}"
    if form is not FileForm.XLSX:
        foot = [{"number": count}]
        return file_answer(
            write_csv(list(_COLUMNS), [*rows, *foot], form.of_csv, rules.home_zone), name
        )
    columns = [
        Column(key, _head(key, translated(words), rules), width)
        for key, (words, width) in _COLUMNS.items()
    ]
    title = gettext("Complaints")
    above = [title, say_instant_short(now, rules.home_zone, lang())]
    sheet = Sheet(title, columns, rows, above, count)
    return file_answer(write_workbook([sheet], rules.home_zone), name)


def _whole(me: Actor, filters: ListFilters, rules: RuleBook, now: datetime) -> ListPage:
    """The list from its beginning, one more than a file may hold where it is longer."""
    limit = MOST_IN_FILE + 1
    with db.reports() as session:
        if filters.figure:
            return list_behind(session, me, filters, rules, now=now, limit=limit)
        return list_complaints(session, me, filters, now=now, limit=limit, rules=rules, most=limit)


def _head(key: str, words: str, rules: RuleBook) -> str:
    """Workbooks know no zones: the head of an instant says which."""
    return f"{words} ({rules.home_zone.key})" if key in _INSTANTS else words


def _row(line: DisplayRow) -> dict[str, Any]:
    """A line of the list as cells."""
    state = DUE_STATES.get(line.due_state)
    return {
        "number": line.number,
        "priority": line.priority,
        "customer": line.customer,
        "category": line.subject,
        "summary": line.summary,
        "due_at": datetime.fromisoformat(line.due) if line.due else None,
        "due_state": translated(state[0]) if state else "",
        "status": line.status,
        "level": line.level or None,
        "handler": line.handler or "",
        "unit": line.team,
        "branch": line.branch,
        "received_at": line.row.received_at,
    }

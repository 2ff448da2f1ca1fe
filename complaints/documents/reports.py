"""Reports as workbooks: the rows of the CSV file, cells typed, heads in the words of the reader."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from complaints.documents.workbooks import Column, Sheet, write_workbook
from complaints.domain.errors import N_
from complaints.formatting import INDONESIAN, say_date_short
from complaints.queries.reports.exit_report import ExitReport, Words, exits_table
from complaints.queries.reports.export import report_table
from complaints.queries.reports.figures import Report
from complaints.queries.reports.rows import ReportRow
from complaints.queries.reports.table import Table

#: What a text of the catalogue is in the reader's language.
Say = Callable[[str], str]

_HEADS: Mapping[str, str] = {
    "key": N_("Code"),
    "label": N_("Name"),
    "count": N_("Count"),
    "received": N_("Received"),
    "met": N_("Kept"),
    "breached": N_("Missed"),
    "late_open": N_("Still open and late"),
    "on_time": N_("On time"),
    "first_kept": N_("Kept by the first date"),
    "first_missed": N_("Missed by the first date"),
    "first_on_time": N_("On time by the first date"),
    "moved": N_("Dates moved"),
    "again_kept": N_("Kept after a reopening"),
    "again_missed": N_("Missed after a reopening"),
    "again_on_time": N_("On time after a reopening"),
    "kind": N_("Code of the kind"),
    "kind_label": N_("Kind"),
    "number": N_("Complaint"),
    "at": N_("Time"),
    "by": N_("By"),
    "by_email": N_("Email"),
    "by_key": N_("Account"),
    "criterion": N_("Number of the criterion"),
    "criterion_label": N_("Criterion"),
    "code": N_("Code of the reason"),
    "code_label": N_("Reason from the list"),
    "reason": N_("Reason"),
    "signed_by": N_("Approved or signed by"),
    "signed_at": N_("Signed at"),
    "returned_by": N_("Returned by"),
    "amount": N_("Amount"),
    "past_kind": N_("Code of the deadline"),
    "past_label": N_("Deadline"),
    "past_due_at": N_("Deadline was"),
}
_SHARES = ("on_time", "first_on_time", "again_on_time")
_WIDE = {"label": 34, "reason": 50, "criterion_label": 40, "code_label": 30, "key": 26}


def report_workbook(report: Report, say: Say, lang: str = INDONESIAN) -> bytes:
    """The deadline report: a sheet with the lines it is divided into, one with all its other parts.

    Both hold what the CSV file does; the second begins with the lines of each month.
    """
    table = report_table(report, say, lang)
    lines, others = table.rows[: len(report.rows) + 1], table.rows[len(report.rows) + 1 :]
    figures = [name for name in table.columns if name != "count"]
    above = _above(say(N_("Deadline report")), report.from_on, report.to_on, say, lang)
    above.append(", ".join(report.zones))
    months = [
        {**row.figures.as_json(), "key": row.key, "label": _label(row, lang)}
        for row in report.months
    ]
    return write_workbook(
        [
            Sheet(say(N_("Lines")), _columns(figures, say), lines, above, _rows_said(lines, say)),
            Sheet(
                say(N_("Months")), _columns(figures, say), months, above, _rows_said(months, say)
            ),
            Sheet(
                say(N_("Other figures")),
                _columns(table.columns, say),
                others,
                above,
                _rows_said(others, say),
            ),
        ],
        table.zone,
    )


def exits_workbook(report: ExitReport, words: Words, say: Say, lang: str = INDONESIAN) -> bytes:
    """The exceptions one by one; instants are those of the organisation's own zone."""
    table = exits_table(report, words)
    above = _above(say(N_("Exceptions")), report.from_on, report.to_on, say, lang)
    columns = _columns(table.columns, say, _zone_name(table))
    below = _rows_said(table.rows, say)
    return write_workbook(
        [Sheet(say(N_("Exceptions")), columns, table.rows, above, below)], table.zone
    )


def _columns(keys: Any, say: Say, zone: str = "") -> list[Column]:
    def head(key: str) -> str:
        words = say(_HEADS[key])
        return f"{words} ({zone})" if zone and key.endswith("at") else words

    return [Column(key, head(key), _WIDE.get(key, 16), key in _SHARES) for key in keys]


def _above(title: str, from_on: date, to_on: date, say: Say, lang: str) -> list[str]:
    days = say(N_("%(from_on)s to %(to_on)s"))
    return [
        title,
        days % {"from_on": say_date_short(from_on, lang), "to_on": say_date_short(to_on, lang)},
    ]


def _rows_said(rows: Any, say: Say) -> str:
    return say(N_("Rows: %(count)s")) % {"count": len(rows)}


def _zone_name(table: Table) -> str:
    """The zone as every spreadsheet reader finds it, such as Asia/Jakarta."""
    return table.zone.key


def _label(row: ReportRow, lang: str) -> str:
    return row.label_id if lang == INDONESIAN else row.label_en

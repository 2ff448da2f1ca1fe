"""The reports as files: one door for page, API, command and mail, so that none differs."""

from collections.abc import Sequence
from enum import StrEnum

from complaints.documents.reporting.outcomes import (
    outcomes_pdf,
    outcomes_table,
    outcomes_workbook,
)
from complaints.documents.reporting.paper import Made, deadlines_pdf, exits_pdf
from complaints.documents.reporting.words import ReportWords
from complaints.documents.reports import exits_workbook, report_workbook
from complaints.domain.csv_cells import CsvForm
from complaints.queries.reports.exit_report import ExitReport, Words, exits_csv
from complaints.queries.reports.export import report_csv
from complaints.queries.reports.figures import Report
from complaints.queries.reports.outcomes.sections import OutcomeReport


class ReportForm(StrEnum):
    """As what a report can be had; the second is CSV as an Excel in Indonesian opens it."""

    CSV = "csv"
    EXCEL = "excel"
    XLSX = "xlsx"
    PDF = "pdf"

    @property
    def ending(self) -> str:
        """How the file's name ends."""
        return "csv" if self is ReportForm.EXCEL else self.value

    @property
    def type(self) -> str:
        """Its media type."""
        return _TYPES[self]


_CSV = "text/csv"
_TYPES = {
    ReportForm.CSV: _CSV,
    ReportForm.EXCEL: _CSV,
    ReportForm.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ReportForm.PDF: "application/pdf",
}


def deadlines_file(report: Report, form: ReportForm, made: Made, words: ReportWords) -> bytes:
    """The deadline report in this form."""
    if form is ReportForm.PDF:
        return deadlines_pdf(report, made, words)
    if form is ReportForm.XLSX:
        return report_workbook(report, words.say, words.lang)
    return _marked(report_csv(report, words.say, words.lang, _csv_form(form)))


def exits_file(
    report: ExitReport, form: ReportForm, made: Made, words: ReportWords, codes: Words
) -> bytes:
    """The exceptions in this form; raises Invalid where they are too many for paper."""
    if form is ReportForm.PDF:
        return exits_pdf(report, made, words, codes)
    if form is ReportForm.XLSX:
        return exits_workbook(report, codes, words.say, words.lang)
    return _marked(exits_csv(report, codes, _csv_form(form)))


def outcomes_file(report: OutcomeReport, form: ReportForm, made: Made, words: ReportWords) -> bytes:
    """A part of the report on outcomes in this form."""
    if form is ReportForm.PDF:
        return outcomes_pdf([report], made, words)
    if form is ReportForm.XLSX:
        return outcomes_workbook([report], words)
    return _marked(outcomes_table(report, words).as_csv(_csv_form(form)))


def all_outcomes_file(
    reports: Sequence[OutcomeReport], form: ReportForm, made: Made, words: ReportWords
) -> bytes:
    """Several parts of the report on outcomes as one workbook or one PDF, in their order."""
    if form is ReportForm.XLSX:
        return outcomes_workbook(reports, words)
    assert form is ReportForm.PDF
    return outcomes_pdf(reports, made, words)


def _csv_form(form: ReportForm) -> CsvForm:
    return CsvForm.EXCEL if form is ReportForm.EXCEL else CsvForm.PLAIN


def _marked(text: str) -> bytes:
    """Text with the mark by which spreadsheets see that it is UTF-8."""
    return ("\ufeff" + text).encode()

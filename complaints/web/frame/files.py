"""Lists and reports as files: in which form one was asked for, and the answer that carries it."""

from enum import StrEnum

from flask import Response, request

from complaints.documents.reporting.files import ReportForm
from complaints.domain.csv_cells import CsvForm


class FileForm(StrEnum):
    """What `format=` in an address may name."""

    CSV = "csv"
    EXCEL = "excel"
    XLSX = "xlsx"

    @property
    def of_csv(self) -> CsvForm:
        """How the cells of a CSV file are written."""
        return CsvForm.EXCEL if self is FileForm.EXCEL else CsvForm.PLAIN

    @property
    def ending(self) -> str:
        """How the file's name ends."""
        return "xlsx" if self is FileForm.XLSX else "csv"


def asked_form() -> FileForm | None:
    """The form of `format=` in the address; None asks for the page."""
    asked = request.args.get("format", "")
    return FileForm(asked) if asked in list(FileForm) else None


def asked_report_form() -> ReportForm | None:
    """The same where a report is asked for, which can be had on paper as well."""
    asked = request.args.get("format", "")
    return ReportForm(asked) if asked in list(ReportForm) else None


def report_file(content: bytes, form: ReportForm, name: str) -> Response:
    """A report to save under this name and its ending; a PDF is shown."""
    shown = "inline" if form is ReportForm.PDF else "attachment"
    headers = {"Content-Disposition": f'{shown}; filename="{name}.{form.ending}"'}
    return Response(content, mimetype=form.type, headers=headers)


def file_answer(content: str | bytes, name: str) -> Response:
    """A file to save under this name; the mark before text tells spreadsheets that it is UTF-8."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    if isinstance(content, bytes):
        return Response(content, mimetype=WORKBOOK, headers=headers)
    return Response("\ufeff" + content, mimetype="text/csv", headers=headers)


WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

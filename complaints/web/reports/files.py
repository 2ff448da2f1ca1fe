"""Reports as files: in which form one was asked for, and the answer that carries it."""

from flask import Response, request

from complaints.domain.csv_cells import CsvForm


def asked_form() -> CsvForm | None:
    """The form of `format=` in the address; None asks for the page."""
    asked = request.args.get("format", "")
    return CsvForm(asked) if asked in list(CsvForm) else None


def file_answer(text: str, name: str) -> Response:
    """A file to save under this name; its mark tells spreadsheets that it is UTF-8."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response("\ufeff" + text, mimetype="text/csv", headers=headers)

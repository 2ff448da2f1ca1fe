"""The map of a file as its form shows it: our fields, their columns, what their values mean."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from flask_babel import gettext
from werkzeug.datastructures import MultiDict

from complaints.channels.csv_import.proposals import (
    FORMATS,
    codes_of,
    is_code,
    is_time,
    propose_code,
    propose_columns,
    propose_formats,
    values_of,
)
from complaints.channels.csv_import.row_to_complaint import FIELDS
from complaints.channels.csv_import.uploaded import UploadedFile
from complaints.domain.errors import N_
from complaints.domain.lifecycle import Status
from complaints.domain.priority import Priority
from complaints.formats.rejects import is_ours
from complaints.formats.time_formats import ISO, compile_formats
from complaints.formatting import say_typed
from complaints.rulebook import RuleBook
from complaints.web.frame.filters import priority_word, status_word
from complaints.web.frame.translations import lang

#: Our fields in words, in the order of the form.
WORDS: Mapping[str, str] = {
    "external_id": N_("Their complaint number"),
    "received_at": N_("Received at"),
    "story": N_("Customer's story"),
    "channel": N_("Channel"),
    "category": N_("Category"),
    "status": N_("Status"),
    "closed_at": N_("Closed at"),
    "branch": N_("Branch"),
    "product": N_("Product"),
    "customer_name": N_("Customer name"),
    "customer_phone": N_("Phone number"),
    "customer_email": N_("Email address"),
    "customer_number": N_("Customer number"),
    "salutation": N_("Form of address"),
    "tier": N_("Customer type"),
    "priority": N_("Priority"),
    "outcome": N_("Outcome"),
    "summary": N_("Summary"),
    "remedy_wanted": N_("What the customer wants"),
    "incident_at": N_("Time of the event"),
    "told_due_at": N_("Deadline told to the customer"),
}
assert set(WORDS) == set(FIELDS)
NEEDED = ("received_at", "story")
#: What may stand for all rows where no column tells it.
_FOR_ALL = ("channel", "branch", "category")
#: Shows a way of writing times that none of the file's is written in.
_EXAMPLE = datetime(2026, 12, 31, 14, 30, tzinfo=UTC)


@dataclass(slots=True)
class ColumnView:
    """One of our fields and the column chosen for it; `constant` stands for all rows."""

    name: str
    label: str
    column: str
    constant: str = ""
    constants: Sequence[tuple[str, str]] = ()
    values: Sequence[tuple[str, str]] = ()
    options: Sequence[tuple[str, str]] = ()


@dataclass(slots=True)
class MapView:
    """The form: each field, how times are written, and the other system's name."""

    fields: list[ColumnView]
    columns: Sequence[tuple[str, str]]
    formats: Sequence[tuple[str, str]]
    written: str
    timezone: str
    source: str
    header: Sequence[str] = ()
    sample: Sequence[Sequence[str]] = field(default_factory=list)


def map_view(
    file: UploadedFile, given: Mapping[str, Any], rules: RuleBook, file_name: str
) -> MapView:
    """The form with what was chosen, or with what is proposed for a new file."""
    is_new = not given
    columns = given.get("columns", {})
    chosen = {name: each for name, each in columns.items() if isinstance(each, str)}
    fixed = {name: str(each["const"]) for name, each in columns.items() if isinstance(each, dict)}
    if is_new:
        chosen, fixed = propose_columns(file.header), {}
    meant = given.get("values", {})
    views = []
    for name, words in WORDS.items():
        view = ColumnView(name, gettext(words), chosen.get(name, ""))
        if name in _FOR_ALL:
            view.constants, view.constant = _choices(rules, name), fixed.get(name, "")
        if is_code(name) and view.column:
            view.options = _choices(rules, name)
            codes = _named(rules, name)
            known = meant.get(name, {})
            view.values = [
                (value, known.get(value) or ("" if known else propose_code(value, codes)))
                for value in values_of(file, view.column)
            ]
        views.append(view)
    formats = _formats(file, chosen, rules)
    return MapView(
        fields=views,
        columns=[(each, each) for each in dict.fromkeys(file.header) if each],
        formats=formats,
        written=(given.get("datetime") or [formats[0][0]])[0],
        timezone=str(given.get("timezone") or rules.home_zone.key),
        source=str(given.get("source") or file_name.rpartition(".")[0] or file_name)[:60],
        header=file.header,
        sample=file.sample[:5],
    )


def own_header(file: UploadedFile) -> list[str]:
    """The columns of a file as its system wrote them, without the one of our reasons."""
    return [*file.header[:-1]] if is_ours(file.header) else [*file.header]


def read_map(
    form: MultiDict[str, str], file: UploadedFile
) -> tuple[dict[str, Any], list[tuple[str, str]]]:
    """The form as a MAP.toml, and what is missing in it."""
    errors: list[tuple[str, str]] = []
    columns: dict[str, Any] = {}
    for name in FIELDS:
        column = form.get(f"column.{name}", "")
        if column and column in file.header:
            columns[name] = column
        elif constant := form.get(f"constant.{name}", "").strip()[:60]:
            columns[name] = {"const": constant}
    for name in NEEDED:
        if name not in columns:
            errors.append((f"column.{name}", gettext("Choose a column.")))
    if "channel" not in columns:
        errors.append(("column.channel", gettext("Choose a column, or one channel for all rows.")))
    chosen = form.get("datetime", "")
    written = [chosen] if chosen in FORMATS else []
    for field_name, each in columns.items():
        if is_time(field_name) and isinstance(each, str):
            more = propose_formats(values_of(file, each))[:1]
            written += [one for one in more if one not in written]
    given: dict[str, Any] = {
        "source": form.get("source", "").strip()[:60] or "import",
        "encoding": "utf-8",
        "delimiter": file.delimiter,
        "timezone": form.get("timezone", "").strip()[:60] or "Asia/Jakarta",
        "datetime": written or [FORMATS[0]],
        "gates": "take_over",
        "notify": False,
        "columns": columns,
        "values": _read_values(form),
        # Not of the map: in which language reasons are written, and which files it is for.
        "lang": lang(),
        "header": own_header(file),
    }
    return given, errors


def _read_values(form: MultiDict[str, str]) -> dict[str, dict[str, str]]:
    """Field → their value → our code, where one was chosen."""
    found: dict[str, dict[str, str]] = {}
    for place in range(2000):
        of, theirs = form.get(f"value.{place}.of"), form.get(f"value.{place}.theirs")
        if of is None or theirs is None:
            break
        code = form.get(f"value.{place}.ours", "")
        if of in FIELDS and code:
            found.setdefault(of, {})[theirs] = code
    return found


def _formats(
    file: UploadedFile, chosen: Mapping[str, str], rules: RuleBook
) -> list[tuple[str, str]]:
    """The ways in which the times may be written, each with what it makes of the first it reads."""
    column = chosen.get("received_at", "")
    values = values_of(file, column) if column in file.header else []
    return [(each, _said(each, values)) for each in propose_formats(values) or FORMATS]


def _said(written: str, values: Sequence[str]) -> str:
    """A time of the file as this form reads it, or how one looks; the file says no zone."""
    read = compile_formats([written], UTC)
    for value in values:
        if (at := read(value)) is not None:
            return f"{value} = {say_typed(at, UTC, lang())}"
    return _EXAMPLE.isoformat() if written == ISO else _EXAMPLE.strftime(written)


def _choices(rules: RuleBook, name: str) -> list[tuple[str, str]]:
    if name == "status":
        return [(each.value, status_word(each)) for each in Status]
    if name == "priority":
        return [(each.value, f"{each.value} {priority_word(each)}") for each in Priority]
    return [
        (code, words[-1] if lang() == "en" else words[0])
        for code, words in codes_of(rules, name).items()
    ]


def _named(rules: RuleBook, name: str) -> Mapping[str, Sequence[str]]:
    return codes_of(rules, name) or {code: (words,) for code, words in _choices(rules, name)}

"""What somebody typed into the form of a part, read as the file has it, and back.

A field that says what the file says already stays exactly as it is there, so that only what was
touched is written.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from complaints.domain.errors import N_, Invalid
from complaints.domain.parts.fields import Field, FieldKind, Part

Given = Callable[[str], Sequence[str]]
Errors = list[Invalid]

#: Whatever is longer was not typed by a person.
LONGEST_LINE = 400
LONGEST_TEXT = 20_000
MOST_ROWS = 40
MOST_LINES = 400
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}")
_NUMBER = re.compile(r"\d{1,9}")


def typed_of(field: Field, value: Any) -> str:
    """A value as its field shows it."""
    if value is None:
        return ""
    match field.kind:
        case FieldKind.LINES:
            return "\n".join(str(each) for each in value)
        case FieldKind.SHARE:
            return f"{float(value) * 100:g}"
        case FieldKind.FLAG:
            return "1" if value else ""
        case FieldKind.TEXT:
            return str(value).replace("\r\n", "\n").strip()
    return str(value)


def read_item(
    part: Part, old: Mapping[str, Any], given: Given, is_new: bool
) -> tuple[dict[str, Any], Errors]:
    """The item with what was typed, and what is wrong with it."""
    data: dict[str, Any] = dict(old)
    errors: Errors = []
    for field in part.fields:
        if field.name == part.key and not is_new:
            continue
        _read_into(data, field, given, field.name, errors)
    if is_new:
        data = {**data, **{name: each for name, each in part.fresh.items() if name not in data}}
    return data, errors


def _read_into(data: dict[str, Any], field: Field, given: Given, name: str, errors: Errors) -> None:
    try:
        value = _read(field, given, name, data.get(field.name), errors)
    except Invalid as error:
        errors.append(error)
        return
    if value is None:
        data.pop(field.name, None)
    elif field.kind is FieldKind.FLAG and not value and field.name not in data:
        data[field.name] = False
    else:
        data[field.name] = value


def _read(field: Field, given: Given, name: str, old: Any, errors: Errors) -> Any:
    match field.kind:
        case FieldKind.ROWS:
            return _rows(field, given, name, old, errors)
        case FieldKind.CHOICES:
            chosen = [each for each in given(name) if each][:MOST_LINES]
            same = isinstance(old, list) and set(map(str, old)) == set(chosen)
            return old if same else (chosen if chosen or old is not None else None)
    typed = _one(given, name)
    if old is not None and typed == typed_of(field, old):
        return old
    return _value(field, typed, name)


def _value(field: Field, typed: str, name: str) -> Any:
    if field.kind is FieldKind.FLAG:
        return bool(typed)
    if not typed:
        if field.required:
            raise Invalid(N_("Fill this in."), field=name)
        return None
    if len(typed) > (LONGEST_TEXT if field.kind is FieldKind.TEXT else LONGEST_LINE * 10):
        raise Invalid(N_("This is too long."), field=name)
    match field.kind:
        case FieldKind.CODE if field.name == "id" and not _CODE.fullmatch(typed):
            raise Invalid(
                N_(
                    "A code has letters, digits, hyphens and underscores, at most 40, such "
                    "as %(example)s."
                ),
                field=name,
                example="TAG_GANDA",
            )
        case FieldKind.CODE if field.is_number:
            return _number(typed, Field(name=name, label="", least=1, most=9), name)
        case FieldKind.NUMBER:
            return _number(typed, field, name)
        case FieldKind.CHOICE:
            return int(typed) if field.is_number and _NUMBER.fullmatch(typed) else typed
        case FieldKind.SHARE:
            return _share(typed, name)
        case FieldKind.LINES:
            return [line.strip() for line in typed.split("\n") if line.strip()][:MOST_LINES]
    return typed


def _number(typed: str, field: Field, name: str) -> int:
    if not _NUMBER.fullmatch(typed) or not field.least <= int(typed) <= field.most:
        raise Invalid(
            N_("Write a whole number from %(least)s to %(most)s."),
            field=name,
            least=field.least,
            most=field.most,
        )
    return int(typed)


def _share(typed: str, name: str) -> float:
    try:
        percent = float(typed.replace(",", ".").rstrip("% "))
    except ValueError:
        percent = 0.0
    if not 0 < percent <= 100:
        raise Invalid(N_("Write a percentage above 0 and up to 100."), field=name)
    return round(percent / 100, 4)


def _rows(field: Field, given: Given, name: str, old: Any, errors: Errors) -> list[Any] | None:
    """The rows in which anything was typed; what a row says beside its fields stays with it."""
    before = old if isinstance(old, list) else []
    found = []
    for index in range(MOST_ROWS):
        cells = {each.name: f"{name}.{index}.{each.name}" for each in field.fields}
        words = [each for each in field.fields if each.kind in (FieldKind.LINE, FieldKind.TEXT)]
        if not any(_one(given, cells[each.name]) for each in words):
            continue
        data: dict[str, Any] = dict(before[index]) if index < len(before) else {}
        for each in field.fields:
            _read_into(data, each, given, cells[each.name], errors)
        found.append(data)
    return found if found or old is not None else None


def _one(given: Given, name: str) -> str:
    values = given(name)
    return (values[0] if values else "").replace("\r\n", "\n").replace("\x00", "").strip()


def read_grid(old: Mapping[str, Any], given: Given) -> dict[str, list[str]]:
    """The cells of the priority grid, from `cell.ROW.COLUMN`; rows and columns as far as sent."""
    rows: dict[str, list[str]] = {}
    for row in range(1, 10):
        cells: list[str] = []
        while len(cells) < 9 and (cell := _one(given, f"cell.{row}.{len(cells)}")):
            cells.append(cell)
        if cells:
            rows[str(row)] = cells
    # In the order of the file, which begins with the most severe.
    return {key: rows[key] for key in sorted(rows, reverse=True)}

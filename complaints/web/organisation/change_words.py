"""What a change of a part says, in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext

from complaints.domain.errors import N_
from complaints.domain.parts import Field, FieldKind
from complaints.domain.parts.differences import Differences, FieldChange, How, ItemChange
from complaints.domain.parts.options import FIXED, Bodies, options_made
from complaints.domain.parts.reading import typed_of
from complaints.domain.taxonomy import HANDLER
from complaints.web.frame.translations import lang
from complaints.web.organisation.form import label_of

_HOW = {
    How.ADDED: N_("New: %(what)s"),
    How.GONE: N_("Removed: %(what)s"),
    How.CHANGED: N_("Changed: %(what)s"),
    How.RETIRED: N_("No longer used: %(what)s"),
    How.BACK: N_("Used again: %(what)s"),
    How.MOVED: N_("The order has changed: %(what)s"),
}
#: A longer text is shown by its beginning.
_LONGEST = 160


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """A change of one item, with its fields before and after."""

    title: str
    how: str
    fields: Sequence[tuple[str, str, str]]


def change_lines(found: Differences, bodies: Bodies) -> list[ChangeLine]:
    """Everything that differs, in the order of the page."""
    lines = [_line(each, bodies) for each in found.items]
    lines += [
        ChangeLine(gettext("Changed in the file: %(what)s", what=each), How.CHANGED, ())
        for each in found.others
    ]
    return lines


def name_of(data: Mapping[str, Any], key: str) -> str:
    """What an item is called, with its code."""
    words = str(data.get(f"label_{lang()}") or data.get("label_id") or "")
    return f"{words} ({key})" if words and key and words != key else words or key


def _line(change: ItemChange, bodies: Bodies) -> ChangeLine:
    part = gettext(change.part.item or change.part.title)
    key = change.key if change.part.key else ""
    chosen = [each for each in change.part.fields if each.name == change.part.key and each.options]
    named = _chosen(chosen[0], key, bodies) if chosen else name_of(change.data, key)
    what = f"{part}: {named}" if named else part
    fields = []
    if any(change.parent):
        assert change.part.parent is not None
        old, new = (_chosen(change.part.parent, each, bodies) for each in change.parent)
        fields.append((gettext(change.part.parent.label), old, new))
    for each in change.fields:
        fields += _field(each, bodies)
    return ChangeLine(gettext(_HOW[change.how], what=what), change.how.value, fields)


def _field(change: FieldChange, bodies: Bodies) -> list[tuple[str, str, str]]:
    if change.field.kind is FieldKind.GRID:
        return _cells(change)
    words = [_say(change.field, each, bodies) for each in (change.before, change.after)]
    return [(label_of(change.field), words[0], words[1])]


def _say(field: Field, value: Any, bodies: Bodies) -> str:
    if value is None or value in ("", []):
        return "–"
    match field.kind:
        case FieldKind.FLAG:
            return gettext("yes") if value else "–"
        case FieldKind.CHOICE:
            return _chosen(field, str(value), bodies)
        case FieldKind.CHOICES:
            return ", ".join(_chosen(field, str(each), bodies) for each in value)
        case FieldKind.LINES:
            return ", ".join(map(str, value))
        case FieldKind.SHARE:
            return f"{typed_of(field, value)} %"
        case FieldKind.ROWS:
            rows = (
                ", ".join(_say(each, row.get(each.name), bodies) for each in field.fields)
                for row in value
            )
            return "; ".join(f"{number}. {row}" for number, row in enumerate(rows, 1))
    text = " ".join(str(value).split())
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _chosen(field: Field, code: str, bodies: Bodies) -> str:
    if field.options in FIXED:
        return next((gettext(words) for each, words in FIXED[field.options] if each == code), code)
    if field.options == "owner" and code == HANDLER:
        return gettext("the complaint’s handler")
    return next(
        (each.label(lang()) for each in options_made(field.options, bodies) if each.code == code),
        code,
    )


def _cells(change: FieldChange) -> list[tuple[str, str, str]]:
    """Each cell of the grid that differs."""
    before, after = change.before or {}, change.after or {}
    found = []
    for row in sorted({*before, *after}, reverse=True):
        old, new = before.get(row, []), after.get(row, [])
        for column in range(max(len(old), len(new))):
            cells = [each[column] if column < len(each) else "–" for each in (old, new)]
            if cells[0] != cells[1]:
                where = gettext("Severity %(row)s, column %(column)s", row=row, column=column + 1)
                found.append((where, *cells))
    return found

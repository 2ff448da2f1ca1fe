"""A part's fields as its form shows them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask_babel import gettext

from complaints.domain.parts import Field, FieldKind, Part
from complaints.domain.parts.options import FIXED, Bodies, options_made
from complaints.domain.parts.reading import typed_of
from complaints.domain.taxonomy import HANDLER
from complaints.web.frame.choices import no_longer_used
from complaints.web.frame.translations import lang

#: Empty rows offered below those that are there.
SPARE = 2

Typed = Mapping[str, Sequence[str]]


@dataclass(slots=True)
class FieldView:
    """One field: its words, what stands in it, what may be chosen."""

    name: str
    label: str
    kind: str
    hint: str = ""
    required: bool = False
    error: str = ""
    value: str = ""
    values: Sequence[str] = ()
    options: Sequence[tuple[str, str]] = ()
    rows: Sequence[Sequence["FieldView"]] = field(default_factory=list)


def choices(part_field: Field, bodies: Bodies, chosen: Sequence[str]) -> list[tuple[str, str]]:
    """What a field may be chosen from; what is retired only where it is chosen already."""
    name = part_field.options
    if name in FIXED:
        return [(code, gettext(words)) for code, words in FIXED[name]]
    found = [
        (each.code, no_longer_used(each.label(lang())) if each.is_retired else each.label(lang()))
        for each in options_made(name, bodies)
        if not each.is_retired or each.code in chosen
    ]
    if name == "owner":
        found.insert(0, (HANDLER, gettext("the complaint’s handler")))
    known = {code for code, _ in found}
    return found + [(each, each) for each in chosen if each and each not in known]


def label_of(part_field: Field) -> str:
    """A field's name, with the language where it stands in both."""
    words = gettext(part_field.label)
    if not part_field.lang:
        return words
    named = gettext("in Indonesian") if part_field.lang == "id" else gettext("in English")
    return f"{words} · {named}"


def fields_of(
    part: Part,
    data: Mapping[str, Any],
    bodies: Bodies,
    *,
    is_new: bool,
    typed: Typed | None = None,
    wrong: Mapping[str, str] | None = None,
) -> list[FieldView]:
    """The fields of an item as the form shows them; what was `typed` goes before what is stored."""
    return [
        _view(each, data.get(each.name), each.name, bodies, typed, wrong or {})
        for each in part.fields
        if is_new or each.name != part.key
    ]


def _view(
    part_field: Field,
    value: Any,
    name: str,
    bodies: Bodies,
    typed: Typed | None,
    wrong: Mapping[str, str],
) -> FieldView:
    view = FieldView(
        name=name,
        label=label_of(part_field),
        kind=part_field.kind.value,
        hint=gettext(part_field.hint) if part_field.hint else "",
        required=part_field.required,
        error=wrong.get(name, ""),
    )
    match part_field.kind:
        case FieldKind.ROWS:
            view.rows = _rows(part_field, value, name, bodies, typed, wrong)
        case FieldKind.CHOICES:
            view.values = [str(each) for each in value or ()]
            if typed is not None:
                view.values = list(typed.get(name, ()))
            view.options = choices(part_field, bodies, view.values)
        case _:
            view.value = typed_of(part_field, value)
            if typed is not None:
                view.value = next(iter(typed.get(name, ())), "")
            if part_field.kind is FieldKind.CHOICE:
                view.options = choices(part_field, bodies, [view.value])
    return view


def _rows(
    part_field: Field,
    value: Any,
    name: str,
    bodies: Bodies,
    typed: Typed | None,
    wrong: Mapping[str, str],
) -> list[list[FieldView]]:
    rows = list(value) if isinstance(value, list) else []
    count = len(rows) + SPARE
    if typed is not None:
        sent = {int(each.split(".")[1]) for each in typed if _is_row(each, name)}
        count = max(count, max(sent, default=-1) + 1)
    return [
        [
            _view(
                each,
                rows[index].get(each.name) if index < len(rows) else None,
                f"{name}.{index}.{each.name}",
                bodies,
                typed,
                wrong,
            )
            for each in part_field.fields
        ]
        for index in range(min(count, 40))
    ]


def _is_row(sent: str, name: str) -> bool:
    parts = sent.split(".")
    return len(parts) == 3 and parts[0] == name and parts[1].isdecimal() and len(parts[1]) < 3

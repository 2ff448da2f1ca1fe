"""A file of the rules with one item changed as somebody asked on its page."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext

from complaints.domain.errors import N_, Invalid, NotFound
from complaints.domain.parts import FieldKind, Part, find_item, with_item, without_item
from complaints.domain.parts.items import Item, moved_item
from complaints.domain.parts.reading import read_grid, read_item
from complaints.domain.scripts import placeholders
from complaints.web.frame.errors import say
from complaints.web.organisation.form import Typed

#: What can be done to an item beside filling in its form.
CHANGES = ("retire", "back", "remove", "up", "down")


class Wrong(Exception):
    """What was typed cannot be read; each mistake with its field."""

    def __init__(self, errors: list[tuple[str, str]]) -> None:
        super().__init__()
        self.errors = errors


def typed_body(
    part: Part, base: Mapping[str, Any], key: str | None, given: Typed
) -> dict[str, Any]:
    """The file with what was typed in the form of one item."""
    old = find_item(part, base, key or "") if key is not None or not part.is_list else None
    if part.is_list and key is not None and old is None:
        raise NotFound(N_("There is no such item."))
    is_new = part.is_list and key is None
    if is_new and part.is_closed:
        raise NotFound(N_("There is no such item."))

    def sent(name: str) -> list[str]:
        return list(given.get(name, ()))

    if part.fields[0].kind is FieldKind.GRID:
        return with_item(part, base, read_grid(old.data if old else {}, sent), key)
    data, problems = read_item(part, old.data if old else {}, sent, is_new)
    errors = [(each.field or "", say(each)) for each in problems]
    parent = next(iter(sent("parent")), "") if part.parent else ""
    if part.code == "scripts":
        used = placeholders(f"{data.get('text_id', '')}\n{data.get('text_en', '')}")
        if set(used) != set(data.get("placeholders", ())):
            data["placeholders"] = list(used)
    if part.parent and parent not in _parents(part, base):
        errors.append(("parent", gettext("Choose one.")))
    new_key = str(data.get(part.key, "")) if part.key else ""
    if is_new and part.key and find_item(part, base, new_key) is not None:
        errors.append((part.key, gettext("This code is in use already. Choose another.")))
    if errors:
        raise Wrong(errors)
    return with_item(part, base, data, None if is_new else key, parent)


def _parents(part: Part, body: Mapping[str, Any]) -> set[str]:
    return {str(each.get("id", "")) for each in body.get(part.steps[0], ())}


def changed_body(part: Part, base: Mapping[str, Any], found: Item, do: str) -> dict[str, Any]:
    """The file with an item moved, taken out, marked as no longer used, or used again."""
    if do in ("up", "down"):
        return moved_item(part, base, found.key, -1 if do == "up" else 1)
    if do == "remove":
        return without_item(part, base, found.key)
    if not part.is_retirable:
        raise Invalid(N_("This cannot be marked as no longer used."))
    data = {name: each for name, each in found.data.items() if name != "retired"}
    if do == "retire" or (found.is_retired and "retired" not in found.data):
        data["retired"] = do == "retire"
    return with_item(part, base, data, found.key, found.parent)

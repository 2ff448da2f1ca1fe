"""The items of a part within the data of its file: found, put in, moved, taken out.

Nothing is changed in place: what comes back is a new file's data.
"""

from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from complaints.domain.parts.fields import Part

Body = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Item:
    """An item as the file has it; `parent` is the key of the one it stands in, if any."""

    key: str
    data: Mapping[str, Any]
    parent: str = ""

    @property
    def is_retired(self) -> bool:
        """Whether it is offered no more."""
        return bool(self.data.get("retired"))


def items_of(part: Part, body: Body) -> list[Item]:
    """The items of a part in the order of the file; a part that is one table is one item."""
    if not part.is_list:
        found = _table(part, body)
        return [] if found is None else [Item("", found)]
    outer, *inner = part.steps
    if not inner:
        return _items(part, _list(body, outer), "")
    return [
        item
        for each in _list(body, outer)
        for item in _items(part, _list(each, inner[0]), str(each.get("id", "")))
    ]


def find_item(part: Part, body: Body, key: str) -> Item | None:
    """The item known by this key, None when there is none."""
    return next((each for each in items_of(part, body) if each.key == key), None)


def with_item(
    part: Part, body: Body, data: Mapping[str, Any], key: str | None, parent: str = ""
) -> dict[str, Any]:
    """The file with an item changed, or added where `key` is None; it moves to `parent`."""
    whole: dict[str, Any] = deepcopy(dict(body))
    if not part.is_list:
        _put_table(part, whole, dict(data))
        return whole
    place = None if key is None else find_item(part, whole, key)
    rows = _rows_in(part, whole, place.parent if place else parent)
    if place is None:
        rows.append(dict(data))
        return whole
    index = _index(part, whole, place)
    if part.parent is not None and place.parent != parent:
        del rows[index]
        _rows_in(part, whole, parent).append(dict(data))
    else:
        rows[index] = dict(data)
    return whole


def without_item(part: Part, body: Body, key: str) -> dict[str, Any]:
    """The file without an item; without the table of a part that is one."""
    whole: dict[str, Any] = deepcopy(dict(body))
    place = find_item(part, whole, key)
    if place is None:
        return whole
    if not part.is_list:
        whole.pop(part.path, None)
        return whole
    rows = _rows_in(part, whole, place.parent)
    del rows[_index(part, whole, place)]
    return whole


def moved_item(part: Part, body: Body, key: str, by: int) -> dict[str, Any]:
    """The file with an item one place up (-1) or down (1) among those beside it."""
    whole: dict[str, Any] = deepcopy(dict(body))
    place = find_item(part, whole, key)
    if place is None:
        return whole
    rows = _rows_in(part, whole, place.parent)
    index = _index(part, whole, place)
    other = index + by
    if 0 <= other < len(rows):
        rows[index], rows[other] = rows[other], rows[index]
    return whole


def _index(part: Part, whole: Body, place: Item) -> int:
    """The place of an item among those beside it."""
    beside = [each.key for each in items_of(part, whole) if each.parent == place.parent]
    return beside.index(place.key)


def _table(part: Part, body: Body) -> Mapping[str, Any] | None:
    found: Any = body
    for name in part.steps:
        found = found.get(name) if isinstance(found, Mapping) else None
    return found if isinstance(found, Mapping) else None


def _put_table(part: Part, whole: dict[str, Any], data: dict[str, Any]) -> None:
    if not part.steps:
        whole.clear()
        whole.update(data)
        return
    *outer, last = part.steps
    inside = whole
    for name in outer:
        inside = inside.setdefault(name, {})
    inside[last] = data


def _items(part: Part, rows: Sequence[Any], parent: str) -> list[Item]:
    found = []
    for number, each in enumerate(rows):
        # A list may hold bare words beside tables, as the forms of address do.
        data = each if isinstance(each, Mapping) else {part.key: each}
        found.append(Item(str(data.get(part.key, "")) if part.key else str(number), data, parent))
    return found


def _list(body: Mapping[str, Any], name: str) -> list[Any]:
    value = body.get(name, [])
    return list(value) if isinstance(value, list) else []


def _rows_in(part: Part, whole: dict[str, Any], parent: str) -> list[Any]:
    outer, *inner = part.steps
    rows: list[Any] = whole.setdefault(outer, [])
    if not inner:
        return rows
    holder = next(each for each in rows if str(each.get("id")) == parent)
    found: list[Any] = holder.setdefault(inner[0], [])
    return found

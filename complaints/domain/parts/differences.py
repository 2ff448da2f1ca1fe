"""What two versions of a file say differently, item by item and field by field."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from complaints.domain.parts.fields import Field, Part
from complaints.domain.parts.items import Item, items_of
from complaints.domain.parts.listed import parts_of
from complaints.domain.policies.three_way_merge import changed_parts

Body = Mapping[str, Any]


class How(StrEnum):
    """What became of an item."""

    ADDED = "added"
    GONE = "gone"
    CHANGED = "changed"
    RETIRED = "retired"
    BACK = "back"
    MOVED = "moved"


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field of an item, before and after; None where it was not there."""

    field: Field
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class ItemChange:
    """What became of one item of a part."""

    part: Part
    how: How
    key: str
    data: Mapping[str, Any]
    fields: tuple[FieldChange, ...] = ()
    parent: tuple[str, str] = ("", "")


@dataclass(frozen=True, slots=True)
class Differences:
    """All that differs; `others` are places of the file that no part describes."""

    items: tuple[ItemChange, ...]
    others: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.items or self.others)


def differences(file: str, before: Body, after: Body) -> Differences:
    """What `after` says differently from `before`, in the order of the parts."""
    parts = parts_of(file)
    found = [change for part in parts for change in _of_part(part, before, after)]
    return Differences(tuple(found), tuple(_others(parts, before, after)))


def _of_part(part: Part, before: Body, after: Body) -> list[ItemChange]:
    old = {each.key: each for each in items_of(part, before)}
    new = {each.key: each for each in items_of(part, after)}
    gone = [
        ItemChange(part, How.GONE, key, each.data) for key, each in old.items() if key not in new
    ]
    changed = [
        change
        for key, each in new.items()
        if (change := _of_item(part, old.get(key), each)) is not None
    ]
    kept = [key for key in old if key in new]
    if not gone and not changed and kept != [key for key in new if key in old]:
        return [ItemChange(part, How.MOVED, "", {})]
    return gone + changed


def _of_item(part: Part, old: Item | None, new: Item) -> ItemChange | None:
    if old is None:
        return ItemChange(part, How.ADDED, new.key, new.data, _fields(part, {}, new.data))
    fields = _fields(part, old.data, new.data)
    moved = (old.parent, new.parent) if old.parent != new.parent else ("", "")
    how = How.CHANGED
    if old.is_retired != new.is_retired:
        how = How.RETIRED if new.is_retired else How.BACK
    elif not fields and moved == ("", ""):
        return None
    return ItemChange(part, how, new.key, new.data, fields, moved)


def _fields(part: Part, old: Mapping[str, Any], new: Mapping[str, Any]) -> tuple[FieldChange, ...]:
    if len(part.fields) == 1 and part.fields[0].kind == "grid":
        return (FieldChange(part.fields[0], old, new),) if old != new else ()
    return tuple(
        FieldChange(field, old.get(field.name), new.get(field.name))
        for field in part.fields
        if (old.get(field.name) or None) != (new.get(field.name) or None)
    )


def _others(parts: list[Part], before: Body, after: Body) -> list[str]:
    """Names of what differs at the top of the file and belongs to no part."""
    described = {part.steps[0] for part in parts if part.steps}
    described |= {field.name for part in parts if not part.steps for field in part.fields}
    names = {each.split(" › ")[0] for each in changed_parts(before, after)}
    return sorted(names - described - {"version"})

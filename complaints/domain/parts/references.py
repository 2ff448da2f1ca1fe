"""Where the rules name a code: found by the descriptions, and in what policies select by."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from complaints.domain.parts.fields import Field, FieldKind, Part
from complaints.domain.parts.items import items_of
from complaints.domain.parts.listed import PARTS
from complaints.domain.parts.options import Bodies


@dataclass(frozen=True, slots=True)
class Reference:
    """An item of a part, or a policy, that names a code; `count` is how often a policy does."""

    code: str
    label_id: str
    label_en: str
    part: Part | None = None
    count: int = 1


def references_to(name: str, code: str, bodies: Bodies) -> list[Reference]:
    """Everything in force that names this code of the list `name`."""
    return [*_in_parts(name, code, bodies), *_in_policies(name, code, bodies)]


def _in_parts(name: str, code: str, bodies: Bodies) -> Iterator[Reference]:
    for part in PARTS:
        fields = [*_naming(part.fields, name)]
        if not fields:
            continue
        for item in items_of(part, bodies[part.file][part.file]):
            if not item.is_retired and any(_names(field, item.data, code) for field in fields):
                words = [str(item.data.get(f"label_{lang}") or item.key) for lang in ("id", "en")]
                yield Reference(item.key, words[0], words[1], part=part)


def _naming(fields: tuple[Field, ...], name: str) -> Iterator[Field]:
    for field in fields:
        names = {field.options, *(each.options for each in field.fields)}
        if name in names or (name == "team" and "owner" in names):
            yield field


def _names(field: Field, data: Mapping[str, Any], code: str) -> bool:
    value = data.get(field.name)
    if field.kind is FieldKind.ROWS:
        rows = value if isinstance(value, list) else []
        return any(str(cell) == code for row in rows for cell in row.values())
    if isinstance(value, list):
        return code in map(str, value)
    return value is not None and str(value) == code


def _in_policies(name: str, code: str, bodies: Bodies) -> Iterator[Reference]:
    switched_on = bodies["organisation"]["organisation"].get("policies", [])
    for policy, body in bodies["policy"].items():
        if policy not in switched_on:
            continue
        count = sum(_selects(clause, name, code) for clause in body.get("clock", ()))
        if count:
            words = [
                str(body.get(f"label_{lang}") or body.get("title") or policy)
                for lang in ("id", "en")
            ]
            yield Reference(policy, words[0], words[1], count=count)


def _selects(clause: Mapping[str, Any], name: str, code: str) -> bool:
    value = clause.get(name)
    return code in map(str, value) if isinstance(value, list) else str(value) == code

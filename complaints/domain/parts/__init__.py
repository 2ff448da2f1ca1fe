"""PARTS: what an organisation decides, described once so that one form, one check and one
comparison serve every list of `config/`."""

from complaints.domain.parts.fields import Field, FieldKind, Part
from complaints.domain.parts.items import Item, find_item, items_of, with_item, without_item
from complaints.domain.parts.listed import FILES, PARTS, part_called, parts_of

__all__ = [
    "FILES",
    "PARTS",
    "Field",
    "FieldKind",
    "Item",
    "Part",
    "find_item",
    "items_of",
    "part_called",
    "parts_of",
    "with_item",
    "without_item",
]

"""Every part of the rules that is edited by its description."""

from complaints.domain.parts import (
    of_commitments,
    of_organisation,
    of_priority,
    of_taxonomy,
    of_texts,
)
from complaints.domain.parts.fields import Part

PARTS: tuple[Part, ...] = (
    *of_organisation.PARTS,
    *of_taxonomy.PARTS,
    *of_priority.PARTS,
    *of_texts.PARTS,
    *of_commitments.PARTS,
)
#: The files they stand in, in the order of the page.
FILES = tuple(dict.fromkeys(part.file for part in PARTS))
_BY_CODE = {part.code: part for part in PARTS}


def part_called(code: str) -> Part | None:
    """The part with this code, None when there is none."""
    return _BY_CODE.get(code)


def parts_of(file: str) -> list[Part]:
    """The parts of one file, in the order of the page."""
    return [part for part in PARTS if part.file == file]

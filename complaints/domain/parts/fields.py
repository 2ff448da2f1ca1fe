"""How a part of the organisation's rules is described: its place in a file and its fields."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from complaints.domain.errors import N_


class FieldKind(StrEnum):
    """What is typed into a field, and how it stands in the file."""

    LINE = "line"
    TEXT = "text"
    #: A code of ours: letters, digits and underscores, given once and never changed.
    CODE = "code"
    NUMBER = "number"
    #: A share of the time to a deadline, above 0 and not above 1.
    SHARE = "share"
    FLAG = "flag"
    CHOICE = "choice"
    CHOICES = "choices"
    #: Several short texts, one a line.
    LINES = "lines"
    #: Small tables below one another, such as the steps of a procedure.
    ROWS = "rows"
    #: Numbered rows of cells, each chosen from the same options.
    GRID = "grid"


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One thing that can be decided: `name` in the file, `label` on the page.

    `lang` says of words that stand in both languages which one these are. `options` names the list
    that a choice is made of: a part's `makes`, or one of `options.FIXED`. `is_number` says of a
    choice that the file holds a number for it. `fields` are those of each of the ROWS.
    """

    name: str
    label: str
    kind: FieldKind = FieldKind.LINE
    lang: str = ""
    hint: str = ""
    required: bool = False
    options: str = ""
    is_number: bool = False
    least: int = 0
    most: int = 1_000_000
    fields: tuple["Field", ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A list of items, or one table, of a file of `config/`.

    `path` is where it stands: "" for the file's own fields, "team" for a list,
    "category_group.items" for the lists within the items of another one. `key` is the field by
    which an item is known; "" for lists whose items have no code, which are known by their place.
    `makes` is the name of the list of codes that it is, `parent` the choice of the outer item. To
    a part that `is_closed` nothing can be added. `fresh` stands in a new item beside what was
    typed.
    """

    code: str
    file: str
    path: str
    title: str
    about: str
    fields: tuple[Field, ...]
    item: str = ""
    is_list: bool = True
    key: str = "id"
    makes: str = ""
    parent: Field | None = None
    is_retirable: bool = False
    is_closed: bool = False
    is_optional: bool = False
    fresh: Mapping[str, object] = field(default_factory=dict)

    @property
    def steps(self) -> tuple[str, ...]:
        """The names that lead to it from the top of its file."""
        return tuple(self.path.split(".")) if self.path else ()


def both(name: str, label: str, **more: object) -> tuple[Field, Field]:
    """Words that stand in both languages, as `label_id` and `label_en`."""
    return (
        Field(name=f"{name}_id", label=label, lang="id", **more),  # type: ignore[arg-type]
        Field(name=f"{name}_en", label=label, lang="en", **more),  # type: ignore[arg-type]
    )


CODE = Field(
    name="id",
    label=N_("Code"),
    kind=FieldKind.CODE,
    required=True,
    hint=N_("Files, imports and the API use it. It cannot be changed later."),
)
NAME = both("label", N_("Name"), required=True)

"""What authorities ask to be told of a quarter, read from `regulator_forms.toml`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from complaints.domain.config_fields import Named, Table, by_id, named, tables, texts, typed

#: What the lines of a form can be divided by.
DIVISIONS = ("product", "group", "category", "channel", "team")
#: What is counted in a line. Those of `BALANCE` add up in every line.
COUNTED = (
    *("open_at_start", "received", "reopened", "closed", "withdrawn", "referred", "duplicate"),
    *("open_at_end", "overdue_at_end", "median_days"),
)
#: What comes in and what goes out: the sum of the first is that of the second.
BALANCE = (
    ("open_at_start", "received", "reopened"),
    ("closed", "withdrawn", "referred", "duplicate", "open_at_end"),
)


@dataclass(frozen=True, slots=True)
class Unknown:
    """Something the form asks for and no record holds."""

    label_id: str
    label_en: str

    def label(self, lang: str) -> str:
        """What it is called."""
        return self.label_en if lang == "en" else self.label_id


@dataclass(frozen=True, slots=True, kw_only=True)
class RegulatorForm(Named):
    """A form: for complaints under `policy`, due by `due_day` of the month after, 0 for no day.

    `bands` are working days up to which what was settled is counted apart, rising.
    """

    policy: str
    authority: str
    due_day: int
    source_id: str
    source_en: str
    divisions: tuple[str, ...]
    columns: tuple[str, ...]
    bands: tuple[int, ...]
    unknown: Sequence[Unknown]

    def source(self, lang: str) -> str:
        """How far its source was seen."""
        return self.source_en if lang == "en" else self.source_id


def read_forms(data: Table) -> Mapping[str, RegulatorForm]:
    """The forms by their code; ValueError says what is wrong."""
    return by_id("form", [_form(each) for each in tables("forms", data, "form")])


def _form(data: Table) -> RegulatorForm:
    words = named("form", data)
    where = f"form {words['id']}"
    divisions, columns = texts(where, data, "divisions"), texts(where, data, "columns")
    for name, given, known in (
        ("divisions", divisions, DIVISIONS),
        ("columns", columns, COUNTED),
    ):
        unknown = set(given) - set(known)
        if unknown or not given:
            raise ValueError(f"{where}: {name} must be some of {', '.join(known)}")
    missing = {name for side in BALANCE for name in side} - set(columns)
    if missing:
        raise ValueError(f"{where}: without {', '.join(sorted(missing))} it does not balance")
    bands = data.get("bands", [])
    is_list = isinstance(bands, list) and all(type(each) is int for each in bands)
    if not is_list or list(bands) != sorted(set(bands)):  # type: ignore[call-overload]
        raise ValueError(f"{where}: bands must be rising whole numbers")
    return RegulatorForm(
        **words,
        policy=typed(where, data, "policy", str),
        authority=typed(where, data, "authority", str),
        due_day=typed(where, data, "due_day", int),
        source_id=typed(where, data, "source_id", str),
        source_en=typed(where, data, "source_en", str),
        divisions=divisions,
        columns=columns,
        bands=tuple(bands),  # type: ignore[arg-type]
        unknown=[
            Unknown(
                typed(where, each, "label_id", str),
                typed(where, each, "label_en", str),
            )
            for each in tables(where, data, "unknown")
        ],
    )

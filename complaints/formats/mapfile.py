"""MAP.toml: how somebody else's CSV file becomes our fields, for the import and the replay.

`MapFile.load` checks the map, `open` opens a file in its encoding, `rows.map_rows` reads it. A
map that cannot be used raises UnusableFile with one line.
"""

import codecs
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from complaints.domain.worktime.calendar_form import find_misspelling
from complaints.domain.worktime.walltime import get_zone
from complaints.formats.inputs import UnusableFile, load_toml, open_text
from complaints.formats.time_formats import ISO, compile_formats

_SETTINGS = ("encoding", "delimiter", "timezone", "datetime", "blank", "columns", "values")
#: Settings that only the import looks at, and checks; a replay reads the same map without them.
_FOR_IMPORT = ("source", "defaults", "history", "gates", "notify", "group_by", "group")


@dataclass(frozen=True, slots=True)
class Source:
    """Where a field comes from: columns of the file, joined where several, or a constant."""

    columns: tuple[str, ...] = ()
    joint: str = " "
    nth: int = 1
    const: str | None = None


@dataclass(frozen=True, slots=True)
class MapFile:
    """A checked MAP.toml; `sources` holds a Source for each of our fields it names."""

    sources: Mapping[str, Source]
    formats: tuple[str, ...] = (ISO,)
    timezone: str | None = None
    encoding: str = "utf-8-sig"
    delimiter: str = ","
    blank: frozenset[str] = frozenset({""})
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    for_import: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def load(cls, path: str | Path) -> "MapFile":
        """Read and check a MAP.toml."""
        return cls.from_dict(load_toml(path), Path(path).name)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any], name: str = "map") -> "MapFile":
        """Check the table of a MAP.toml; `name` begins the line that says what is wrong."""
        try:
            return _checked(data)
        except ValueError as error:
            raise UnusableFile(f"{name}: {error}") from None

    def require(self, *names: str) -> None:
        """Raise UnusableFile when the map does not say where one of the fields comes from."""
        for name in names:
            if name not in self.sources:
                raise UnusableFile(f"map: columns.{name} is needed")

    def open(self, path: str | Path) -> IO[str]:
        """Open a CSV file, packed with gzip or not, in the map's encoding."""
        return open_text(path, self.encoding)


def is_instant(name: str) -> bool:
    """Whether a field of ours holds an instant; all others hold text."""
    return name.endswith("_at")


def _checked(data: Mapping[str, Any]) -> MapFile:
    if (misspelt := find_misspelling(data, _SETTINGS + _FOR_IMPORT)) is not None:
        raise ValueError(misspelt)
    columns = _table(data.get("columns"), "columns")
    if not columns:
        raise ValueError("columns: at least one field is needed")
    timezone = data.get("timezone")
    try:
        zone = get_zone(timezone) if timezone is not None else None
    except ValueError as error:
        raise ValueError(f"timezone: {error}") from None
    formats = _texts(data.get("datetime", [ISO]), "datetime")
    if any(is_instant(name) for name in columns):
        try:
            compile_formats(formats, zone)
        except ValueError as error:
            raise ValueError(f"datetime: {error}") from None
    encoding, delimiter = data.get("encoding", "utf-8-sig"), data.get("delimiter", ",")
    try:
        codecs.lookup(encoding)
    except (LookupError, TypeError):
        raise ValueError(f"encoding: {encoding!r} is not the name of an encoding") from None
    if not isinstance(delimiter, str) or len(delimiter) != 1 or delimiter in '"\r\n':
        raise ValueError(f"delimiter: {delimiter!r} is not one character")
    return MapFile(
        sources={name: _source(value, f"columns.{name}") for name, value in columns.items()},
        formats=tuple(formats),
        timezone=timezone,
        encoding=encoding,
        delimiter=delimiter,
        blank=frozenset(text.strip() for text in _texts(data.get("blank", [""]), "blank")),
        values={
            name: {
                str(theirs): str(ours) for theirs, ours in _table(table, f"values.{name}").items()
            }
            for name, table in _table(data.get("values", {}), "values").items()
        },
        for_import={key: data[key] for key in _FOR_IMPORT if key in data},
    )


def _source(value: object, where: str) -> Source:
    match value:
        case str():
            return Source(columns=(value,))
        case {"const": str() | int() | float() as const, **rest} if not rest:
            return Source(const=str(const))
        case {"join": list() as names, **rest} if names and not rest.keys() - {"with"}:
            joint = rest.get("with", " ")
            if all(isinstance(name, str) for name in names) and isinstance(joint, str):
                return Source(columns=tuple(names), joint=joint)
        case {"column": str() as name, "nth": int() as nth, **rest} if nth > 0 and not rest:
            # A name that stands in the header more than once, or a column without a name.
            return Source(columns=(name,), nth=nth)
    raise ValueError(
        f'{where}: {value!r} is neither a column\'s name, {{ join = ["A", "B"], with = " " }}, '
        '{ const = "text" } nor { column = "A", nth = 2 }'
    )


def _table(value: object, where: str) -> Mapping[str, Any]:
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise ValueError(f"{where}: {value!r} is not a table")
    return value


def _texts(value: object, where: str) -> list[str]:
    texts = [value] if isinstance(value, str) else value
    if not isinstance(texts, list) or not all(isinstance(each, str) for each in texts):
        raise ValueError(f"{where}: {value!r} is not a list of texts")
    return texts

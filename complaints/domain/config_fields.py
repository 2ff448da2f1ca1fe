"""Reading what `config/` says, field by field: typed, with one sentence for the first mistake."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType
from typing import TypeVar

Table = Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A code with its words in both languages."""

    id: str
    label_id: str
    label_en: str

    def label(self, lang: str) -> str:
        """The words in English for "en", in Indonesian for everything else."""
        return self.label_en if lang == "en" else self.label_id


N = TypeVar("N", bound=Named)
T = TypeVar("T")

_KINDS: Mapping[type[object], str] = {
    str: "a text",
    int: "a whole number",
    bool: "true or false",
}


def typed(where: str, data: Table, name: str, kind: type[T]) -> T:
    """A field that has to be there and of this kind; a text may not be empty."""
    value = data.get(name)
    is_number = kind is int and not isinstance(value, bool)
    if not isinstance(value, kind) or (kind is int and not is_number) or value == "":
        raise ValueError(f"{where}: {name} is missing or is not {_KINDS.get(kind, kind.__name__)}")
    return value


def flag(where: str, data: Table, name: str) -> bool:
    """True or false; false where nothing is said."""
    return typed(where, data, name, bool) if name in data else False


def codes(where: str, data: Table, name: str) -> tuple[str, ...]:
    """A list of codes; empty where nothing is said."""
    return texts(where, data, name, "codes")


def texts(where: str, data: Table, name: str, what: str = "texts") -> tuple[str, ...]:
    """A list of texts; empty where nothing is said."""
    value = data.get(name, [])
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise ValueError(f"{where}: {name} must be a list of {what}")
    return tuple(value)


def day(where: str, data: Table, name: str) -> date | None:
    """A day, written as text or as TOML writes dates; None where nothing is said."""
    value = data.get(name)
    if value in (None, ""):
        return None
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        raise ValueError(f"{where}, {name}: {value!r} is not a date such as 2026-04-08") from None


def table(where: str, data: Table, name: str) -> Table:
    """A table within a table; it has to be there."""
    value = data.get(name)
    if not isinstance(value, Mapping):
        raise ValueError(f"{where}: [{name}] is missing")
    return value


def tables(where: str, data: Table, name: str) -> Sequence[Table]:
    """A list of tables; empty where there are none."""
    value = data.get(name, [])
    if not isinstance(value, list) or not all(isinstance(each, Mapping) for each in value):
        raise ValueError(f"{where}: {name} must be a list of tables")
    return value


def both(where: str, data: Table, name: str) -> Mapping[str, str]:
    """Language → the words of a field that stands in both, as `text_id` and `text_en`."""
    return MappingProxyType(
        {lang: typed(where, data, f"{name}_{lang}", str) for lang in ("id", "en")}
    )


def named(what: str, data: Table) -> dict[str, str]:
    """The fields of a `Named`, to make one or something more of."""
    where = f"{what} {data.get('id', '?')}"
    return {name: typed(where, data, name, str) for name in ("id", "label_id", "label_en")}


class ByCode(dict[str, N]):
    """Items by code; one that the file no longer knows is shown as its code by `[]`.

    `in` and `get` say of it that it is not ours, so that nobody may choose it. `neutral` are the
    fields that say something by themselves, as they are for such a code.
    """

    def __init__(self, items: Mapping[str, N], **neutral: object) -> None:
        super().__init__(items)
        self._neutral = neutral

    def __missing__(self, code: str) -> N:
        words = {"id": code, "label_id": code, "label_en": code}
        return replace(next(iter(self.values())), **{**words, **self._neutral})  # type: ignore[arg-type]


def by_id(what: str, items: Iterable[N]) -> Mapping[str, N]:
    """The items by their codes in the order given; none may come twice."""
    found: dict[str, N] = {}
    for item in items:
        if item.id in found:
            raise ValueError(f"{what} {item.id}: the id is used twice")
        found[item.id] = item
    return MappingProxyType(found)


def require_one(what: str, mark: str, marked: Sequence[str]) -> None:
    """Exactly one item has to be marked so; ValueError names those that are."""
    if len(marked) != 1:
        found = ", ".join(marked) or "none"
        raise ValueError(f"taxonomy: exactly one {what} has to be marked {mark}; found {found}")


def refuse_unknown(
    where: str, what: str, codes: Iterable[str], known: Collection[str] | None
) -> None:
    """ValueError for the first code that is not among the known ones, where those are given."""
    for code in codes:
        if known is not None and code not in known:
            raise ValueError(f"{where}: there is no {what} {code}")


def refuse_fields(where: str, data: Table, known: Collection[str]) -> None:
    """ValueError for fields that nothing reads, such as a name with a slip in it."""
    if unknown := ", ".join(sorted(data.keys() - set(known))):
        raise ValueError(f"{where}: nothing here is called {unknown}")

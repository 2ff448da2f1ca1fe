"""Two people edited the same data: what each of them changed, put together.

Plain tables and lists only; whether the result makes sense is asked elsewhere.
"""

from collections.abc import Mapping, Sequence

_ABSENT = object()
_KEYS = ("id", "key", "address", "level", "of", "word", "form")


def merge_edits(base: object, file: object, page: object) -> object:
    """What `file` and `page` changed since `base`; where both changed the same, `page` stays.

    Tables are put together entry by entry, lists of tables with a code of their own item by item;
    any other list is one thing.
    """
    if page in (base, file):
        return file
    if file == base:
        return page
    if isinstance(base, Mapping) and isinstance(file, Mapping) and isinstance(page, Mapping):
        return _merge_tables(base, file, page)
    keyed = [_by_key(each) for each in (base, file, page)]
    if all(each is not None for each in keyed):
        before, ours, theirs = (each or {} for each in keyed)
        return list(_merge_tables(before, ours, theirs).values())
    return page


def changed_parts(before: object, after: object, name: str = "") -> list[str]:
    """What differs, each part by its names from the outside in, such as ``clock › plan › unit``."""
    if before == after:
        return []
    tables = (before, after)
    if not all(isinstance(each, Mapping) for each in tables):
        tables = (_by_key(before), _by_key(after))
    one, other = tables
    if not isinstance(one, Mapping) or not isinstance(other, Mapping):
        return [name]
    found: list[str] = []
    for key in _in_order(list(one), list(other)):
        inside = f"{name} › {key}" if name else str(key)
        found += changed_parts(one.get(key, _ABSENT), other.get(key, _ABSENT), inside)
    return found


def _merge_tables(
    base: Mapping[str, object], file: Mapping[str, object], page: Mapping[str, object]
) -> dict[str, object]:
    merged = {}
    for key in _in_order(list(file), list(page)):
        given = (each.get(key, _ABSENT) for each in (base, file, page))
        value = merge_edits(*given)
        if value is not _ABSENT:
            merged[key] = value
    return merged


def _in_order(file: Sequence[str], page: Sequence[str]) -> list[str]:
    """The file's order; what only the page has stands before what it stands before there."""
    known, order, waiting = set(file), list(file), list[str]()
    for key in page:
        if key not in known:
            waiting.append(key)
        elif waiting:
            place = order.index(key)
            order[place:place], waiting = waiting, []
    return order + waiting


def _by_key(value: object) -> dict[str, object] | None:
    """A list of tables as one table by their codes; None for any other list."""
    if not isinstance(value, Sequence) or isinstance(value, str):
        return None
    found: dict[str, object] = {}
    for each in value:
        if not isinstance(each, Mapping):
            return None
        key = next((str(each[name]) for name in _KEYS if name in each), None)
        if key is None or key in found:
            return None
        found[key] = each
    return found

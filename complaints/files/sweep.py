"""Bytes that belong to nobody are taken away, a day late and in two steps.

A file is kept before the row that speaks of it is committed, and that may never come. What no row
speaks of a day later is laid aside; what is still nobody's another day later is deleted. Whoever
kept the same bytes in between finds them all the same, and the next round puts them back.
"""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog

from complaints.files.store import LEAVING, OBJECTS, PREVIEWS, Store
from complaints.files.usage import FOLDERS, read_usage, write_usage

log = structlog.get_logger()

#: So long bytes may lie without a row, and so long once more when they were laid aside.
UNSPOKEN_SECONDS = 24 * 3600
#: So many of the store's folders are walked in one round; all of them within an hour and a half.
FOLDERS_A_ROUND = 32
#: Asked about at once.
_AT_ONCE = 500

#: Of these hashes, those that some row speaks of.
SpokenOf = Callable[[Collection[str]], set[str]]


@dataclass(slots=True)
class Swept:
    """What a round has done: files laid aside, put back and deleted; bytes that are stored."""

    laid_aside: int = 0
    put_back: int = 0
    deleted: int = 0
    bytes: int = 0


def sweep_store(store: Store, is_spoken_of: SpokenOf, at: datetime) -> Swept:
    """Walk some folders of the store, and all that is laid aside."""
    done = Swept()
    _end_leaving(store, is_spoken_of, at, done)
    usage = read_usage(store)
    first = usage.next % FOLDERS
    for number in range(first, min(first + FOLDERS_A_ROUND, FOLDERS)):
        usage.sizes[number] = _walk(store, f"{number:02x}", is_spoken_of, at, done)
    usage.next = (first + FOLDERS_A_ROUND) % FOLDERS
    write_usage(store, usage)
    done.bytes = usage.bytes
    if done.deleted or done.put_back:
        log.info("files swept", deleted=done.deleted, put_back=done.put_back)
    return done


def _walk(store: Store, name: str, is_spoken_of: SpokenOf, at: datetime, done: Swept) -> int:
    """Lay aside what is nobody's in one folder; the bytes that lie in it."""
    size, old = 0, []
    for each in _listed(store, f"{store.root}/{OBJECTS}/{name}"):
        size += int(each["size"] or 0)
        if at.timestamp() - _written(each) > UNSPOKEN_SECONDS:
            old.append(each)
    for some in _parts(old):
        spoken = is_spoken_of({_name(each) for each in some})
        for each in some:
            if _name(each) in spoken:
                continue
            if _name(each).endswith(".part"):
                # Half a file, of a process that died while it wrote.
                store.fs.rm_file(each["name"])
                continue
            store.fs.makedirs(f"{store.root}/{LEAVING}", exist_ok=True)
            target = f"{store.root}/{LEAVING}/{_name(each)}.{int(at.timestamp())}"
            store.fs.mv(each["name"], target)
            done.laid_aside += 1
    return size


def _end_leaving(store: Store, is_spoken_of: SpokenOf, at: datetime, done: Swept) -> None:
    for some in _parts(_listed(store, f"{store.root}/{LEAVING}")):
        named = {each["name"]: _name(each).partition(".") for each in some}
        spoken = is_spoken_of({sha for sha, _, _ in named.values()})
        for path, (sha, _, since) in named.items():
            if sha in spoken:
                _put_back(store, path, sha)
                done.put_back += 1
            elif at.timestamp() - int(since) > UNSPOKEN_SECONDS:
                store.fs.rm_file(path)
                preview = store.path(PREVIEWS, sha)
                if store.fs.exists(preview):
                    store.fs.rm_file(preview)
                done.deleted += 1


def _put_back(store: Store, path: str, sha: str) -> None:
    target = store.path(OBJECTS, sha)
    if store.fs.exists(target):
        store.fs.rm_file(path)
        return
    store.fs.makedirs(target.rpartition("/")[0], exist_ok=True)
    store.fs.mv(path, target)


def _listed(store: Store, folder: str) -> list[dict[str, Any]]:
    try:
        found = store.fs.ls(folder, detail=True)
    except FileNotFoundError:
        return []
    return [each for each in found if each["type"] == "file"]


def _name(listed: dict[str, Any]) -> str:
    return str(listed["name"]).rpartition("/")[2]


def _written(listed: dict[str, Any]) -> float:
    """When a file was written, as each store says it; one that says nothing was just now."""
    for key in ("mtime", "LastModified", "last_modified", "updated", "created"):
        told = listed.get(key)
        if isinstance(told, datetime):
            return told.timestamp()
        if isinstance(told, int | float):
            return float(told)
    return float("inf")


def _parts(listed: list[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    for start in range(0, len(listed), _AT_ONCE):
        yield listed[start : start + _AT_ONCE]

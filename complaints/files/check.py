"""Whether the store still holds what the rows speak of, byte for byte."""

import hashlib
from collections.abc import Iterable, Iterator

from complaints.files.store import OBJECTS, Gone, Store

_CHUNK = 1024 * 1024


def hash_stored(store: Store, sha256: str) -> str | None:
    """The hash of the bytes that lie under this one; None where none do."""
    mark = hashlib.sha256()
    try:
        with store.open(OBJECTS, sha256) as file:
            while piece := file.read(_CHUNK):
                mark.update(piece)
    except Gone:
        return None
    return mark.hexdigest()


def wrong_files(store: Store, hashes: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Hash and fault of each file that is missing or has other bytes; reads every one of them."""
    for sha256 in hashes:
        found = hash_stored(store, sha256)
        if found is None:
            yield sha256, "the stored file is missing"
        elif found != sha256:
            yield sha256, "the stored file has other bytes"

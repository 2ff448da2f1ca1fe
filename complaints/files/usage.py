"""How full the store is: what the sweep found last, and what this process has added since."""

import json
import time
from dataclasses import dataclass, field
from typing import Any

from complaints.files.store import Store

NAME = "usage.json"
#: A store has so many folders, by the first two digits of a hash.
FOLDERS = 256
#: What was found is read again after so many seconds.
READ_SECONDS = 60


@dataclass(slots=True)
class Usage:
    """Bytes in each folder as found last, and which folder is looked at next."""

    next: int = 0
    sizes: list[int] = field(default_factory=lambda: [0] * FOLDERS)

    @property
    def bytes(self) -> int:
        """Of all folders."""
        return sum(self.sizes)


class _Seen:
    url = ""
    read_at = float("-inf")
    found = 0
    added = 0


def read_usage(store: Store) -> Usage:
    """What the sweep found; an empty store where it has found nothing yet."""
    try:
        with store.fs.open(f"{store.root}/{NAME}", "rb") as file:
            told: dict[str, Any] = json.loads(file.read())
        usage = Usage(int(told["next"]), [int(each) for each in told["sizes"]])
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return Usage()
    return usage if len(usage.sizes) == FOLDERS else Usage()


def write_usage(store: Store, usage: Usage) -> None:
    """Keep what the sweep found."""
    store.fs.makedirs(store.root, exist_ok=True)
    text = json.dumps({"next": usage.next, "sizes": usage.sizes})
    store.fs.pipe_file(f"{store.root}/{NAME}", text.encode())


def is_full(store: Store, more: int, quota: int) -> bool:
    """Whether so many bytes more are beyond the quota, 0 for none; a minute late at the most
    for what this process keeps, and a round of the sweep for what others do."""
    if not quota:
        return False
    now = time.monotonic()
    if _Seen.url != store.root or now - _Seen.read_at > READ_SECONDS:
        found = read_usage(store).bytes
        if _Seen.url != store.root or found != _Seen.found:
            _Seen.added = 0
        _Seen.url, _Seen.read_at, _Seen.found = store.root, now, found
    return _Seen.found + _Seen.added + more > quota


def note_kept(size: int) -> None:
    """So many bytes were added."""
    _Seen.added += size

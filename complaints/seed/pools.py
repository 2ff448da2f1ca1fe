"""Fair pools: what is drawn comes in its share, and nothing is forgotten."""

from collections.abc import Mapping
from random import Random
from typing import Generic, TypeVar

T = TypeVar("T")


class Pool(Generic[T]):
    """Entries in a shuffled order; when they are used up they are shuffled anew."""

    def __init__(self, entries: list[T], rng: Random) -> None:
        self._entries = entries
        self._rng = rng
        self._next = 0
        rng.shuffle(entries)

    def draw(self) -> T:
        """The next entry."""
        if self._next == len(self._entries):
            self._rng.shuffle(self._entries)
            self._next = 0
        entry = self._entries[self._next]
        self._next += 1
        return entry


def fair_pool(weights: Mapping[T, float], size: int, rng: Random) -> Pool[T]:
    """A pool of about `size` entries in these proportions, at least one of each."""
    total = sum(weights.values())
    entries: list[T] = []
    for entry, weight in weights.items():
        entries += [entry] * max(1, round(size * weight / total))
    return Pool(entries, rng)

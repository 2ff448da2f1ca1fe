"""How many requests came, how they ended and how long they took, counted by route.

The counts of all web processes lie in memory that they share, so that any of them can tell the
whole. A process that is started again goes on with the counts of the one before it.
"""

import mmap
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from threading import Lock

#: Upper bounds of the buckets in seconds; beyond the last one there is one more.
BOUNDS = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
#: By the first digit of the status: 1xx is never answered by a page.
STATUSES = ("2xx", "3xx", "4xx", "5xx")
_BUCKETS = len(BOUNDS) + 1
_CELLS = len(STATUSES) + _BUCKETS + 1
_BYTES = 8

#: Method and pattern of the address; ("", "") is everything that has no route.
Route = tuple[str, str]
NO_ROUTE: Route = ("", "")


@dataclass(frozen=True, slots=True)
class RouteTotals:
    """What came to one route: by status, by bucket (not added up), and the seconds in all."""

    by_status: Mapping[str, int]
    buckets: Sequence[int]
    seconds: float


class RequestCounts:
    """The counts of one installation's web processes on this machine."""

    def __init__(self, routes: Iterable[Route]) -> None:
        self._places = {route: nth for nth, route in enumerate([NO_ROUTE, *sorted(set(routes))])}
        self._lock = Lock()
        self._slot = 0
        self.spread(1)

    def spread(self, processes: int) -> None:
        """Make room for so many processes; before they are forked."""
        self._slot_size = len(self._places) * _CELLS
        self._cells = memoryview(mmap.mmap(-1, processes * self._slot_size * _BYTES)).cast("d")

    def take_slot(self, number: int) -> None:
        """Count from now on in a process's own place, from 0 on."""
        self._slot, self._lock = number, Lock()

    def add(self, route: Route, status: int, seconds: float) -> None:
        """Count one answer."""
        nth = self._places.get(route, 0)
        first = self._slot * self._slot_size + nth * _CELLS
        by_status = min(max(status // 100 - 2, 0), len(STATUSES) - 1)
        bucket = next((n for n, bound in enumerate(BOUNDS) if seconds <= bound), len(BOUNDS))
        with self._lock:
            self._cells[first + by_status] += 1
            self._cells[first + len(STATUSES) + bucket] += 1
            self._cells[first + _CELLS - 1] += seconds

    def totals(self) -> dict[Route, RouteTotals]:
        """What came to each route that was asked for, over all processes."""
        starts = range(0, len(self._cells), self._slot_size)
        slots = [self._cells[start : start + self._slot_size].tolist() for start in starts]
        found = {}
        for route, nth in self._places.items():
            parts = [slot[nth * _CELLS : (nth + 1) * _CELLS] for slot in slots]
            # Most routes were never asked for.
            if any(map(any, parts)):
                *counted, seconds = map(sum, zip(*parts, strict=True))
                counts = [int(each) for each in counted]
                by_status = dict(zip(STATUSES, counts, strict=False))
                found[route] = RouteTotals(by_status, counts[len(STATUSES) :], seconds)
        return found

"""How many calls a key of the API may make in a minute, counted by all web processes of a machine.

In memory that they share, without a lock and without the database: a call costs eight microseconds
more, no query and no commit. Two processes that count at the same instant may lose a call; that a
limit of hundreds lets one more pass is no harm.
"""

import mmap
import time
from dataclasses import dataclass

#: What is counted together; the windows of all keys begin and end alike.
WINDOW_SECONDS = 60
#: Keys that are counted at once; a key finds its place within some steps, or is not counted.
PLACES = 4096
_STEPS = 16
_CELLS = 3


@dataclass(frozen=True, slots=True)
class Allowed:
    """Whether a call was within the limit, how many are left, and in how many seconds the counting
    begins again.
    """

    is_allowed: bool
    limit: int
    remaining: int
    seconds: int

    @property
    def headers(self) -> dict[str, str]:
        """The fields of the IETF's draft on rate limits (10): the rule, and how it stands."""
        return {
            "RateLimit-Policy": f'"key";q={self.limit};w={WINDOW_SECONDS}',
            "RateLimit": f'"key";r={self.remaining};t={self.seconds}',
        }


class CallLimits:
    """The calls of each key within the present minute; made before web processes are forked."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self._cells = memoryview(mmap.mmap(-1, PLACES * _CELLS * 8)).cast("q")

    def take(self, key_id: int, now: float | None = None) -> Allowed | None:
        """Count a call of a key; None where there is no limit.

        `now` are seconds of the monotonic clock, which is the same for all processes of a machine.
        """
        if not self.limit:
            return None
        now = time.monotonic() if now is None else now
        window = int(now // WINDOW_SECONDS) + 1
        seconds = WINDOW_SECONDS - int(now % WINDOW_SECONDS)
        place = self._place(key_id, window)
        if place is None:
            return Allowed(True, self.limit, self.limit - 1, seconds)
        cells = self._cells
        used = cells[place + 2] + 1
        if used > self.limit:
            return Allowed(False, self.limit, 0, seconds)
        cells[place + 2] = used
        return Allowed(True, self.limit, self.limit - used, seconds)

    def _place(self, key_id: int, window: int) -> int | None:
        """Where the key is counted in this window; its own place first, so that it finds it again.

        A place of an earlier window is free.
        """
        cells, free = self._cells, None
        for step in range(_STEPS):
            place = (key_id + step) % PLACES * _CELLS
            if cells[place + 1] != window:
                free = place if free is None else free
            elif cells[place] == key_id:
                return place
        if free is not None:
            cells[free], cells[free + 1], cells[free + 2] = key_id, window, 0
        return free

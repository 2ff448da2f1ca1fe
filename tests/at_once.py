"""Several workers at the same work at once, as threads."""

from __future__ import annotations

import threading
from collections.abc import Callable


def at_once(count: int, work: Callable[[], object]) -> None:
    """Let so many threads do the work, beginning together; none of them may fail."""
    mishaps: list[BaseException] = []
    ready = threading.Barrier(count)

    def begin() -> None:
        ready.wait()
        try:
            work()
        except BaseException as error:
            mishaps.append(error)

    workers = [threading.Thread(target=begin) for _ in range(count)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert mishaps == []

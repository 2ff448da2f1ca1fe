"""Checking complaints in several processes, some hundred of them after the other.

Each process reads within a snapshot of its own, taken when it begins: what is known of a complaint
stands in one of them, and what the file of daily seals says was read before any.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import datetime
from multiprocessing import get_context

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from complaints.db import begin_snapshot, make_engine
from complaints.domain.history import DayHead
from complaints.queries.complaint.seals.history import Part, verify_range
from complaints.signing import HistoryKey, known_history_keys, use_known_history_keys

#: With fewer complaints a process takes longer to begin than they take in all.
LEAST = 5_000
#: Complaints that a process checks at a time.
_AT_ONCE = 1_000


def spread_over(
    engine: Engine, processes: int, at: datetime
) -> Callable[[int, Mapping[int, DayHead]], Iterator[Part]] | None:
    """What checks the complaints up to an id in so many processes; None for one process."""
    if processes < 2:
        return None
    url = engine.url.render_as_string(hide_password=False)

    def check(highest: int, sealed: Mapping[int, DayHead]) -> Iterator[Part]:
        tasks = [
            (low, high, {key: head for key, head in sealed.items() if low <= key <= high}, at)
            for low in range(1, highest + 1, _AT_ONCE)
            for high in [low + _AT_ONCE - 1]
        ]
        with ProcessPoolExecutor(
            min(processes, len(tasks)),
            # Not forked: a connection must not be shared.
            mp_context=get_context("spawn"),
            initializer=_begin,
            initargs=(url, known_history_keys()),
        ) as pool:
            yield from pool.map(_check, tasks)

    return check


class _Process:
    """What a process keeps from one range to the next."""

    session: Session


def _begin(url: str, keys: Sequence[HistoryKey]) -> None:
    use_known_history_keys(keys)
    _Process.session = Session(make_engine(url))
    begin_snapshot(_Process.session)


def _check(task: tuple[int, int, Mapping[int, DayHead], datetime]) -> Part:
    low, high, sealed, at = task
    return verify_range(_Process.session, low, high, sealed, at)

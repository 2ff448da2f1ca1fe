"""Whose turn it is to write to an SQLite file: one after the other, in the order they came.

SQLite by itself lets whoever waits look again after growing pauses: the newest wins, the oldest
waits for seconds. A turn is a courtesy: who gets none in time asks the database all the same.
"""

import fcntl
import os
import sqlite3
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress

#: The first of a line looks so often whether another process has ended its turn.
LOOK_SECONDS = 0.001
#: Which byte of the file is locked for what.
_NEXT, _TURN = 0, 1


class QueuedConnection(sqlite3.Connection):
    """A connection that gives its turn back when its transaction ends."""

    turn: "Line | None" = None

    def take_turn(self, path: str, seconds: float) -> None:
        """Wait for the turn to write to this file, at the most so long."""
        line = _line_of(path)
        if self.turn is None and line.enter(time.monotonic() + seconds):
            self.turn = line

    @contextmanager
    def less_patient(self, seconds: float, usual: float) -> Iterator[None]:
        """Wait for a lock for so long only, and the usual time again behind that."""
        self.execute(f"PRAGMA busy_timeout = {int(1000 * seconds)}")
        try:
            yield
        finally:
            self.execute(f"PRAGMA busy_timeout = {int(1000 * usual)}")

    def leave_turn(self) -> None:
        """Let the next one write."""
        line, self.turn = self.turn, None
        if line is not None:
            line.leave()

    def commit(self) -> None:
        """Commit; what could not be committed keeps its turn until it is rolled back."""
        super().commit()
        self.leave_turn()

    def rollback(self) -> None:
        """Roll back."""
        try:
            super().rollback()
        finally:
            self.leave_turn()

    def close(self) -> None:
        """Close, whatever is under way."""
        try:
            super().close()
        finally:
            self.leave_turn()


class Line:
    """The threads of this process that want to write to one file.

    The first of each process's line asks for two locks on a file beside the database: "next", then
    "turn". Whoever has just written cannot be next while somebody else is. The system lets go of
    what a process held when it ends, however it ended.
    """

    def __init__(self, path: str) -> None:
        self._path = f"{os.path.realpath(path)}-turn"
        #: The open file while one of us is first; None where none can be kept there.
        self._file: int | None = None
        self._mutex = threading.Lock()
        self._waiting: deque[threading.Lock] = deque()
        self._is_taken = False

    def enter(self, until: float) -> bool:
        """Wait for the turn until this moment of the monotonic clock; whether it came."""
        if not self._become_first(until):
            return False
        with suppress(OSError):
            self._file = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        if self._lock(_NEXT, until) and self._lock(_TURN, until):
            self._unlock(_NEXT)
            return True
        self.leave()
        return False

    def leave(self) -> None:
        """End the turn, or the wait for it, and let the next of us be first."""
        file, self._file = self._file, None
        if file is not None:
            # What was locked is so no longer.
            os.close(file)
        with self._mutex:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._is_taken = False

    def _become_first(self, until: float) -> bool:
        mine = threading.Lock()
        with self._mutex:
            if not self._is_taken:
                self._is_taken = True
                return True
            mine.acquire()
            self._waiting.append(mine)
        if mine.acquire(timeout=max(0.0, until - time.monotonic())):
            return True
        with self._mutex:
            # Else it came at the last moment.
            is_still_waiting = mine in self._waiting
            if is_still_waiting:
                self._waiting.remove(mine)
        return not is_still_waiting

    def _lock(self, which: int, until: float) -> bool:
        """Keep other processes from this byte; False when they do not let go of it in time.

        Without a file, or where files have no locks, only the threads of a process take turns.
        """
        while self._file is not None:
            try:
                fcntl.lockf(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, which)
            except (BlockingIOError, PermissionError):
                if time.monotonic() >= until:
                    return False
                time.sleep(LOOK_SECONDS)
            except OSError:
                break
            else:
                break
        return True

    def _unlock(self, which: int) -> None:
        if self._file is not None:
            with suppress(OSError):
                fcntl.lockf(self._file, fcntl.LOCK_UN, 1, which)


_lines: dict[str, Line] = {}


def _line_of(path: str) -> Line:
    """The line before a database file, by whichever path; all threads get the same one."""
    known = _lines.get(path)
    if known is None:
        own = os.path.realpath(path)
        known = _lines[path] = _lines.setdefault(own, Line(own))
    return known


# A process that was forked has no turn, and lines of its own.
os.register_at_fork(after_in_child=_lines.clear)

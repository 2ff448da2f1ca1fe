"""The supervisor: starts the programme's parts, restarts what dies, and ends them all together.

It outlives none of them and none outlives it. Every part holds the reading end of a pipe whose
writing end is the supervisor's alone: when that closes, however it ended, the part stops.
"""

import contextlib
import os
import select
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import structlog

from complaints.logs import place_of

log = structlog.get_logger()

#: How long a part may take to stop before it is ended.
PATIENCE_SECONDS = 12.0
#: A part that dies is started again after this long, twice as long each time, up to the last.
FIRST_PAUSE_SECONDS = 0.5
LONGEST_PAUSE_SECONDS = 30.0
#: One that lived so long starts again without the pauses of before.
HEALTHY_SECONDS = 60.0

#: Does the work of a part until the event is set.
Work = Callable[[threading.Event], None]
_ASKS_TO_STOP = (signal.SIGTERM, signal.SIGINT)
_HEARD = (*_ASKS_TO_STOP, signal.SIGCHLD)


@dataclass(slots=True)
class Part:
    """One process: what it does, and how it has fared."""

    name: str
    work: Work
    pid: int = 0
    began: float = 0.0
    deaths: int = 0
    #: When it may be started (again).
    due: float = 0.0


def supervise(parts: Sequence[Part]) -> None:
    """Keep all parts running until SIGTERM or SIGINT; a second one ends them at once."""
    lifeline = os.pipe()
    with _heard_signals(*_HEARD) as ear:
        times_asked = 0
        until = float("inf")
        try:
            while True:
                times_asked += _asked(ear)
                now = time.monotonic()
                _bury(parts, now, is_news=not times_asked)
                alive = [part for part in parts if part.pid]
                if times_asked and not alive:
                    return
                if times_asked and until == float("inf"):
                    until = now + PATIENCE_SECONDS
                    _tell(alive, signal.SIGTERM)
                if times_asked > 1 or now > until:
                    _tell(alive, signal.SIGKILL)
                if not times_asked:
                    for part in parts:
                        if not part.pid and now >= part.due:
                            _start(part, lifeline)
                select.select([ear], [], [], _pause(parts, times_asked, until))
        finally:
            _tell([part for part in parts if part.pid], signal.SIGKILL)
            for end in lifeline:
                os.close(end)


def stopping_on_signals(work: Work) -> None:
    """Do the work of a lone process until SIGTERM or SIGINT."""
    stop = threading.Event()
    with _heard_signals(*_ASKS_TO_STOP) as ear:
        _stop_when([ear], stop)
        work(stop)


def _start(part: Part, lifeline: tuple[int, int]) -> None:
    """Fork a part; signals wait until the child has ears of its own."""
    sys.stdout.flush()
    sys.stderr.flush()
    part.began = time.monotonic()
    signal.pthread_sigmask(signal.SIG_BLOCK, _HEARD)
    try:
        part.pid = os.fork()
        if part.pid:
            return
        status = 1
        try:
            os.close(lifeline[1])
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            stop = threading.Event()
            with _heard_signals(*_ASKS_TO_STOP) as own_ear:
                # Ctrl-C reaches all processes of a terminal; only the supervisor decides.
                signal.signal(signal.SIGINT, signal.SIG_IGN)
                _stop_when([own_ear, lifeline[0]], stop)
                signal.pthread_sigmask(signal.SIG_UNBLOCK, _HEARD)
                part.work(stop)
            status = 0
        except BaseException as error:
            log.error("part failed", part=part.name, where=place_of(error))
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(status)
    except OSError as error:
        part.deaths += 1
        part.due = part.began + _pause_after(part.deaths)
        log.error("part not started", part=part.name, error=error.strerror)
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _HEARD)


def _stop_when(ears: Sequence[int], stop: threading.Event) -> None:
    """Set the event from a thread when a pipe speaks or closes; unheard, end the process.

    A signal handler that set it could meet the main thread inside the event's own lock.
    """

    def watch() -> None:
        select.select(ears, [], [])
        stop.set()
        time.sleep(PATIENCE_SECONDS)
        os._exit(1)

    threading.Thread(target=watch, name="stop", daemon=True).start()


def _bury(parts: Sequence[Part], now: float, is_news: bool) -> None:
    """Take leave of what has ended, and say when it starts again."""
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if pid == 0:
            return
        for part in parts:
            if part.pid == pid:
                lived = now - part.began
                part.pid = 0
                part.deaths = 1 if lived > HEALTHY_SECONDS else part.deaths + 1
                part.due = now + _pause_after(part.deaths)
                code = os.waitstatus_to_exitcode(status)
                if is_news:
                    again = round(part.due - now, 1)
                    log.warning("part ended", part=part.name, pid=pid, status=code, again_in=again)


def _pause_after(deaths: int) -> float:
    return float(min(FIRST_PAUSE_SECONDS * 2 ** min(deaths - 1, 16), LONGEST_PAUSE_SECONDS))


def _pause(parts: Sequence[Part], times_asked: int, until: float) -> float | None:
    """How long there is nothing to do but listen."""
    now = time.monotonic()
    if times_asked:
        return max(0.05, until - now)
    due = [part.due for part in parts if not part.pid]
    return max(0.0, min(due) - now) if due else None


def _tell(parts: Sequence[Part], what: signal.Signals) -> None:
    for part in parts:
        with contextlib.suppress(ProcessLookupError):
            os.kill(part.pid, what)


def _asked(ear: int) -> int:
    """How many of the signals heard since the last time ask us to stop."""
    try:
        heard = os.read(ear, 512)
    except BlockingIOError:
        return 0
    return sum(heard.count(int(each)) for each in _ASKS_TO_STOP)


@contextlib.contextmanager
def _heard_signals(*signals: signal.Signals) -> Iterator[int]:
    """A pipe that speaks the number of each signal, so that none is lost meanwhile."""
    reading, writing = os.pipe()
    os.set_blocking(reading, False)
    os.set_blocking(writing, False)
    before = [signal.signal(each, _hear) for each in signals]
    kept = signal.set_wakeup_fd(writing, warn_on_full_buffer=False)
    try:
        yield reading
    finally:
        signal.set_wakeup_fd(kept)
        for each, handler in zip(signals, before, strict=True):
            signal.signal(each, handler)
        os.close(reading)
        os.close(writing)


def _hear(*_: object) -> None:
    """Python writes the number into the pipe; there is nothing else to do."""

"""CPU per request of a server and its database, read from the kernel's own accounts."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

TICKS = os.sysconf("SC_CLK_TCK")
ROOT = Path(__file__).resolve().parents[2]
#: So many times our act and the bare one change places.
ROUNDS = 7
WARM_UP = 30
TURN_SECONDS = 0.3
MOST_A_TURN = 60
#: So long a connection on which nothing was asked is used again.
KEPT_SECONDS = 20

Act = Callable[[int], None]
#: Milliseconds of web and of database.
Figures = tuple[float, float]
#: The processes of the database as they are now; none where it lives in the web's own.
DatabaseProcesses = Callable[[], set[int]]


def cpu_seconds(pids: set[int]) -> float:
    """User and system time of these processes, and of those of their children that have ended.

    The scheduler counts nanoseconds; the older account, in hundredths of a second, is asked only
    for what it alone knows.
    """
    total = 0.0
    for pid in pids:
        try:
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            spent = [
                int((thread / "schedstat").read_text().split()[0])
                for thread in Path(f"/proc/{pid}/task").iterdir()
            ]
        except (FileNotFoundError, ProcessLookupError):
            continue
        total += sum(spent) / 1e9 + sum(int(field) for field in fields[13:15]) / TICKS
    return total


def family(pid: int) -> set[int]:
    """A process with all its descendants, as they are now."""
    parents: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except (FileNotFoundError, ProcessLookupError):
                continue
            parents.setdefault(int(fields[1]), []).append(int(entry.name))
    found, waiting = {pid}, [pid]
    while waiting:
        for child in parents.get(waiting.pop(), []):
            found.add(child)
            waiting.append(child)
    return found


@contextmanager
def serving(target: str, environment: Mapping[str, str]) -> Iterator[tuple[int, int]]:
    """Serve a Flask factory with our own server on a free port; gives (port, pid)."""
    module, _, factory = target.partition(":")
    port = free_port()
    code = (
        f"from {module} import {factory}\n"
        "from complaints.commands.supervise import stopping_on_signals\n"
        "from complaints.commands.webserver import WebServer, open_listener\n"
        "from complaints.logs import start_logs\n"
        "start_logs('info')\n"
        f"server = WebServer({factory}(), open_listener('127.0.0.1', {port}))\n"
        "stopping_on_signals(server.serve_until)"
    )
    with listening(["-c", code], port, {"PYTHONPATH": str(ROOT), **environment}) as pid:
        yield port, pid


def free_port() -> int:
    """A port on which nobody listens just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def listening(
    arguments: Sequence[str], port: int, environment: Mapping[str, str], *, is_heard: bool = False
) -> Iterator[int]:
    """Start this Python with the arguments and wait until it listens; gives its process id.

    What it logs is written as always, and only kept where it is to be heard.
    """
    into = None if is_heard else subprocess.DEVNULL
    process = subprocess.Popen(
        [sys.executable, *arguments],
        cwd=ROOT,
        env={**os.environ, **environment},
        stdout=into,
        stderr=into,
    )
    try:
        until = time.monotonic() + 60
        while time.monotonic() < until:
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                time.sleep(0.1)
        yield process.pid
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(20)


class Visitor:
    """One client on one kept-alive connection, with cookies."""

    def __init__(self, port: int) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.cookies: dict[str, str] = {}
        self.headers: dict[str, str] = {}
        self.asked_at = time.monotonic()

    def ask(self, method: str, path: str, body: str = "", form: str = "") -> tuple[int, str]:
        """Send one request and read the whole answer."""
        headers = dict(self.headers)
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{k}={v}" for k, v in self.cookies.items())
        if method == "POST":
            headers.setdefault("Content-Type", form or "application/x-www-form-urlencoded")
        if time.monotonic() - self.asked_at > KEPT_SECONDS:
            # It would be closed from the other side.
            self.connection.close()
        self.asked_at = time.monotonic()
        self.connection.request(method, path, body.encode() or None, headers)
        answer = self.connection.getresponse()
        text = answer.read().decode()
        for cookie in answer.headers.get_all("Set-Cookie") or []:
            name, _, value = cookie.split(";")[0].partition("=")
            self.cookies[name] = value
        return answer.status, text


@dataclass(frozen=True, slots=True)
class Measured:
    """Our act beside the bare one: each turn's milliseconds a request, of web and of database."""

    ours: Sequence[Figures]
    bare: Sequence[Figures]

    @property
    def ratios(self) -> list[float]:
        """How many times the bare act's CPU ours took, turn by turn, the least first."""
        pairs = zip(self.ours, self.bare, strict=True)
        return sorted(sum(ours) / sum(bare) for ours, bare in pairs)

    @property
    def ratio(self) -> float:
        """The middle one of the turns' ratios."""
        return median(self.ratios)


def middle(turns: Sequence[Figures]) -> Figures:
    """The middle of web and of database, each by itself."""
    return median(web for web, _ in turns), median(database for _, database in turns)


def cpu_in_turns(
    ours: tuple[Act, int], bare: tuple[Act, int], database_pids: DatabaseProcesses
) -> Measured:
    """CPU of our act and of the bare one, each with the process that serves it, in turns.

    A turn of either takes about so long as `TURN_SECONDS`: what is dear is asked for less often.
    """
    sides = (ours, bare)
    counts = [_how_often(act) for act, _ in sides]
    turns: list[list[Figures]] = [[], []]
    number = 0
    for _ in range(ROUNDS):
        for (act, pid), count, found in zip(sides, counts, turns, strict=True):
            web, database = family(pid), database_pids()
            before = cpu_seconds(web), cpu_seconds(database)
            for _ in range(count):
                number += 1
                act(number)
            web_spent = cpu_seconds(web) - before[0]
            database_spent = cpu_seconds(database_pids() | database) - before[1]
            found.append((web_spent * 1000 / count, database_spent * 1000 / count))
    return Measured(*turns)


def _how_often(act: Act) -> int:
    """How often an act is done in a turn; the warm-up that tells."""
    began = time.perf_counter()
    done = 0
    while done < WARM_UP and (done < 3 or time.perf_counter() - began < TURN_SECONDS):
        act(-1 - done)
        done += 1
    each = (time.perf_counter() - began) / done
    return max(2, min(MOST_A_TURN, round(TURN_SECONDS / each)))

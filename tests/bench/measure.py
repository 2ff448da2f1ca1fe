"""CPU per request of a server and its database, read from the kernel's own accounts."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")
ROOT = Path(__file__).resolve().parents[2]
#: So many times our act and the bare one change places.
ROUNDS = 6
WARM_UP = 30

Act = Callable[[int], None]
#: Milliseconds of web and of database.
Figures = tuple[float, float]


def cpu_seconds(pids: set[int]) -> float:
    """User and system time these processes (and their reaped children) have used."""
    total = 0
    for pid in pids:
        try:
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        except FileNotFoundError:
            continue
        total += sum(int(field) for field in fields[11:15])
    return total / TICKS


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
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    module, _, factory = target.partition(":")
    code = (
        f"from {module} import {factory}\n"
        "from complaints.commands.supervise import stopping_on_signals\n"
        "from complaints.commands.webserver import WebServer, open_listener\n"
        f"server = WebServer({factory}(), open_listener('127.0.0.1', {port}))\n"
        "stopping_on_signals(server.serve_until)"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
    )
    try:
        until = time.monotonic() + 60
        while time.monotonic() < until:
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                time.sleep(0.1)
        yield port, process.pid
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(20)


class Visitor:
    """One client on one kept-alive connection, with cookies."""

    def __init__(self, port: int) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.cookies: dict[str, str] = {}
        self.headers: dict[str, str] = {}

    def ask(self, method: str, path: str, body: str = "", form: str = "") -> tuple[int, str]:
        """Send one request and read the whole answer."""
        headers = dict(self.headers)
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{k}={v}" for k, v in self.cookies.items())
        if method == "POST":
            headers.setdefault("Content-Type", form or "application/x-www-form-urlencoded")
        self.connection.request(method, path, body.encode() or None, headers)
        answer = self.connection.getresponse()
        text = answer.read().decode()
        for cookie in answer.headers.get_all("Set-Cookie") or []:
            name, _, value = cookie.split(";")[0].partition("=")
            self.cookies[name] = value
        return answer.status, text


def cpu_in_turns(
    ours: tuple[Act, int], bare: tuple[Act, int], database_pid: int, requests: int
) -> tuple[Figures, Figures]:
    """CPU milliseconds per request of (web, database), of our act and of the bare one.

    Each act comes with the process that serves it. They take turns after a warm-up.
    """
    sides = (ours, bare)
    spent = [[0.0, 0.0], [0.0, 0.0]]
    share = max(1, requests // ROUNDS)
    for act, _ in sides:
        for number in range(WARM_UP):
            act(-1 - number)
    for turn in range(ROUNDS):
        for (act, pid), total in zip(sides, spent, strict=True):
            web, database = family(pid), family(database_pid)
            before = cpu_seconds(web), cpu_seconds(database)
            for number in range(turn * share, (turn + 1) * share):
                act(number)
            total[0] += cpu_seconds(web) - before[0]
            total[1] += cpu_seconds(family(database_pid) | database) - before[1]
    ours_spent, bare_spent = [
        (web * 1000 / (ROUNDS * share), database * 1000 / (ROUNDS * share))
        for web, database in spent
    ]
    return ours_spent, bare_spent

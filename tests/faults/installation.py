"""An installation (a site) for each fault: its processes, a program that records, what is counted.

The program records complaints by the API without a pause, repeating what was not answered with the
same key, as any program should. Each fault is one line: how many were acknowledged in all, how many
of them are found afterwards, how many are lost or there twice, and how long nobody was answered.
"""

from __future__ import annotations

import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import text

from complaints.db import make_engine
from tests.databases import postgresql_databases

ROOT = Path(__file__).resolve().parents[2]
PROGRAMME = (sys.executable, "-m", "complaints")
#: The programme with a clock that can be set: by as many seconds as stand in the file `clock`.
CLOCKED = (sys.executable, str(Path(__file__).with_name("clocked.py")))
BETWEEN_SECONDS = 0.02
STOPPING_SECONDS = 30
#: Making an installation takes half a minute, and on a machine with other work far longer.
COMMAND_SECONDS, READY_SECONDS = 900, 300
CSR = "csr@tanggap.example"


class Site:
    """An installation of its own, with a program that records complaints."""

    def __init__(
        self, folder: Path, url: str, programme: tuple[str, ...] = PROGRAMME, **settings: str
    ) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        self.folder, self.programme = folder, programme
        self.environment = {
            **os.environ,
            "DATABASE_URL": url,
            "SECRET_KEY": "k" * 48,
            "SMTP_URL": f"file://{folder}/mail",
            "TANGGAP_SEALS": f"{folder}/seals",
            # The program of `_record_without_pause` is meant to.
            "TANGGAP_API_CALLS_PER_MINUTE": "0",
            # By this its processes are told from all others, whoever their parent is.
            "FAULTS_FOLDER": str(folder),
            **settings,
        }
        self.command("init")
        self.command("demo", "--complaints", "10")
        self.token = json.loads(self.command("token", "add", "--email", CSR, "--json"))["token"]
        self.at_first = len(self.stored())
        #: Complaint number by the key that it was sent under.
        self.acknowledged: dict[str, str] = {}
        self.silences: list[float] = []
        self.is_over = threading.Event()
        self.turn = threading.Lock()
        self.program = threading.Thread(target=self._record_without_pause)
        self.start()
        self.program.start()

    @property
    def is_postgresql(self) -> bool:
        return self.environment["DATABASE_URL"].startswith("postgresql")

    def command(self, *words: str) -> str:
        """What a command of the programme prints; it has to succeed."""
        done = self.run(*words)
        if done.returncode:
            raise RuntimeError(f"{words} ended with {done.returncode}: {done.stderr[-500:]}")
        return done.stdout

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*self.programme, *words],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            check=False,
            text=True,
            timeout=COMMAND_SECONDS,
        )

    def begin(self, *words: str) -> subprocess.Popen[bytes]:
        """Start the programme; what it logs goes to a file, which nobody has to read."""
        with (self.folder / "log").open("ab") as log:
            return subprocess.Popen(
                [*self.programme, *words], cwd=ROOT, env=self.environment, stdout=log, stderr=log
            )

    def start(self) -> float:
        """Start the site; how many seconds until it is ready."""
        began = time.monotonic()
        self.supervisor = self.begin("run", "--port", str(self.port))
        while self.ask("GET", "/readyz")[0] != 200:
            if time.monotonic() - began > READY_SECONDS or self.supervisor.poll() is not None:
                said = (self.folder / "log").read_text()[-1500:]
                raise RuntimeError(f"the site does not get ready: {said}")
            time.sleep(0.05)
        return time.monotonic() - began

    def stop(self, how: signal.Signals) -> float:
        """Send a signal to the supervisor; how long until the last process has ended."""
        began = time.monotonic()
        self.supervisor.send_signal(how)
        self.supervisor.wait(STOPPING_SECONDS)
        while self.processes() and time.monotonic() - began < STOPPING_SECONDS:
            time.sleep(0.02)
        return time.monotonic() - began

    def processes(self) -> list[int]:
        """Every process of this site that lives, also one that its parent has left behind."""
        mark = f"FAULTS_FOLDER={self.folder}".encode()
        found = []
        for entry in Path("/proc").glob("[0-9]*"):
            try:
                is_zombie = ") Z " in (entry / "stat").read_text()
                if not is_zombie and mark in (entry / "environ").read_bytes().split(b"\0"):
                    found.append(int(entry.name))
            except OSError:
                continue
        return found

    def children(self) -> list[int]:
        path = Path(f"/proc/{self.supervisor.pid}/task/{self.supervisor.pid}/children")
        return [int(pid) for pid in path.read_text().split()]

    def ask(self, method: str, path: str, key: str = "", body: object = None) -> tuple[int, str]:
        """Status and text of an answer; 0 when there is none."""
        headers = {
            "Content-Type": "application/json",
            "Accept-Language": "en",
            "Authorization": f"Bearer {self.token}",
        }
        if key:
            headers["Idempotency-Key"] = key
        client = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            client.request(method, path, json.dumps(body) if body else None, headers)
            answer = client.getresponse()
            return answer.status, answer.read().decode()
        except (OSError, http.client.HTTPException):
            return 0, ""
        finally:
            client.close()

    def record(self, key: str, **customer: str) -> tuple[int, str]:
        """Send one complaint under a key."""
        body = {
            "customer": {"name": f"Siti {key}", "phone": "0812 3456 7890", **customer},
            "category": "GGN_MATI",
            "channel": "walk_in",
            "story": f"Internet mati sejak kemarin, {key}",
        }
        return self.ask("POST", "/api/v1/complaints", key, body)

    def acknowledge(self, **customer: str) -> str:
        """Record one complaint more than the program does; returns its number."""
        key = str(uuid.uuid4())
        with self.turn:
            status, said = self.record(key, **customer)
            if status != 201:
                raise RuntimeError(f"the API says {status}: {said}")
            self.acknowledged[key] = str(json.loads(said)["number"])
        return self.acknowledged[key]

    def act(self, number: str, noun: str, **body: object) -> int:
        """Do something to a complaint; returns the status."""
        path = f"/api/v1/complaints/{number}/{noun}"
        return self.ask("POST", path, str(uuid.uuid4()), body)[0]

    def wait_until(self, is_so: Callable[[], bool], seconds: float = 20) -> float | None:
        """Wait; how many seconds it took, None when it did not come."""
        began = time.monotonic()
        while not is_so():
            if time.monotonic() - began > seconds:
                return None
            time.sleep(0.1)
        return time.monotonic() - began

    def set_clock(self, seconds: float) -> None:
        """Let the wall clock of a site that runs `CLOCKED` differ so much from the machine's."""
        told = self.folder / "clock.new"
        told.write_text(str(seconds))
        told.replace(self.folder / "clock")

    def _record_without_pause(self) -> None:
        while not self.is_over.is_set():
            key = str(uuid.uuid4())
            with self.turn:
                began = time.monotonic()
                number = self._record_one(key)
                if number is None:
                    return
                self.acknowledged[key] = number
                self.silences.append(time.monotonic() - began)
            time.sleep(BETWEEN_SECONDS)

    def _record_one(self, key: str) -> str | None:
        """Try until it is answered; its number, None at the end or when it is refused."""
        while not self.is_over.is_set():
            status, said = self.record(key)
            if status == 201:
                return str(json.loads(said)["number"])
            # 408: its process ended before it had read the whole request.
            if status not in (0, 408, 503):
                sys.stderr.write(f"the API says {status}: {said}\n")
                return None
            time.sleep(0.02)
        return None

    def rows(self, query: str, **given: Any) -> list[Any]:
        """The first column of a query's rows."""
        engine = make_engine(self.environment["DATABASE_URL"])
        try:
            with engine.connect() as connection:
                return list(connection.scalars(text(query), given).all())
        finally:
            engine.dispose()

    def stored(self) -> list[str]:
        """The last word of every story in the database, which is its key."""
        return [story.split()[-1] for story in self.rows("SELECT story FROM complaints")]

    def line(self, name: str, before: int, said: str) -> bool:
        """Print what a fault did; whether nothing was lost or doubled."""
        with self.turn:
            told = set(self.acknowledged)
            stored = self.stored()
        found = told.intersection(stored)
        lost = len(self.acknowledged) - len(found)
        doubled = len(stored) - self.at_first - len(found)
        longest = max(self.silences[before:], default=0.0)
        say(
            f"{name:<28} acknowledged {len(told):>4}  found {len(found):>4}  lost {lost}  "
            f"doubled {doubled}  longest without an answer {longest:5.2f} s  {said}"
        )
        return lost == doubled == 0 and self.program.is_alive()

    def close(self) -> None:
        """End it, whatever has become of it."""
        self.is_over.set()
        self.program.join()
        if self.supervisor.poll() is None:
            self.stop(signal.SIGTERM)
        for pid in self.processes():
            os.kill(pid, signal.SIGKILL)


Fault = Callable[[Site], str]


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def verdict(is_good: bool) -> str:
    """What a fault's words begin with; "WRONG" makes the run fail."""
    return "" if is_good else "WRONG: "


@contextmanager
def database_in(kind: str, folder: Path) -> Iterator[str]:
    """The address of an empty database: a file in the folder, or one of a server of its own."""
    if kind == "sqlite":
        yield f"sqlite:///{folder}/tanggap.db"
        return
    with postgresql_databases() as databases:
        # Other tests may forget; here what was acknowledged has to outlive a crash.
        for setting in ("synchronous_commit", "fsync", "full_page_writes"):
            databases.connection.execute(f"ALTER SYSTEM SET {setting} = on".encode())
        databases.connection.execute("SELECT pg_reload_conf()")
        yield databases.fresh(None)


@contextmanager
def scratch() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="tanggap-faults-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def go_through(faults: Mapping[str, Fault], site: Site) -> bool:
    """Every fault in turn; whether nothing was lost, doubled, left behind or wrong."""
    good = True
    try:
        for name, fault in faults.items():
            before = len(site.silences)
            time.sleep(1)
            said = fault(site)
            time.sleep(1)
            good &= site.line(name, before, said) and "WRONG" not in said
    finally:
        site.close()
    return good


def on_each_database(run: Callable[[str], bool]) -> int:
    """Run on the databases named on the command line, on both unless any is; the exit status."""
    good = True
    for kind in sys.argv[1:] or ("sqlite", "postgresql"):
        say(f"-- {kind}")
        good &= run(kind)
    return 0 if good else 1


def faults_main(
    faults: Mapping[str, Fault], programme: tuple[str, ...] = PROGRAMME, **settings: str
) -> int:
    """A site on each database, and every fault in it."""

    def run(kind: str) -> bool:
        with scratch() as folder, database_in(kind, folder) as url:
            return go_through(faults, Site(folder, url, programme, **settings))

    return on_each_database(run)


def percentile(seconds: list[float]) -> float:
    return sorted(seconds)[int(len(seconds) * 0.95)] if seconds else 0.0

"""Processes killed, requests held, ports taken while complaints come in: what is lost or doubled.

    make faults

A program records complaints by the API without a pause, repeating what was not answered with the
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
from pathlib import Path

from sqlalchemy import text

from complaints.db import make_engine

ROOT = Path(__file__).resolve().parents[2]
PROGRAMME = [sys.executable, "-m", "complaints"]
HOLD_SECONDS = 3
BETWEEN_SECONDS = 0.02
HALF_BODY = b"POST /login HTTP/1.1\r\nHost: x\r\nContent-Length: 500\r\n\r\nname=Si"
HALF_HEADER = b"GET /login HTTP/1.1\r\nHost: x\r\nX-Story: "


class House:
    """An installation of its own, with a program that records complaints."""

    def __init__(self, folder: str) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        self.environment = {
            "DATABASE_URL": f"sqlite:///{folder}/tanggap.db",
            **os.environ,
            "SECRET_KEY": "k" * 48,
            "SMTP_URL": f"file://{folder}/mail",
        }
        self.complaints("init")
        self.complaints("demo", "--complaints", "10")
        made = self.complaints("token", "add", "--email", "csr@tanggap.example", "--json")
        self.token = json.loads(made)["token"]
        self.at_first = len(self.stored())
        self.start()
        #: Complaint number by the key that it was sent under.
        self.acknowledged: dict[str, str] = {}
        self.silences: list[float] = []
        self.is_over = threading.Event()
        self.turn = threading.Lock()
        self.program = threading.Thread(target=self.record_without_pause)
        self.program.start()

    def complaints(self, *words: str) -> str:
        done = subprocess.run(
            [*PROGRAMME, *words],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            check=True,
            text=True,
        )
        return done.stdout

    def start(self) -> None:
        words = [*PROGRAMME, "run", "--port", str(self.port)]
        self.supervisor = subprocess.Popen(
            words, cwd=ROOT, env=self.environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
        )
        until = time.monotonic() + 30
        while self.ask("GET", "/readyz")[0] != 200 and time.monotonic() < until:
            time.sleep(0.05)

    def ask(self, method: str, path: str, key: str = "", body: object = None) -> tuple[int, str]:
        """Status and text of an answer; 0 when there is none."""
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
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

    def record_without_pause(self) -> None:
        while not self.is_over.is_set():
            key = str(uuid.uuid4())
            body = {
                "customer": {"name": f"Siti {key}", "phone": "0812 3456 7890"},
                "category": "GGN_MATI",
                "channel": "walk_in",
                "story": f"Internet mati sejak kemarin, {key}",
            }
            with self.turn:
                began = time.monotonic()
                number = self.record_one(key, body)
                if number is None:
                    return
                self.acknowledged[key] = number
                self.silences.append(time.monotonic() - began)
            time.sleep(BETWEEN_SECONDS)

    def record_one(self, key: str, body: object) -> str | None:
        """Try until it is answered; its number, None at the end or when it is refused."""
        while not self.is_over.is_set():
            status, said = self.ask("POST", "/api/v1/complaints", key, body)
            if status == 201:
                return str(json.loads(said)["number"])
            if status not in (0, 503):
                sys.stderr.write(f"the API says {status}: {said}\n")
                return None
            time.sleep(0.02)
        return None

    def stored(self) -> list[str]:
        """The last word of every story in the database, which is its key."""
        engine = make_engine(self.environment["DATABASE_URL"])
        with engine.connect() as connection:
            stories = connection.scalars(text("SELECT story FROM complaints")).all()
        engine.dispose()
        return [story.split()[-1] for story in stories]

    def children(self) -> list[int]:
        path = Path(f"/proc/{self.supervisor.pid}/task/{self.supervisor.pid}/children")
        return [int(pid) for pid in path.read_text().split()]

    def stop(self, how: signal.Signals) -> float:
        """Send a signal to the supervisor; how long until the last process has ended."""
        began = time.monotonic()
        self.supervisor.send_signal(how)
        # The pipe ends when the last process that could write into it has ended.
        self.supervisor.communicate(timeout=60)
        return time.monotonic() - began

    def line(self, name: str, before: int, said: str) -> bool:
        """Print what a fault did; whether nothing was lost or doubled."""
        with self.turn:
            told = set(self.acknowledged)
            stored = self.stored()
        found = told.intersection(stored)
        lost = len(self.acknowledged) - len(found)
        doubled = len(stored) - self.at_first - len(found)
        longest = max(self.silences[before:], default=0.0)
        sys.stdout.write(
            f"{name:<28} acknowledged {len(told):>4}  found {len(found):>4}  lost {lost}  "
            f"doubled {doubled}  longest without an answer {longest:5.2f} s  {said}\n"
        )
        sys.stdout.flush()
        return lost == doubled == 0 and self.program.is_alive()


def main() -> int:
    """Every fault in turn; exit status 1 when anything was lost, doubled or left behind."""
    folder = tempfile.mkdtemp(prefix="tanggap-faults-")
    house = House(folder)
    good = True
    try:
        for name, fault in FAULTS.items():
            before = len(house.silences)
            time.sleep(1)
            said = fault(house)
            time.sleep(1)
            good &= house.line(name, before, said) and "WRONG" not in said
    finally:
        house.is_over.set()
        house.program.join()
        house.stop(signal.SIGTERM)
        shutil.rmtree(folder)
    return 0 if good else 1


def kill_each_child(house: House) -> str:
    gone = house.children()
    for pid in gone:
        os.kill(pid, signal.SIGKILL)
        time.sleep(1)
    again = [pid for pid in house.children() if pid not in gone]
    return f"{len(gone)} killed, {len(again)} in their place"


def kill_the_supervisor(house: House) -> str:
    took = house.stop(signal.SIGKILL)
    house.start()
    return f"its parts had ended after {took:.1f} s"


def stop_and_start_with_held_requests(house: House) -> str:
    held = hold(house)
    took = house.stop(signal.SIGTERM)
    house.start()
    for each in held:
        each.close()
    return f"stopped in {took:.1f} s beside {len(held)} held requests"


def hold_forty(house: House) -> str:
    calm = house.silences[-50:]
    held = hold(house)
    before = len(house.silences)
    time.sleep(HOLD_SECONDS)
    answered = sum(house.ask("GET", "/healthz")[0] == 200 for _ in range(6))
    beside = house.silences[before:]
    for each in held:
        each.close()
    times = percentile(beside) / max(percentile(calm), 0.001)
    verdict = "" if answered == 6 and times < 3 else "WRONG: "
    return f"{verdict}health {answered} of 6, p95 {times:.1f} times that of calm"


def hold(house: House) -> list[socket.socket]:
    held = []
    for number in range(40):
        client = socket.create_connection(("127.0.0.1", house.port), 5)
        client.sendall(HALF_BODY if number % 2 else HALF_HEADER)
        held.append(client)
    return held


def start_a_second_one(house: House) -> str:
    second = subprocess.run(
        [*PROGRAMME, "web", "--port", str(house.port)],
        cwd=ROOT,
        env=house.environment,
        capture_output=True,
        check=False,
        timeout=30,
    )
    verdict = "" if second.returncode == 2 else "WRONG: "
    return f"{verdict}the second one ends with status {second.returncode}"


def lock_the_file(house: House) -> str:
    import sqlite3

    url = house.environment["DATABASE_URL"]
    if not url.startswith("sqlite"):
        return "(SQLite only)"
    other = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    began = time.monotonic()
    body = {"email": "csr@tanggap.example"}
    status, _ = house.ask("POST", "/api/v1/complaints", str(uuid.uuid4()), body)
    took = time.monotonic() - began
    other.execute("ROLLBACK")
    other.close()
    verdict = "" if status in (422, 503) and took < 6 else "WRONG: "
    return f"{verdict}{status} after {took:.1f} s"


def percentile(seconds: list[float]) -> float:
    return sorted(seconds)[int(len(seconds) * 0.95)] if seconds else 0.0


FAULTS = {
    "each process killed": kill_each_child,
    "the supervisor killed": kill_the_supervisor,
    "stopped with held requests": stop_and_start_with_held_requests,
    "40 half requests held": hold_forty,
    "the port is taken": start_a_second_one,
    "the database file is locked": lock_the_file,
}


if __name__ == "__main__":
    raise SystemExit(main())

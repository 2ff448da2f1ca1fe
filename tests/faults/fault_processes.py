"""Processes killed, requests held, ports and files taken, while complaints come in."""

from __future__ import annotations

import math
import os
import signal
import socket
import sqlite3
import time
import uuid

from tests.faults.installation import Fault, Site, faults_main, percentile, verdict

HOLD_SECONDS = 5
#: So many complaints are timed at the least, and waited for so long.
ENOUGH = 20
MOST_WAIT_SECONDS = 60
#: Beside held requests, p95 may be so many times that of calm; less than this nobody notices.
MOST_TIMES = 3
NOTICED_SECONDS = 0.05
HALF_BODY = b"POST /login HTTP/1.1\r\nHost: x\r\nContent-Length: 500\r\n\r\nname=Si"
HALF_HEADER = b"GET /login HTTP/1.1\r\nHost: x\r\nX-Story: "
#: Seconds after its start at which a site is asked to stop, and how long it may then take.
STOPPED_AFTER = (0.0, 0.1, 0.3, 0.6, 1.0, 2.0, 4.0)
MOST_STOPPING_SECONDS = 13


def kill_each_child(site: Site) -> str:
    gone = site.children()
    for pid in gone:
        os.kill(pid, signal.SIGKILL)
        time.sleep(1)
    again = [pid for pid in site.children() if pid not in gone]
    return f"{verdict(len(again) == len(gone))}{len(gone)} killed, {len(again)} in their place"


def kill_the_supervisor(site: Site) -> str:
    took = site.stop(signal.SIGKILL)
    left = len(site.processes())
    ready = site.start()
    return f"{verdict(not left)}parts ended after {took:.1f} s, {left} left, ready in {ready:.1f} s"


def stop_and_start_with_held_requests(site: Site) -> str:
    held = hold(site)
    took = site.stop(signal.SIGTERM)
    ready = site.start()
    for each in held:
        each.close()
    is_good = took < MOST_STOPPING_SECONDS
    return f"{verdict(is_good)}stopped in {took:.1f} s beside {len(held)}, ready in {ready:.1f} s"


def stop_while_it_starts(site: Site) -> str:
    """SIGTERM in the first seconds: it ends, and so does everything it has started."""
    site.stop(signal.SIGTERM)
    took, left = [], 0
    for pause in STOPPED_AFTER:
        site.supervisor = site.begin("run", "--port", str(site.port))
        time.sleep(pause)
        took.append(site.stop(signal.SIGTERM))
        left += len(site.processes())
    site.start()
    seconds = " ".join(f"{each:.1f}" for each in took)
    is_good = not left and max(took) < MOST_STOPPING_SECONDS
    return f"{verdict(is_good)}ended in {seconds} s, {left} left behind"


def hold_forty(site: Site) -> str:
    """Whoever records, and whoever asks for its health, is answered nearly as soon as before."""
    calm = speeds(site)
    held = hold(site)
    beside = speeds(site)
    for each in held:
        each.close()
    is_good, said = True, []
    for name, before, now in zip(("recording", "health"), calm, beside, strict=True):
        is_good &= now <= max(MOST_TIMES * before, NOTICED_SECONDS)
        said.append(f"{name} {1000 * now:.0f} ms, calm {1000 * before:.0f}")
    return f"{verdict(is_good)}p95 {'; '.join(said)}"


def speeds(site: Site) -> tuple[float, float]:
    """95th percentiles in seconds, over a while: of the program's complaints, of `/healthz`."""
    before, until = len(site.silences), time.monotonic() + HOLD_SECONDS
    health = []
    while time.monotonic() < until or len(site.silences) < before + ENOUGH:
        if time.monotonic() > until + MOST_WAIT_SECONDS:
            return math.inf, math.inf
        began = time.monotonic()
        if site.ask("GET", "/healthz")[0] != 200:
            return math.inf, math.inf
        health.append(time.monotonic() - began)
        time.sleep(0.05)
    return percentile(site.silences[before:]), percentile(health)


def hold(site: Site) -> list[socket.socket]:
    held = []
    for number in range(40):
        client = socket.create_connection(("127.0.0.1", site.port), 5)
        client.sendall(HALF_BODY if number % 2 else HALF_HEADER)
        held.append(client)
    return held


def start_a_second_one(site: Site) -> str:
    status = site.run("web", "--port", str(site.port)).returncode
    return f"{verdict(status == 2)}the second one ends with status {status}"


def lock_the_complaints(site: Site) -> str:
    """Somebody else keeps the file, or the table, locked: it is said within seconds."""
    url = site.environment["DATABASE_URL"]
    if site.is_postgresql:
        from sqlalchemy import text

        from complaints.db import make_engine

        engine = make_engine(url)
        with engine.begin() as connection:
            connection.execute(text("LOCK TABLE complaints IN ACCESS EXCLUSIVE MODE"))
            status, took = timed_record(site)
        engine.dispose()
    else:
        other = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        status, took = timed_record(site)
        other.execute("ROLLBACK")
        other.close()
    return f"{verdict(status == 503 and took < 6)}{status} after {took:.1f} s"


def timed_record(site: Site) -> tuple[int, float]:
    """The program holds the same contact and waits as well: two locks stand in the way."""
    began = time.monotonic()
    status, _ = site.record(str(uuid.uuid4()))
    return status, time.monotonic() - began


def restart_the_database(site: Site) -> str:
    """A backend of PostgreSQL is killed: the server ends all others and recovers by itself."""
    if not site.is_postgresql:
        return "(PostgreSQL only)"
    query = "SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend'"
    query += " AND pid <> pg_backend_pid() LIMIT 1"
    os.kill(site.rows(query)[0], signal.SIGKILL)
    return "a backend killed, all connections lost"


FAULTS: dict[str, Fault] = {
    "each process killed": kill_each_child,
    "the supervisor killed": kill_the_supervisor,
    "stopped with held requests": stop_and_start_with_held_requests,
    "stopped while it starts": stop_while_it_starts,
    "40 half requests held": hold_forty,
    "the port is taken": start_a_second_one,
    "the database is locked": lock_the_complaints,
    "the database restarts": restart_the_database,
}


if __name__ == "__main__":
    raise SystemExit(faults_main(FAULTS))

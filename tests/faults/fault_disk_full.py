"""The disk of the database is full, then has room again: refused in a sentence, nothing half done.

The database lies on a small file system in memory; mounting one takes root. Of PostgreSQL only its
tables lie there: a server whose write-ahead log cannot grow stops by itself.
"""

from __future__ import annotations

import os
import pwd
import subprocess
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from sqlalchemy import make_url

from tests.faults.installation import (
    Fault,
    Site,
    database_in,
    go_through,
    on_each_database,
    say,
    scratch,
    verdict,
)

SIZE = "96m"
FULL_SECONDS = 3
BALLAST_BYTES = 1024 * 1024


@contextmanager
def small_disk(folder: Path) -> Iterator[Path]:
    """A file system of its own in the folder."""
    place = folder / "disk"
    place.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", place], check=True)
    try:
        yield place
    finally:
        subprocess.run(["umount", "-l", place], check=True)


@contextmanager
def database_on(kind: str, disk: Path, folder: Path) -> Iterator[str]:
    """The address of an empty database whose tables lie on this disk."""
    if kind == "sqlite":
        yield f"sqlite:///{disk}/tanggap.db"
        return
    with database_in(kind, folder) as url:
        # The server does not run as root, and has to enter.
        server = pwd.getpwnam("pgserver")
        for each in (disk, folder):
            each.chmod(0o755)
        tables = disk / "tables"
        tables.mkdir()
        os.chown(tables, server.pw_uid, server.pw_gid)
        address = make_url(url)
        of_server = f"host={address.query['host']} user=postgres dbname=postgres"
        with psycopg.connect(of_server, autocommit=True) as connection:
            connection.execute(f"CREATE TABLESPACE small LOCATION '{tables}'".encode())
            connection.execute(b"CREATE DATABASE on_small TEMPLATE template0 TABLESPACE small")
        yield address.set(database="on_small").render_as_string()


def fill_the_disk(site: Site) -> str:
    """Leave no byte; who records is told so, and goes on when there is room again."""
    ballast = site.folder / "disk" / "ballast"
    with site.turn, ballast.open("wb") as file:
        try:
            while True:
                file.write(b"x" * BALLAST_BYTES)
                file.flush()
        except OSError:
            pass
    until = time.monotonic() + FULL_SECONDS
    refused: list[tuple[int, bool]] = []
    while time.monotonic() < until:
        status, said = site.record(str(uuid.uuid4()))
        if status == 201:
            # What was still free within its own pages; it counts as any other.
            site.at_first += 1
        else:
            refused.append((status, "full" in said.lower()))
    ready = site.ask("GET", "/readyz")
    ballast.unlink()
    statuses = sorted({status for status, _ in refused})
    is_told = all(is_full for _, is_full in refused)
    alive = site.ask("GET", "/healthz")[0]
    is_good = statuses == [503] and is_told and alive == 200
    if not site.is_postgresql:
        is_good &= ready[0] == 503 and "full" in ready[1].lower()
    return (
        f"{verdict(is_good)}{len(refused)} refused with {statuses}, said why: {is_told}, "
        f"readyz {ready[0]}, healthz {alive}"
    )


FAULTS: dict[str, Fault] = {"the disk is full": fill_the_disk}


def run(kind: str) -> bool:
    with scratch() as folder, small_disk(folder) as disk, database_on(kind, disk, folder) as url:
        return go_through(FAULTS, Site(folder, url))


if __name__ == "__main__":
    if os.geteuid():
        say("(left out: mounting a small disk takes root)")
        raise SystemExit(0)
    raise SystemExit(on_each_database(run))

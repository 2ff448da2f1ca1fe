"""Writers of an SQLite file take turns in their order, across threads and processes."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from complaints import db
from complaints.db import make_engine
from complaints.write_queue import Line, _line_of

pytestmark = pytest.mark.sqlite_is_enough

SOON, PATIENT = 0.2, 20.0
OTHER_PROCESS = """
import sys, time
from complaints.write_queue import Line
line = Line(sys.argv[1])
for _ in range(int(sys.argv[2])):
    print("waits", flush=True)
    assert line.enter(time.monotonic() + 20)
    print("writes", flush=True)
    sys.stdin.readline()
    line.leave()
"""


@pytest.fixture
def path(tmp_path: Path) -> str:
    return str(tmp_path / "x.db")


def enter(line: Line, seconds: float = PATIENT) -> bool:
    return line.enter(time.monotonic() + seconds)


@contextmanager
def other_process(path: str, times: int = 1) -> Iterator[subprocess.Popen[str]]:
    """A process that takes so many turns and ends each when a line is written to it."""
    other = subprocess.Popen(
        [sys.executable, "-c", OTHER_PROCESS, path, str(times)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with other:
        try:
            assert other.stdout.readline() == "waits\n"
            yield other
        finally:
            other.kill()


def test_threads_write_in_the_order_they_came(path):
    line, came = Line(path), []

    def write(number: int) -> None:
        assert enter(line)
        came.append(number)
        time.sleep(0.01)
        line.leave()

    assert enter(line)
    threads = [threading.Thread(target=write, args=[number]) for number in range(12)]
    for count, each in enumerate(threads, 1):
        each.start()
        while len(line._waiting) < count:
            time.sleep(0.001)
    line.leave()
    for each in threads:
        each.join()
    assert came == list(range(12))


def test_who_gets_no_turn_in_time_leaves_the_line_to_the_others(path):
    line = Line(path)
    assert enter(line)
    began = time.monotonic()
    assert not enter(line, SOON)
    assert SOON <= time.monotonic() - began < 10 * SOON
    line.leave()
    assert enter(line, 0)


def test_another_process_is_waited_for_and_no_longer_than_its_life(path):
    with other_process(path) as other:
        assert other.stdout.readline() == "writes\n"
        line = Line(path)
        assert not enter(line, SOON)
        other.send_signal(signal.SIGKILL)
        assert enter(line)


def test_who_has_just_written_lets_another_process_go_first(path):
    line, times = Line(path), 5
    assert enter(line)
    with other_process(path, times) as other:
        for _ in range(times):
            # Whoever waits looks every millisecond; so long it has certainly stood there.
            time.sleep(0.3)
            line.leave()
            assert not enter(line, SOON)
            assert other.stdout.readline() == "writes\n"
            we_wait = threading.Thread(target=enter, args=[line])
            we_wait.start()
            time.sleep(0.3)
            other.stdin.write("\n")
            other.stdin.flush()
            we_wait.join(PATIENT / 2)
            assert not we_wait.is_alive()
            assert other.stdout.readline() in ("waits\n", "")


def test_where_no_file_can_be_kept_threads_take_turns_all_the_same(tmp_path):
    line = Line(str(tmp_path / "no folder" / "x.db"))
    assert enter(line)
    assert not enter(line, 0)
    line.leave()
    assert enter(line, 0)


@pytest.mark.parametrize("end", ["commit", "rollback", "close", "invalidate"])
def test_a_transaction_gives_its_turn_back_however_it_ends(path, end):
    engine = make_engine(f"sqlite:///{path}")
    with closing(engine.connect()) as connection:
        connection.execute(text("CREATE TABLE y (z)"))
        assert not enter(_line_of(path), 0)
        getattr(connection, end)()
    assert enter(_line_of(path), 0)
    engine.dispose()


def test_two_paths_to_one_file_have_one_line(path, tmp_path, monkeypatch):
    link = tmp_path / "link.db"
    link.symlink_to(path)
    monkeypatch.chdir(tmp_path)
    assert _line_of(path) is _line_of(str(link)) is _line_of("x.db")
    assert _line_of(path) is not _line_of(str(tmp_path / "y.db"))


def test_a_transaction_that_could_not_begin_has_no_turn(path, monkeypatch):
    monkeypatch.setattr(db, "PATIENT_SECONDS", SOON)
    engine = make_engine(f"sqlite:///{path}")
    with closing(sqlite3.connect(path, isolation_level=None)) as stranger:
        stranger.execute("BEGIN IMMEDIATE")
        with pytest.raises(OperationalError, match="locked"), engine.begin():
            pass
        stranger.execute("ROLLBACK")
        began = time.monotonic()
        with engine.begin() as connection:
            connection.execute(text("SELECT 1"))
        assert time.monotonic() - began < SOON
    engine.dispose()


def test_turn_and_lock_together_are_waited_for_once(path, monkeypatch):
    """Who got no turn in all of the time does not wait as long again for the lock."""
    patience = 1.0
    monkeypatch.setattr(db, "PATIENT_SECONDS", patience)
    engine = make_engine(f"sqlite:///{path}")
    with engine.begin():
        pass
    with closing(sqlite3.connect(path, isolation_level=None)) as stranger:
        stranger.execute("BEGIN IMMEDIATE")
        assert enter(_line_of(path))
        began = time.monotonic()
        with pytest.raises(OperationalError, match="locked"), engine.begin():
            pass
        assert patience <= time.monotonic() - began < 1.7 * patience
        _line_of(path).leave()
        stranger.execute("ROLLBACK")
    with engine.connect() as connection:
        left = connection.exec_driver_sql("PRAGMA busy_timeout").scalar()
    assert left == 1000 * patience
    engine.dispose()


def test_who_only_reads_waits_for_nobody(path):
    engine = make_engine(f"sqlite:///{path}")
    with engine.begin(), engine.connect().execution_options(writes=False) as reader:
        assert reader.scalar(text("SELECT 1")) == 1
    engine.dispose()

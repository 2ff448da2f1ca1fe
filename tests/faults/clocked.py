"""The programme with a clock that can be set while it runs: `python clocked.py run --port 8000`.

The file `clock` in the folder of `FAULTS_FOLDER` says by how many seconds the wall clock of all its
processes differs from the machine's. The monotonic clock goes on, as it does on a real machine.
"""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path

import time_machine

FILE = Path(os.environ["FAULTS_FOLDER"]) / "clock"
#: The wall clock as it was, and the monotonic one beside it, before anybody set anything.
WALL, MONOTONIC = time.time(), time.monotonic()
LOOK_SECONDS = 0.05


def told() -> float:
    """The seconds since 1970 that the site is to believe in."""
    offset = float(FILE.read_text() or 0) if FILE.exists() else 0.0
    return WALL + time.monotonic() - MONOTONIC + offset


def watch() -> None:
    """Set the clock whenever the file has changed; in a process forked from here too."""
    traveller = time_machine.travel(told(), tick=True).start()
    while True:
        if abs(told() - time.time()) > LOOK_SECONDS:
            traveller.move_to(told())
        time.sleep(LOOK_SECONDS)


def begin_watch() -> None:
    threading.Thread(target=watch, daemon=True).start()


if __name__ == "__main__":
    from complaints.cli import main

    os.register_at_fork(after_in_child=begin_watch)
    begin_watch()
    main()

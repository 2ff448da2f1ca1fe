"""How long it takes to take in a message, against the standard library's parse and one insert.

Run it as ``PYTHONPATH=. python tests/bench/bench_mail.py``. The bare side parses the same message
with the library's modern policy, reads sender, subject and text, and inserts them as one row in a
transaction of its own, into a database that is just as new. Both sides change places, so that what
else the machine does strikes both alike. The ratio is of this process' processor time: by the clock
both sides wait for disk, database and whatever else runs.
"""

import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from statistics import median
from typing import NamedTuple

from sqlalchemy import Column, Engine, Integer, MetaData, Table, Text, insert
from sqlalchemy.orm import sessionmaker

from complaints.channels.email.intake import intake_message
from complaints.channels.email.keep import Origin
from complaints.db import make_engine
from complaints.files.in_use import FileSettings, use_files
from complaints.logs import start_logs
from complaints.outbox.delivery_settings import DeliverySettings
from tests.conftest import initialise
from tests.databases import MAKERS, Databases
from tests.mails import bounce, mail

NOW = datetime(2026, 11, 19, 2, 15, tzinfo=UTC)
MESSAGES = 150
ROUNDS = 5
GOAL = 5
STORY = "Internet di rumah mati sejak kemarin sore.\nModem sudah dinyalakan ulang.\n" * 20
BARE = Table(
    "bare_mail",
    MetaData(),
    Column("id", Integer, primary_key=True),
    *(Column(name, Text) for name in ("sender", "subject", "text")),
)
OFFICE = DeliverySettings("https://keluhan.example", "a key for a measurement, long enough")


def main() -> int:
    """Print both times and their ratio for each database and kind of message."""
    start_logs("warning")
    worst = 0.0
    with tempfile.TemporaryDirectory(prefix="tanggap-bench-") as folder:
        use_files(FileSettings(f"file://{Path(folder) / 'files'}"))
        for kind in ("sqlite", "postgresql"):
            with MAKERS[kind]() as databases:
                for name, make in KINDS.items():
                    worst = max(worst, compare(kind, databases, name, make))
    print(f"{'met' if worst <= GOAL else 'MISSED'}: at most {worst:.1f}×, the goal is {GOAL}×")
    return 0


def complaint(number: int) -> bytes:
    return mail(STORY, From=f"s{number}@x.example", Message_ID=f"<{number}@x.example>")


def report(number: int) -> bytes:
    raw = bounce(f"<{number}@b.example>", subject=f"Kabar {number}")
    return raw.replace(b"pantul-failed", f"pantul-{number}".encode())


KINDS: dict[str, Callable[[int], bytes]] = {"new complaint": complaint, "bounce": report}


def compare(kind: str, databases: Databases, name: str, make: Callable[[int], bytes]) -> float:
    """The ratio of our time to the bare time, by the medians of turns."""
    url = databases.fresh(initialise)
    engine = make_engine(url)
    BARE.create(engine)
    ours: list[Spent] = []
    bare: list[Spent] = []
    for turn in range(ROUNDS):
        messages = [make(turn * MESSAGES + count) for count in range(MESSAGES)]
        bare.append(timed(lambda: take_bare(engine, messages)))  # noqa: B023
        ours.append(timed(lambda: take_ours(engine, messages)))  # noqa: B023
    engine.dispose()
    databases.drop(url)
    a, b = (median(each.processor for each in side) / MESSAGES * 1000 for side in (ours, bare))
    c, d = (median(each.clock for each in side) / MESSAGES * 1000 for side in (ours, bare))
    print(
        f"{kind:10} {name:14} processor {a:6.2f} ms a message, bare {b:5.2f} ms: {a / b:4.1f}×; "
        f"by the clock {c:6.2f}, bare {d:5.2f} ms: {c / d:4.1f}×"
    )
    return a / b


class Spent(NamedTuple):
    """Seconds that an act took: of the processor in this process, and by the clock."""

    processor: float
    clock: float


def timed(act: Callable[[], None]) -> Spent:
    """What an act takes."""
    processor, clock = time.process_time(), time.perf_counter()
    act()
    return Spent(time.process_time() - processor, time.perf_counter() - clock)


def take_ours(engine: Engine, messages: Sequence[bytes]) -> None:
    """Take in each message as command and worker do."""
    sessions = sessionmaker(engine, expire_on_commit=False)
    for raw in messages:
        intake_message(sessions, raw, origin=Origin(), office=OFFICE, at=NOW)


def take_bare(engine: Engine, messages: Sequence[bytes]) -> None:
    """Parse each message and insert what it says, one transaction each."""
    for raw in messages:
        read = message_from_bytes(raw, policy=default)
        body = read.get_body(("plain", "html"))
        text = body.get_content() if body is not None else ""
        told = {"sender": str(read["From"]), "subject": str(read["Subject"]), "text": text}
        with engine.begin() as connection:
            connection.execute(insert(BARE), told)


if __name__ == "__main__":
    sys.exit(main())

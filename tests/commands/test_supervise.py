"""Processes that live and die together, tried with real ones."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PATIENT_SECONDS = 10

HOUSE = """
import os, sys, threading
from complaints.commands import supervise as rules
from complaints.commands.supervise import Part, supervise
from complaints.logs import start_logs

rules.PATIENCE_SECONDS = 0.5
rules.FIRST_PAUSE_SECONDS = 0.05

def say(*words):
    os.write(1, (" ".join(map(str, words)) + "\\n").encode())

def good(stop):
    say("good", os.getpid())
    stop.wait()
    say("ended", os.getpid())

def deaf(stop):
    say("deaf", os.getpid())
    threading.Event().wait()

def broken(stop):
    say("broken", os.getpid())
    raise RuntimeError("0812-3456-7890")

start_logs("info")
parts = {"good": good, "deaf": deaf, "broken": broken}
supervise([Part(name, parts[name]) for name in sys.argv[1:]])
say("left")
"""


class Supervisor:
    """A supervisor with parts, and what they say."""

    def __init__(self, *parts: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", textwrap.dedent(HOUSE), *parts],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        self.rest = b""

    def hears(self) -> list[str]:
        """The next line; empty when every process has closed its mouth."""
        assert self.process.stdout is not None
        while b"\n" not in self.rest:
            ready, _, _ = select.select([self.process.stdout], [], [], PATIENT_SECONDS)
            assert ready, "nothing was said"
            said = os.read(self.process.stdout.fileno(), 4096)
            if not said:
                return []
            self.rest += said
        line, _, self.rest = self.rest.partition(b"\n")
        return line.decode().split()

    def ends(self) -> int:
        return self.process.wait(PATIENT_SECONDS)


@pytest.fixture
def supervisor() -> Iterator[type[Supervisor]]:
    opened: list[Supervisor] = []

    class Kept(Supervisor):
        def __init__(self, *parts: str) -> None:
            super().__init__(*parts)
            opened.append(self)

    yield Kept
    for each in opened:
        each.process.kill()
        each.process.communicate()


def test_a_part_that_dies_is_started_again_and_the_others_stay(supervisor):
    here = supervisor("good", "good")
    first, second = here.hears(), here.hears()
    os.kill(int(first[1]), signal.SIGKILL)
    again = here.hears()
    assert again[0] == "good"
    assert again[1] not in {first[1], second[1]}
    here.process.terminate()
    ended = {tuple(here.hears()), tuple(here.hears())}
    assert ended == {("ended", second[1]), ("ended", again[1])}
    assert here.hears() == ["left"]
    assert here.ends() == 0


def test_a_part_that_cannot_live_is_tried_again_with_no_word_of_its_own_in_the_log(
    supervisor,
):
    here = supervisor("good", "broken")
    said = [here.hears()[0] for _ in range(4)]
    assert sorted(said) == ["broken", "broken", "broken", "good"]
    here.process.terminate()
    _, log = here.process.communicate(timeout=PATIENT_SECONDS)
    assert here.process.returncode == 0
    assert b"RuntimeError" in log
    assert b"0812" not in log


def test_what_does_not_stop_by_itself_is_ended(supervisor):
    here = supervisor("deaf")
    assert here.hears()[0] == "deaf"
    here.process.send_signal(signal.SIGINT)
    assert here.hears() == ["left"]
    assert here.ends() == 0


def test_nobody_is_left_when_the_supervisor_is_killed(supervisor):
    here = supervisor("good", "deaf")
    here.hears(), here.hears()
    here.process.kill()
    assert here.hears()[0] == "ended"
    # The pipe ends when the last process that could write into it has ended.
    assert here.hears() == []

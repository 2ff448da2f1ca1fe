"""How long a replay takes beside Python's csv module reading and writing the same rows.

Run it as ``python tests/bench/bench_replay.py [FILE.csv MAP.toml POLICY.toml]``. Without a file the
rows are made up: narrow files with nothing but what a replay needs, and a wide one as case systems
export them. Each side is measured inside a process and as a process of its own, where the start
counts; the peak of memory is that of the replay's process.
"""

import csv
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from complaints.commands.replay import run_replay

GOAL = 6
TURNS = 5
#: A name, how many rows, and how many columns a replay has no use for.
MADE_UP = (("narrow", 20_000, 0), ("narrow", 200_000, 0), ("wide", 20_000, 28))
ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "docs" / "examples"
COLUMNS = ["CASE_ENQUIRY_ID", "TYPE", "OPEN_DT", "CLOSED_DT", "CASE_TITLE", "Source"]
TYPES = ["Building Inspection Request", "Rodent Activity", "Utility Call-In", "Graffiti"]

COPY = """
import csv, sys
source, target = sys.argv[1:]
with open(source, encoding="utf-8", newline="") as read:
    with open(target, "w", encoding="utf-8", newline="") as written:
        writer = csv.writer(written)
        for row in csv.reader(read):
            writer.writerow(row)
"""


def write_rows(path: Path, rows: int, more_columns: int) -> None:
    """Write made-up requests of one year, two in three closed after up to twenty days."""
    dice = random.Random(11)
    form = "%m/%d/%Y %I:%M:%S %p"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([*COLUMNS, *(f"column {n}" for n in range(more_columns))])
        for n in range(rows):
            opened = datetime(2015, 1, 1) + timedelta(seconds=dice.randrange(360 * 86400))  # noqa: DTZ001
            closed = opened + timedelta(seconds=dice.randrange(20 * 86400))
            kind = dice.choice(TYPES)
            ended = closed.strftime(form) if dice.random() < 2 / 3 else ""
            row = [str(101000000000 + n), kind, opened.strftime(form), ended, kind, "Call"]
            writer.writerow([*row, *(f"value {dice.randrange(100)}" for _ in range(more_columns))])


def copy_rows(source: Path, target: Path) -> None:
    """Read and write the rows and do nothing else."""
    with (
        source.open(encoding="utf-8", newline="") as read,
        target.open("w", encoding="utf-8", newline="") as written,
    ):
        writer = csv.writer(written)
        for row in csv.reader(read):
            writer.writerow(row)


def shortest(*acts: Callable[[], object]) -> list[float]:
    """The shortest wall time of each act, in seconds; they take turns to meet the same machine."""
    times: list[list[float]] = [[] for _ in acts]
    for _ in range(TURNS):
        for act, taken in zip(acts, times, strict=True):
            began = time.perf_counter()
            act()
            taken.append(time.perf_counter() - began)
    return [min(taken) for taken in times]


def run_python(*given: str) -> int:
    """Run Python with these arguments to its end; return the peak of its memory in megabytes."""
    process = subprocess.Popen([sys.executable, *given], cwd=ROOT, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    # 1 says that some rows could not be judged.
    if process.returncode not in (0, 1):
        raise SystemExit(process.returncode)
    return used.ru_maxrss // 1024


def measure(name: str, source: Path, map_path: Path, policy_path: Path, folder: Path) -> None:
    """Print both times and their ratios for one file."""
    out = folder / "out.csv"
    options = ["--map", str(map_path), "--policy", str(policy_path), "--out", str(out)]
    command = ["-m", "complaints", "replay", str(source), *options]
    bare, ours, bare_process, our_process = shortest(
        lambda: copy_rows(source, out),
        lambda: run_replay(source, map_path, policy_path, out),
        lambda: run_python("-c", COPY, str(source), str(out)),
        lambda: run_python(*command),
    )
    print(
        f"{name}: csv alone {bare:.3f} s, replay {ours:.3f} s, ratio {ours / bare:.1f} "
        f"(goal: at most {GOAL}); as processes {bare_process:.3f} s and {our_process:.3f} s, "
        f"ratio {our_process / bare_process:.1f}; memory {run_python(*command)} MB"
    )


def main() -> None:
    """Measure the file that is named, or made-up ones."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if len(sys.argv) == 4:
            measure(Path(sys.argv[1]).name, *map(Path, sys.argv[1:]), folder=folder)
            return
        maps = EXAMPLES / "boston311_map.toml", EXAMPLES / "boston311_policy.toml"
        for kind, rows, more_columns in MADE_UP:
            source = folder / "rows.csv"
            write_rows(source, rows, more_columns)
            measure(f"{kind} {rows} rows", source, *maps, folder=folder)


if __name__ == "__main__":
    main()

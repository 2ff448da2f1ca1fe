"""How long a replay takes beside Python's csv module reading and writing the same rows.

Run it as ``python tests/bench/bench_replay.py``. The rows are made up: a narrow file with nothing
but what a replay needs, and a wide one as case systems export them.
"""

import csv
import random
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from complaints.channels.replay import run_replay

ROWS = 20_000
EXAMPLES = Path(__file__).resolve().parents[2] / "docs" / "examples"
COLUMNS = ["CASE_ENQUIRY_ID", "TYPE", "OPEN_DT", "CLOSED_DT", "CASE_TITLE", "Source"]
TYPES = ["Building Inspection Request", "Rodent Activity", "Utility Call-In", "Graffiti"]


def write_rows(path: Path, more_columns: int) -> None:
    """Write made-up requests of one year, two in three closed after up to twenty days."""
    dice = random.Random(11)
    form = "%m/%d/%Y %I:%M:%S %p"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([*COLUMNS, *(f"column {n}" for n in range(more_columns))])
        for n in range(ROWS):
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


def best_of_three(act: Callable[[], object]) -> float:
    """The shortest wall time of three runs, in seconds."""
    times = []
    for _ in range(3):
        began = time.perf_counter()
        act()
        times.append(time.perf_counter() - began)
    return min(times)


def main() -> None:
    """Print both times and their ratio for each file."""
    with tempfile.TemporaryDirectory() as folder:
        source, out = Path(folder) / "rows.csv", Path(folder) / "out.csv"
        maps = EXAMPLES / "boston311_map.toml", EXAMPLES / "boston311_policy.toml"
        for name, more_columns in (("narrow", 0), ("wide", 28)):
            write_rows(source, more_columns)
            bare = best_of_three(lambda: copy_rows(source, out))
            ours = best_of_three(lambda: run_replay(source, *maps, out))
            print(
                f"{name:6} {ROWS} rows: csv alone {bare:.3f} s, replay {ours:.3f} s, "
                f"ratio {ours / bare:.1f} (goal: at most 6)"
            )


if __name__ == "__main__":
    main()

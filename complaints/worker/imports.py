"""Files that were handed in on a page are checked and taken over, one after another."""

import tempfile
import time
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import structlog
import tomli_w

from complaints import clock
from complaints.channels.csv_import.reasons import spoken_in
from complaints.channels.csv_import.run_import import ImportCounts, import_file
from complaints.domain.errors import Refused
from complaints.domain.permissions import SYSTEM
from complaints.formats.inputs import UnusableFile
from complaints.takeover.import_runs import (
    CHECKING,
    claim,
    end_run,
    fail_run,
    give_back,
    is_waiting,
    tell_progress,
)
from complaints.worker.sweeps import JobResult, WorkerContext, reading

#: Between two batches SQLite's write lock is left to whoever waits for it at a desk.
BREATHER_SECONDS = 0.1

log = structlog.get_logger()


class _Stopping(Exception):
    """The worker ends; the file goes on with the next one."""


def take_over_files(context: WorkerContext, at: datetime) -> JobResult:
    """Read what waits, file by file, until nothing does."""
    handled = 0
    while not context.is_stopping():
        with reading(context.sessions) as session:
            if not is_waiting(session, clock.now()):
                break
        with context.sessions.begin() as session:
            run = claim(session, clock.now())
            if run is None:
                break
            given = (run.id, run.state == CHECKING, run.content, dict(run.map))
        handled += _read_one(context, *given)
    return JobResult(handled)


def _read_one(
    context: WorkerContext, run_id: int, is_check: bool, text: str, given: Mapping[str, Any]
) -> int:
    """Check or take over one file; returns how many rows were read."""

    def told(counts: ImportCounts) -> None:
        with context.sessions.begin() as session:
            tell_progress(session, run_id, counts.as_json(), clock.now())
        if context.is_stopping():
            raise _Stopping
        time.sleep(BREATHER_SECONDS)

    lang = str(given.get("lang", "id"))
    as_map = {name: each for name, each in given.items() if name not in ("lang", "header")}
    with tempfile.TemporaryDirectory(prefix="tanggap-import-") as folder:
        path, map_path = Path(folder, "import.csv"), Path(folder, "map.toml")
        path.write_text(text, encoding="utf-8", newline="")
        map_path.write_text(tomli_w.dumps(as_map), encoding="utf-8")
        try:
            counts = import_file(
                context.sessions,
                path,
                map_path,
                by=SYSTEM,
                at=clock.now(),
                dry_run=is_check,
                say=spoken_in(lang),
                told=told,
            )
        except _Stopping:
            with context.sessions.begin() as session:
                give_back(session, run_id)
            return 0
        except (UnusableFile, Refused) as error:
            with context.sessions.begin() as session:
                fail_run(session, run_id, error, clock.now())
            return 0
        rejected = counts.rejects_file
        rejects = Path(rejected).read_text(encoding="utf-8") if rejected else ""
    with context.sessions.begin() as session:
        end_run(session, run_id, counts.as_json(), rejects.replace("\x00", ""), clock.now())
    log.info("file read", run=run_id, check=is_check, rows=counts.read, rejected=counts.rejected)
    return counts.read

"""Files: previews of pictures are drawn, and bytes that belong to nobody are swept away."""

import time
from collections.abc import Collection
from datetime import datetime
from pathlib import Path
from tempfile import NamedTemporaryFile

from complaints.files.store import OBJECTS, PREVIEWS, Gone, open_store
from complaints.files.sweep import sweep_store
from complaints.models import Attachment
from complaints.queries.files.stored import is_preview_waiting, spoken_of, take_waiting
from complaints.rows import update_rows
from complaints.worker.sweeps import ROUND_SECONDS, JobResult, WorkerContext, reading


def draw_previews(context: WorkerContext, at: datetime) -> JobResult:
    """Draw what waits, one after the other, each looked at once.

    A picture is taken off the list before it is read: one that ends the process ends it once.
    """
    done, began = JobResult(), time.monotonic()
    with reading(context.sessions) as session:
        if not is_preview_waiting(session):
            return done
    while not context.is_stopping() and time.monotonic() - began < ROUND_SECONDS:
        with context.sessions.begin() as session:
            taken = take_waiting(session)
            if taken is None:
                break
            update_rows(session, Attachment, [{"id": taken[0], "preview": ""}])
        row_id, sha256 = taken
        if _draw(sha256):
            with context.sessions.begin() as session:
                update_rows(session, Attachment, [{"id": row_id, "preview": "made"}])
        done.handled += 1
    return done


def sweep_files(context: WorkerContext, at: datetime) -> JobResult:
    """Take away what no complaint speaks of, and count how full the store is."""

    def is_spoken_of(hashes: Collection[str]) -> set[str]:
        with reading(context.sessions) as session:
            return spoken_of(session, hashes)

    with open_store() as store:
        swept = sweep_store(store, is_spoken_of, at)
    return JobResult(handled=swept.laid_aside + swept.put_back + swept.deleted)


def _draw(sha256: str) -> bool:
    """Draw the preview of these bytes unless there is one; whether there is one now."""
    # Pillow is large, and most workers' rounds have no picture.
    from complaints.files.previews import draw_preview

    with open_store() as store:
        if store.has(PREVIEWS, sha256):
            return True
        try:
            with store.open(OBJECTS, sha256) as file:
                drawn = draw_preview(file)
        except Gone:
            return False
        if drawn is None:
            return False
        with NamedTemporaryFile(prefix="tanggap-") as part:
            part.write(drawn)
            part.flush()
            store.put(PREVIEWS, sha256, Path(part.name))
    return True

"""What an engine promises on each database."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import text

from complaints.db import make_engine


def test_a_commit_that_was_acknowledged_is_on_the_disk(tmp_path: Path):
    engine = make_engine(f"sqlite:///{tmp_path}/x.db")
    with engine.connect() as connection:
        flushed = {"OFF": 0, "NORMAL": 1, "FULL": 2}
        assert connection.scalar(text("PRAGMA synchronous")) == flushed["FULL"]
    engine.dispose()

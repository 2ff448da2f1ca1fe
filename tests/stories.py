"""What had happened before a test began: told once for each kind of database, then copied."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Generic, TypeVar

from sqlalchemy.orm import Session

from tests.databases import Onward
from tests.office import Office, staff

Told = TypeVar("Told")


class Story(Generic[Told]):
    """A few complaints and how they went; `prepare` is what `Databases.fresh` copies."""

    def __init__(self, tell: Callable[[Office], Told]) -> None:
        self.tell = tell
        self.endings: tuple[Told, datetime] | None = None
        self.prepare = Onward(staff, self._prepare)

    def _prepare(self, url: str) -> None:
        """Bring a database to the end of the story."""
        from complaints.db import make_engine

        engine = make_engine(url)
        with Session(engine, expire_on_commit=False) as session:
            office = Office(engine, session)
            self.endings = (self.tell(office), office.at)
        engine.dispose()

    def go_on(self, office: Office) -> Told:
        """Let the office of a test go on where the story ended; returns what it told."""
        assert self.endings is not None, "the test's database is not a copy of this story"
        told, office.at = self.endings
        return told

"""Files that administrators hand in to be taken over, and what became of each."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from complaints.db import Base, Json, UTCDateTime

#: Written out, so that both databases recognise their partial index.
WAITS = "state IN ('checking', 'importing')"


class ImportRun(Base):
    """A file on its way in: `uploaded`, `checking`, `checked`, `importing`, `done` or `failed`.

    `content` is the file as CSV in UTF-8 and `rejects` the rejected rows; both hold what customers
    said and are emptied some weeks later. `total` and the counts are rows. Sealed is who handed in
    which file and how many rows became what; the file itself is a working copy.
    """

    __tablename__ = "import_runs"
    sealed_by = "id"
    unsealed = frozenset(
        {"content", "rejects", "map", "read", "changed_at", "leased_until", "attempts"}
    )
    __table_args__ = (
        # The worker asks every other second whether there is one.
        Index(
            "ix_import_runs_waiting",
            "id",
            postgresql_where=text(WAITS),
            sqlite_where=text(WAITS),
        ),
        Index("ix_import_runs_changed", "changed_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    file_name: Mapped[str] = mapped_column(String(200))
    content: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(10))
    #: A MAP.toml as data, with the language of the reasons under `lang`.
    map: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    by_name: Mapped[str] = mapped_column(String(120))
    uploaded_at: Mapped[datetime] = mapped_column(UTCDateTime)
    changed_at: Mapped[datetime] = mapped_column(UTCDateTime)
    total: Mapped[int]
    read: Mapped[int] = mapped_column(default=0)
    created: Mapped[int] = mapped_column(default=0)
    grouped: Mapped[int] = mapped_column(default=0)
    already_there: Mapped[int] = mapped_column(default=0)
    rejected: Mapped[int] = mapped_column(default=0)
    rejects: Mapped[str] = mapped_column(Text, default="")
    why: Mapped[str] = mapped_column(Text, default="")
    #: Which worker has it, until when nobody else takes it.
    leased_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    attempts: Mapped[int] = mapped_column(default=0)

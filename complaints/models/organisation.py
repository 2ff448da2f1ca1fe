"""The organisation: branches, teams, categories, and its rules in numbered versions."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from complaints.db import Base, Json, UTCDateTime


class Branch(Base):
    """A service office; its calendar says when it works and in which zone."""

    __tablename__ = "branches"
    sealed_by = "id"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(20), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    calendar: Mapped[str] = mapped_column(String(60))
    address: Mapped[str] = mapped_column(Text, default="")
    phone: Mapped[str] = mapped_column(String(40), default="")


class Team(Base):
    """An internal party that complaints can be passed to."""

    __tablename__ = "teams"
    sealed_by = "id"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(20), unique=True)
    label_id: Mapped[str] = mapped_column(String(120))
    label_en: Mapped[str] = mapped_column(String(120))
    lead_id: Mapped[int | None] = mapped_column(
        ForeignKey("users.id", use_alter=True), default=None
    )


class Category(Base):
    """A type of complaint; `severity` runs from 1 (light) to 4 (critical)."""

    __tablename__ = "categories"

    code: Mapped[str] = mapped_column(String(40), primary_key=True)
    label_id: Mapped[str] = mapped_column(String(120))
    label_en: Mapped[str] = mapped_column(String(120))
    severity: Mapped[int]
    position: Mapped[int] = mapped_column(default=0)
    is_active: Mapped[bool] = mapped_column(default=True)


class RuleVersion(Base):
    """One version of a calendar, policy, ladder, taxonomy or other rule as loaded from config.

    Rows are never changed: an edit is a new version, and what was handled under the old one
    keeps pointing at it.
    """

    __tablename__ = "rule_versions"
    sealed_by = "id"
    __table_args__ = (
        UniqueConstraint("kind", "code", "version"),
        # The latest version of each rule, for the rule book.
        Index("ix_rule_versions_latest", "kind", "code", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(30))
    code: Mapped[str] = mapped_column(String(80))
    version: Mapped[int]
    body: Mapped[dict[str, Any]] = mapped_column(Json)
    content_hash: Mapped[str] = mapped_column(String(64))
    loaded_at: Mapped[datetime] = mapped_column(UTCDateTime)
    loaded_by: Mapped[str] = mapped_column(String(120), default="")
    #: ``config`` when read from a file, ``admin`` when edited on a page; an unchanged file never
    #: overrides what was edited after it was read.
    origin: Mapped[str] = mapped_column(String(10), default="config", server_default="config")


class RecalculationJob(Base):
    """Counting running clocks anew under a changed rule, batch by batch, and how far it is.

    `total` and `done` count complaints, the other figures clocks; `after_id` is the complaint
    behind which the next batch begins. `change` says which change of the rule it is.
    """

    __tablename__ = "recalculations"
    __table_args__ = (
        # The worker asks every second whether there is one.
        Index(
            "ix_recalculations_waiting",
            "id",
            postgresql_where=text("ended_at IS NULL"),
            sqlite_where=text("ended_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(30))
    code: Mapped[str] = mapped_column(String(80))
    change: Mapped[dict[str, Any]] = mapped_column(Json)
    reason: Mapped[str] = mapped_column(Text)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    by_name: Mapped[str] = mapped_column(String(120))
    booked_at: Mapped[datetime] = mapped_column(UTCDateTime)
    total: Mapped[int]
    done: Mapped[int] = mapped_column(default=0)
    after_id: Mapped[int] = mapped_column(default=0)
    clocks: Mapped[int] = mapped_column(default=0)
    moved: Mapped[int] = mapped_column(default=0)
    started: Mapped[int] = mapped_column(default=0)
    ended: Mapped[int] = mapped_column(default=0)
    #: Vain tries since the last batch that went well, and when the next one may be made.
    attempts: Mapped[int] = mapped_column(default=0)
    try_at: Mapped[datetime] = mapped_column(UTCDateTime)
    last_error: Mapped[str] = mapped_column(Text, default="")
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

"""Public posts about us, the clock of their public reply, and their history."""

from datetime import datetime
from typing import ClassVar

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from complaints.db import Base, UTCDateTime
from complaints.models.chained import ChainedEntry

_WAITS = "next_at IS NOT NULL"


class PublicPost(Base):
    """What somebody said of us in public, and what we answered there.

    `text` is what was seen first; `text_now` what it was changed to, `gone_at` when it was found
    deleted. The clock runs from when it was posted until somebody records the reply or sets it
    aside; `late_at` is the due time that passed. `complaint_id` is the private conversation.
    """

    __tablename__ = "public_posts"
    # As a register: most posts never belong to a complaint.
    sealed_by, sealed_apart = "id", True
    #: Where the clock stands on its ladder is rebuilt from the other columns.
    unsealed = frozenset({"fired", "next_at", "history_seq", "history_hash"})
    __table_args__ = (
        UniqueConstraint("link_key", name="uq_public_posts_link_key"),
        # What waits for a reply, the latest first; what has ended, the newest first.
        Index("ix_public_posts_state_due", "state", "due_at", "id"),
        Index("ix_public_posts_state", "state", "id"),
        Index("ix_public_posts_branch_due", "branch_id", "state", "due_at", "id"),
        Index("ix_public_posts_branch", "branch_id", "state", "id"),
        # The sweep takes what is due, oldest first.
        Index(
            "ix_public_posts_next",
            "next_at",
            "id",
            postgresql_where=text(_WAITS),
            sqlite_where=text(_WAITS),
        ),
        # The figures of a period.
        Index("ix_public_posts_posted", "posted_at", "branch_id", "channel", "state"),
        # The posts of a complaint.
        Index("ix_public_posts_complaint", "complaint_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[int]
    branch_id: Mapped[int] = mapped_column(ForeignKey("branches.id"))
    channel: Mapped[str] = mapped_column(String(20))
    source: Mapped[str] = mapped_column(String(40))
    link: Mapped[str] = mapped_column(Text)
    #: What every way of writing the same link shares.
    link_key: Mapped[str] = mapped_column(String(64))
    author: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(Text)
    posted_at: Mapped[datetime] = mapped_column(UTCDateTime)
    taken_at: Mapped[datetime] = mapped_column(UTCDateTime)
    taken_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    taken_by_name: Mapped[str] = mapped_column(String(120))
    text_now: Mapped[str] = mapped_column(Text, default="")
    gone_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    state: Mapped[str] = mapped_column(String(10), default="open")
    due_at: Mapped[datetime] = mapped_column(UTCDateTime)
    calendar_version_id: Mapped[int] = mapped_column(ForeignKey("rule_versions.id"))
    ladder_version_id: Mapped[int] = mapped_column(ForeignKey("rule_versions.id"))
    late_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    #: How many steps of the ladder's schedule have happened, and when the next one does.
    fired: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    #: The first reply; later ones stand in the history.
    reply: Mapped[str] = mapped_column(Text, default="")
    reply_link: Mapped[str] = mapped_column(Text, default="")
    replied_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    #: Who replied, or set it aside, and when that was recorded; the clock ended then.
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    ended_by_name: Mapped[str] = mapped_column(String(120), default="")
    reason: Mapped[str] = mapped_column(Text, default="")
    complaint_id: Mapped[int | None] = mapped_column(ForeignKey("complaints.id"))

    history_seq: Mapped[int] = mapped_column(default=0)
    history_hash: Mapped[str] = mapped_column(String(64), default="")


class PublicPostEntry(ChainedEntry, Base):
    """What was done to a post, by whom; the entries of a post hang on one chain."""

    __tablename__ = "public_post_history"
    OWNER: ClassVar[str] = "post_id"
    __table_args__ = (
        UniqueConstraint("post_id", "seq", name="uq_public_post_history_post_id_seq"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("public_posts.id"))
    key_id: Mapped[str] = mapped_column(String(8))

"""Files on a complaint: who attached which, for whose eyes, and which colleagues opened it."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from complaints.db import Base, UTCDateTime

_IS_WAITING = "preview = 'waiting'"


class Attachment(Base):
    """One file on one complaint; its bytes lie in the store under `sha256`, as others' may too.

    Who may have it is said by this row and never by the hash. `preview` is empty where there is
    none, `waiting` for the worker, or `made`.
    """

    __tablename__ = "attachments"
    sealed_by = "id"
    unsealed = frozenset({"preview"})
    __table_args__ = (
        Index("ix_attachments_complaint", "complaint_id", "id"),
        # The sweep asks which of the stored bytes somebody speaks of.
        Index("ix_attachments_sha256", "sha256"),
        Index(
            "ix_attachments_preview",
            "id",
            postgresql_where=text(_IS_WAITING),
            sqlite_where=text(_IS_WAITING),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    complaint_id: Mapped[int] = mapped_column(ForeignKey("complaints.id"))
    sha256: Mapped[str] = mapped_column(String(64))
    #: Bytes.
    size: Mapped[int]
    #: By the first bytes, whatever was claimed.
    type: Mapped[str] = mapped_column(String(80))
    name: Mapped[str] = mapped_column(String(120))
    #: One of `domain/attachments.AttachmentKind`.
    kind: Mapped[str] = mapped_column(String(24))
    #: The way it came in: desk, portal, email, api …
    source: Mapped[str] = mapped_column(String(20), default="")
    #: The note or message that it came with.
    note_id: Mapped[int | None] = mapped_column(ForeignKey("notes.id"))
    shown_to_customer: Mapped[bool]
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    #: None for the customer.
    by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    by_name: Mapped[str] = mapped_column(String(120))
    hidden_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    hidden_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    hide_reason: Mapped[str] = mapped_column(Text, default="")
    preview: Mapped[str] = mapped_column(String(8), default="")

    @property
    def is_hidden(self) -> bool:
        """Whether somebody took it from the customer's sight, to whom nothing sends it then."""
        return self.hidden_at is not None and not self.shown_to_customer


class AttachmentView(Base):
    """That a person opened a file, the first time; without a user it was the customer."""

    __tablename__ = "attachment_views"
    sealed_by = "id"
    __table_args__ = (
        Index(
            "uq_attachment_views_user",
            "attachment_id",
            "user_id",
            unique=True,
            postgresql_where=text("user_id IS NOT NULL"),
            sqlite_where=text("user_id IS NOT NULL"),
        ),
        Index(
            "uq_attachment_views_customer",
            "attachment_id",
            unique=True,
            postgresql_where=text("user_id IS NULL"),
            sqlite_where=text("user_id IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    attachment_id: Mapped[int] = mapped_column(ForeignKey("attachments.id"))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    at: Mapped[datetime] = mapped_column(UTCDateTime)

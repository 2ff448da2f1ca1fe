"""Messages as they came in, and how far each mailbox has been read."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, LargeBinary, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from complaints.db import Base, Json, UTCDateTime

#: Written out, so that both databases recognise their partial indexes.
AWAITS_DECISION = "action = 'quarantined' AND reviewed_at IS NULL"
IS_UNASSIGNED = "complaint_id IS NULL"
HAS_WORDS = "emptied_at IS NULL"


class InboundMessage(Base):
    """One message from outside, taken in once; `fingerprint` is what makes two fetches one.

    `action` says what became of it by itself: created, appended, ignored, bounce, auto_reply or
    quarantined; `reason` is the code of why. What a person decided afterwards stands in `decision`.
    """

    __tablename__ = "inbound_messages"
    sealed_by, sealed_apart = "id", True
    __table_args__ = (
        # What waits for a person, the newest first: everywhere, and of one branch. The action is
        # always the same there; SQLite takes an index only for a column that it can look up.
        Index(
            "ix_inbound_messages_waiting",
            "action",
            "id",
            postgresql_where=text(AWAITS_DECISION),
            sqlite_where=text(AWAITS_DECISION),
        ),
        Index(
            "ix_inbound_messages_waiting_branch",
            "branch_id",
            "action",
            "id",
            postgresql_where=text(AWAITS_DECISION),
            sqlite_where=text(AWAITS_DECISION),
        ),
        # What belongs to no complaint, likewise; SQLite has the one of the complaint.
        Index(
            "ix_inbound_messages_unassigned",
            "id",
            postgresql_where=text(IS_UNASSIGNED),
            sqlite_where=text(IS_UNASSIGNED),
        ),
        Index(
            "ix_inbound_messages_unassigned_branch",
            "branch_id",
            "id",
            postgresql_where=text(IS_UNASSIGNED),
            sqlite_where=text(IS_UNASSIGNED),
        ),
        # Which message another one answers.
        Index("ix_inbound_messages_message_mark", "message_mark"),
        # How many came from one address lately, and which complaints it is known to.
        Index("ix_inbound_messages_sender", "from_address", "taken_at"),
        Index("ix_inbound_messages_complaint", "complaint_id", "id"),
        # What the worker may still have to empty.
        Index(
            "ix_inbound_messages_with_words",
            "id",
            postgresql_where=text(HAS_WORDS),
            sqlite_where=text(HAS_WORDS),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    #: Where it was fetched first: a mailbox with its UIDVALIDITY and UID, or ``pipe``.
    source: Mapped[str] = mapped_column(String(200))
    fingerprint: Mapped[str] = mapped_column(String(64), unique=True)
    #: SHA-256 of the raw message, and how many bytes it has.
    sha256: Mapped[str] = mapped_column(String(64))
    size: Mapped[int]
    message_id: Mapped[str] = mapped_column(String(900), default="")
    #: SHA-256 of its Message-ID, to be looked for; None where it has none.
    message_mark: Mapped[str | None] = mapped_column(String(64))
    from_name: Mapped[str] = mapped_column(String(200), default="")
    from_address: Mapped[str] = mapped_column(String(254), default="")
    recipients: Mapped[list[str]] = mapped_column(Json, default=list)
    subject: Mapped[str] = mapped_column(String(300), default="")
    #: The Date header as told; it decides nothing.
    sent_text: Mapped[str] = mapped_column(String(100), default="")
    received_at: Mapped[datetime] = mapped_column(UTCDateTime)
    taken_at: Mapped[datetime] = mapped_column(UTCDateTime)
    text: Mapped[str] = mapped_column(Text, default="")

    kind: Mapped[str] = mapped_column(String(12))
    action: Mapped[str] = mapped_column(String(12))
    reason: Mapped[str] = mapped_column(String(40))
    complaint_id: Mapped[int | None] = mapped_column(ForeignKey("complaints.id"))
    #: The contact that somebody made of it, which is no complaint.
    contact_id: Mapped[int | None]
    #: The complaint that it may belong to, for the person who decides.
    proposal_id: Mapped[int | None] = mapped_column(ForeignKey("complaints.id"))
    #: Whose mail it is to sort; None for head office.
    branch_id: Mapped[int | None] = mapped_column(ForeignKey("branches.id"))
    language: Mapped[str] = mapped_column(String(2), default="id")
    category: Mapped[str | None] = mapped_column(String(60))

    reviewed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    reviewed_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    reviewed_by_name: Mapped[str] = mapped_column(String(120), default="")
    #: attached, created, contact or ignored.
    decision: Mapped[str] = mapped_column(String(10), default="")
    decision_reason: Mapped[str] = mapped_column(Text, default="")
    #: Since when its words, its names and addresses and its raw bytes are kept no longer.
    emptied_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class InboundSource(Base):
    """The raw bytes of a message as they came, packed with zlib; one row until it is emptied.

    Their hash stands in the message, which is sealed.
    """

    __tablename__ = "inbound_sources"

    message_id: Mapped[int] = mapped_column(
        ForeignKey("inbound_messages.id"), primary_key=True, autoincrement=False
    )
    packed: Mapped[bytes] = mapped_column(LargeBinary)


class Mailbox(Base):
    """How far a mailbox has been read: every UID up to `last_uid` of this `uidvalidity` is taken.

    `last_error` is the kind of what went wrong last, without names; empty when all went well.
    """

    __tablename__ = "mailboxes"

    name: Mapped[str] = mapped_column(String(200), primary_key=True)
    uidvalidity: Mapped[int | None] = mapped_column(BigInteger)
    last_uid: Mapped[int] = mapped_column(BigInteger, default=0)
    tried_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    succeeded_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    #: Since when it could not be read to its end; None where it could, the last time.
    failing_since: Mapped[datetime | None] = mapped_column(UTCDateTime)
    last_error: Mapped[str] = mapped_column(String(120), default="")
    #: Since when administrators know that it cannot be read; None while it can.
    told_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

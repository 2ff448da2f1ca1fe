"""The complaint, the records of what was said and done, and its history."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from complaints.db import Base, Json, UTCDateTime
from complaints.domain.evidence import PROOF_RULES
from complaints.domain.history import GENESIS
from complaints.domain.lifecycle import Status
from complaints.models.customer import Customer
from complaints.models.organisation import Branch
from complaints.models.people import User

_IS_TO_SIGN = "signature_asked_at IS NOT NULL"
_IS_LATE = "recorded_at IS NOT NULL"
#: Notes among colleagues and what passed between us and the customer are paged apart.
IS_INTERNAL = "direction = 'internal'"
IS_CONVERSATION = "direction <> 'internal'"
_IS_DUPLICATE = "duplicate_of_id IS NOT NULL"
#: Acts that the report counts among its exceptions, `table.` before each column where it is asked
#: of several tables. Both databases find the few of them by an index only if it is written so.
IS_EXCEPTIONAL_ACT = (
    "({0}what = 'override_priority'"
    " OR ({0}what = 'inform' AND ({0}detail ->> 'not_needed') IS NOT NULL)"
    " OR ({0}what IN ('apologise','apologise_again','thank')"
    " AND ({0}detail ->> 'anyway') IS NOT NULL))"
)
_GOES_ON = "continues_id IS NOT NULL"
_IS_RARE_OPEN = "status IN ('received','offered','accepted')"
_IS_RARE_ENDING = "status IN ('withdrawn','referred')"
_IS_OPEN = "status IN ('received','registered','in_handling','offered','accepted')"
_IS_ENDED_UNHANDLED = "handler_id IS NULL AND status IN ('closed','withdrawn','referred')"
_IS_ENDED_DUE = "next_due_at IS NOT NULL AND status IN ('closed','withdrawn','referred')"
_CLOSED: Any = dict.fromkeys(("postgresql_where", "sqlite_where"), text("closed_at IS NOT NULL"))
_HAS_CAUSE = "confirmed_cause IS NOT NULL"
#: What lists are narrowed by stands in their own indexes, which so decide it without the rows.
_ASKED = ("status", "team_id", "priority", "channel", "product", "customer_id", "confirmed_cause")
_OF_ALL = ("category", "handler_id", *_ASKED, "next_due_at")
_OF_ENDED = ("category", *_ASKED)
_OF_HANDLER = (*_OF_ENDED, "waiting_customer")
_OF_OPEN = ("category", "handler_id", *_OF_HANDLER[1:])


class Complaint(Base):
    """One expression of dissatisfaction that awaits an answer, in the customer's own words.

    `status` is assigned in `steps/advance.py` only. For lists `next_due_at` repeats the earliest
    running deadline, and `confirmed_cause` the code of the cause confirmed last.
    """

    __tablename__ = "complaints"
    sealed_by = "id"
    sealed_as = {"policy_codes": "packs"}
    unsealed = frozenset({"version", "history_seq", "history_hash", "confirmed_cause"})
    __table_args__ = (
        # The work list: open complaints of a branch, the most urgent first.
        Index(
            "ix_complaints_open_by_branch",
            "branch_id",
            "next_due_at",
            "id",
            *_OF_OPEN,
            postgresql_where=text(_IS_OPEN),
            sqlite_where=text(_IS_OPEN),
        ),
        # The same for people who see every branch.
        Index(
            "ix_complaints_open_by_due",
            "next_due_at",
            "id",
            "branch_id",
            *_OF_OPEN,
            postgresql_where=text(_IS_OPEN),
            sqlite_where=text(_IS_OPEN),
        ),
        # The same narrowed by what few of them have, and a branch's newest first: one index of each
        # kind, so that two filters meet in what either leaves.
        *(
            Index(
                f"ix_complaints_open_by_{name}",
                *columns,
                postgresql_where=text(_IS_OPEN),
                sqlite_where=text(_IS_OPEN),
            )
            for name, columns in {
                "handler": ("handler_id", "next_due_at", "id", "branch_id", *_OF_HANDLER),
                "customer": ("customer_id", "next_due_at", "id", "branch_id"),
                "priority": ("priority", "next_due_at", "id"),
                "channel": ("channel", "next_due_at", "id"),
                "category": ("category", "next_due_at", "id"),
                "received": ("branch_id", "received_at", "id"),
            }.items()
        ),
        # What was closed in a period.
        Index("ix_complaints_closed", "closed_at", "id", **_CLOSED),
        # Not of every open status: SQLite would look the open ones up by it, and sort them all.
        Index(
            "ix_complaints_open_by_status",
            "status",
            "next_due_at",
            "id",
            postgresql_where=text(_IS_RARE_OPEN),
            sqlite_where=text(_IS_RARE_OPEN),
        ),
        # Of all that there are, finished ones included, newest first.
        Index("ix_complaints_priority_received", "priority", "received_at", "id"),
        Index("ix_complaints_channel_received", "channel", "received_at", "id"),
        Index("ix_complaints_category_received", "category", "received_at", "id"),
        Index(
            "ix_complaints_rare_endings",
            "status",
            "received_at",
            "id",
            postgresql_where=text(_IS_RARE_ENDING),
            sqlite_where=text(_IS_RARE_ENDING),
        ),
        # What repeats a complaint: its money counts along.
        Index(
            "ix_complaints_duplicate_of",
            "duplicate_of_id",
            postgresql_where=text(_IS_DUPLICATE),
            sqlite_where=text(_IS_DUPLICATE),
        ),
        # What goes on from it, for whoever opens its page.
        Index(
            "ix_complaints_continues",
            "continues_id",
            postgresql_where=text(_GOES_ON),
            sqlite_where=text(_GOES_ON),
        ),
        # All that somebody has handled, newest first; and what ended in nobody's hands.
        Index("ix_complaints_handler", "handler_id", "received_at", "id", "branch_id", *_OF_ENDED),
        Index(
            "ix_complaints_ended_unhandled",
            "received_at",
            "id",
            "branch_id",
            postgresql_where=text(_IS_ENDED_UNHANDLED),
            sqlite_where=text(_IS_ENDED_UNHANDLED),
        ),
        # Where something is still to be delivered.
        Index(
            "ix_complaints_ended_due",
            "next_due_at",
            "id",
            "branch_id",
            postgresql_where=text(_IS_ENDED_DUE),
            sqlite_where=text(_IS_ENDED_DUE),
        ),
        # What had a rare cause.
        Index(
            "ix_complaints_cause",
            "confirmed_cause",
            "received_at",
            "id",
            "branch_id",
            "status",
            postgresql_where=text(_HAS_CAUSE),
            sqlite_where=text(_HAS_CAUSE),
        ),
        # A team's queue.
        Index("ix_complaints_team", "team_id", "next_due_at", "id"),
        # The list of a branch, newest first.
        Index("ix_complaints_branch_received", "branch_id", "received_at", "id", *_OF_ALL),
        # The list of all, newest first; the report reads the rest here as well.
        Index("ix_complaints_received", "received_at", "id", "branch_id", *_OF_ALL),
        # The auditor ends pauses that no clock will end.
        Index(
            "ix_complaints_waiting",
            "id",
            postgresql_where=text("waiting_customer"),
            sqlite_where=text("waiting_customer"),
        ),
        # The board's complaints whose exits somebody has to sign.
        Index(
            "ix_complaints_to_sign",
            "signature_asked_at",
            "id",
            postgresql_where=text(_IS_TO_SIGN),
            sqlite_where=text(_IS_TO_SIGN),
        ),
        # What was told with another phone or address than the customer's record has.
        Index("ix_complaints_contact_phone", "contact_phone"),
        Index("ix_complaints_contact_email", "contact_email"),
        # The import finds what is already there.
        UniqueConstraint("source", "external_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    #: Local year of receipt; with the id it makes the public number.
    year: Mapped[int]
    source: Mapped[str] = mapped_column(String(60), default="desk")
    external_id: Mapped[str | None] = mapped_column(String(120))
    branch_id: Mapped[int] = mapped_column(ForeignKey("branches.id"))
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"), index=True)
    #: Who complained and where their letters go, as told of this complaint: what is changed on the
    #: customer's own record leads nobody else's letters away.
    contact_name: Mapped[str] = mapped_column(String(200), default="", server_default="")
    contact_salutation: Mapped[str] = mapped_column(String(40), default="", server_default="")
    contact_phone: Mapped[str | None] = mapped_column(String(20))
    contact_email: Mapped[str | None] = mapped_column(String(254))
    #: A customer number that was told and is another's, until settled; None without a doubt.
    doubted_number: Mapped[str | None] = mapped_column(String(40))
    received_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    handler_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    team_id: Mapped[int | None] = mapped_column(ForeignKey("teams.id"))

    channel: Mapped[str] = mapped_column(String(20))
    category: Mapped[str | None] = mapped_column(ForeignKey("categories.code"))
    story: Mapped[str] = mapped_column(Text)
    summary: Mapped[str] = mapped_column(Text, default="")
    product: Mapped[str] = mapped_column(String(120), default="")
    remedy_wanted: Mapped[str] = mapped_column(Text, default="")
    received_at: Mapped[datetime] = mapped_column(UTCDateTime)
    incident_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    #: When the last document the customer had to bring was there; None while one is awaited, or
    #: where nobody needed any.
    documents_complete_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    #: The policies it is handled under, by code; None where nobody kept them.
    policy_codes: Mapped[list[str] | None] = mapped_column(Json)
    record_gaps: Mapped[dict[str, str]] = mapped_column(Json, default=dict)

    status: Mapped[str] = mapped_column(String(20), default=Status.RECEIVED)
    waiting_customer: Mapped[bool] = mapped_column(default=False)
    #: Closed, with an accepted remedy that is still to be delivered.
    awaiting_delivery: Mapped[bool] = mapped_column(default=False, server_default=false())
    #: The customer was asked in writing whether the summary is right, and has not said so yet.
    awaiting_confirmation: Mapped[bool] = mapped_column(default=False, server_default=false())
    cycle: Mapped[int] = mapped_column(default=1)
    severity: Mapped[int] = mapped_column(default=2)
    priority: Mapped[str] = mapped_column(String(2))
    priority_reason: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    outcome: Mapped[str | None] = mapped_column(String(30))
    closed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    #: Taken, handled and closed in one conversation (`domain/lifecycle.py`).
    is_first_contact: Mapped[bool] = mapped_column(default=False, server_default=false())

    next_due_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    next_due_kind: Mapped[str | None] = mapped_column(String(20))
    confirmed_cause: Mapped[str | None] = mapped_column(String(40))
    promised_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    #: The very first date the customer was told; once written it is never changed, also not by a
    #: reopening. None where none was told, or where nothing is left that says which it was.
    first_told_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    escalation_level: Mapped[int] = mapped_column(default=0)
    #: Since when exits wait for somebody's signature; None when none do.
    signature_asked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    #: The complaint that this one only repeats, and that its customer follows instead.
    duplicate_of_id: Mapped[int | None]
    #: The contact that it goes on as, because it was no complaint.
    contact_id: Mapped[int | None]
    #: The ended complaint that this one goes on from, because its customer came back too late for
    #: it to be opened again.
    continues_id: Mapped[int | None]

    #: Seed of the customer's secret link; the link itself needs the server's key as well.
    follow_nonce: Mapped[str] = mapped_column(String(32), default="")
    #: When the present link was given anew; None for the one that the complaint began with.
    link_given_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    history_seq: Mapped[int] = mapped_column(default=0)
    history_hash: Mapped[str] = mapped_column(String(64), default=GENESIS)
    version: Mapped[int] = mapped_column(default=1)

    customer: Mapped[Customer] = relationship(lazy="raise")
    branch: Mapped[Branch] = relationship(lazy="raise")
    handler: Mapped[User | None] = relationship(lazy="raise", foreign_keys=[handler_id])

    __mapper_args__ = {"version_id_col": version}


class StepRecord(Base):
    """Proof of one criterion: who, when, by which means, in which words, or why not.

    `words` is what was said or sent, as it was; rows are never changed.
    """

    __tablename__ = "step_records"
    sealed_by = "id"
    __table_args__ = (
        Index("ix_step_records_complaint", "complaint_id", "id"),
        Index("ix_step_records_by", "by_id", "at", "complaint_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    complaint_id: Mapped[int] = mapped_column(ForeignKey("complaints.id"))
    criterion: Mapped[str] = mapped_column(String(7))
    record: Mapped[str] = mapped_column(String(30))
    cycle: Mapped[int] = mapped_column(default=1)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    by_name: Mapped[str] = mapped_column(String(120))
    method: Mapped[str] = mapped_column(String(20), default="")
    words: Mapped[str] = mapped_column(Text, default="")
    is_unable: Mapped[bool] = mapped_column(default=False)
    reason: Mapped[str] = mapped_column(Text, default="")
    detail: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    #: The outbox key of the letter that carries the words; None where somebody said them.
    letter_key: Mapped[str | None] = mapped_column(String(160))
    #: The confirmed cause that stood when it was made; what is told of it rests on that one.
    cause_id: Mapped[int | None] = mapped_column(ForeignKey("causes.id"))
    #: Under which rules it was made: 1 took everybody's word, see `domain/evidence`.
    proof_rules: Mapped[int] = mapped_column(default=PROOF_RULES, server_default="1")


class HistoryEntry(Base):
    """One line of a complaint's history; append-only, each hash covers the line before.

    `recorded_at` repeats what `detail` says of a line that was dated back, to be searched by.
    """

    __tablename__ = "history"
    __table_args__ = (
        UniqueConstraint("complaint_id", "seq"),
        # The report counts what was dated back ...
        Index(
            "ix_history_recorded",
            "recorded_at",
            postgresql_where=text(_IS_LATE),
            sqlite_where=text(_IS_LATE),
        ),
        # ... and the exceptions that have no table of their own.
        Index(
            "ix_history_exceptional",
            "at",
            postgresql_where=text(IS_EXCEPTIONAL_ACT.format("")),
            sqlite_where=text(IS_EXCEPTIONAL_ACT.format("")),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    complaint_id: Mapped[int] = mapped_column(ForeignKey("complaints.id"))
    seq: Mapped[int]
    what: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    recorded_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    by_name: Mapped[str] = mapped_column(String(120))
    detail: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    prev_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))
    #: Which key signed it; None for an entry of the old kind, which was hashed only.
    key_id: Mapped[str | None] = mapped_column(String(8))


class HistorySeal(Base):
    """What a transaction wrote of a complaint's records: a line of its chain behind entry `seq`.

    `content` is table → key of the record → its mark (`domain/history`). A seal without
    `prev_hash` stands by itself: what became of a letter, written while nobody holds the
    complaint. There is no foreign key: a seal outlives the complaint it speaks of. The opening
    seal, of complaint 0, says up to which id each table held rows from before there were seals.
    """

    __tablename__ = "history_seals"
    __table_args__ = (Index("ix_history_seals_complaint", "complaint_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    complaint_id: Mapped[int]
    seq: Mapped[int]
    content: Mapped[dict[str, Any]] = mapped_column(Json)
    prev_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))
    key_id: Mapped[str] = mapped_column(String(8))


class Note(Base):
    """What staff wrote to each other (`internal`), told the customer (`out`) or heard (`in`)."""

    __tablename__ = "notes"
    sealed_by = "id"
    __table_args__ = (
        Index("ix_notes_complaint", "complaint_id", "id"),
        *(
            Index(
                name,
                "complaint_id",
                "at",
                "id",
                postgresql_where=text(rows),
                sqlite_where=text(rows),
            )
            for name, rows in (
                ("ix_notes_internal", IS_INTERNAL),
                ("ix_notes_conversation", IS_CONVERSATION),
            )
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    complaint_id: Mapped[int] = mapped_column(ForeignKey("complaints.id"))
    direction: Mapped[str] = mapped_column(String(10))
    text: Mapped[str] = mapped_column(Text)
    method: Mapped[str] = mapped_column(String(20), default="")
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    by_name: Mapped[str] = mapped_column(String(120))

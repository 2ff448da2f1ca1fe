"""The record of a message that came in: what it said, what became of it, and its raw bytes."""

import hashlib
import zlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import insert
from sqlalchemy.orm import Session

from complaints.domain.config.mailboxes import MailboxRule
from complaints.domain.mail.message import MOST_BYTES, MailMessage
from complaints.models import InboundMessage, InboundSource
from complaints.queries.mail.belonging import mark_of
from complaints.rows import insert_one, table_of
from complaints.rulebook import RuleBook

#: A mail server's clock may be ahead of ours by so much.
_AHEAD = timedelta(minutes=5)
#: So much of a text is kept beside the raw message.
_LONGEST_TEXT = 200_000


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a message was fetched: the mailbox as we call it and its address, and its place there.

    `received_at` is when the mail server took it in; None where nobody says.
    """

    name: str = "pipe"
    address: str = ""
    place: str = ""
    received_at: datetime | None = None
    #: How large the message is where only its head was fetched.
    size: int | None = None

    @property
    def source(self) -> str:
        """As it is kept."""
        return f"{self.name}:{self.place}"[:200] if self.place else self.name[:200]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a message; `number` is the complaint's, None where it belongs to none."""

    action: str
    reason: str
    number: str | None = None
    complaint_id: int | None = None
    proposal_id: int | None = None

    def as_json(self) -> dict[str, str | None]:
        """Under the names of the command's JSON."""
        return {"action": self.action, "number": self.number, "reason": self.reason}


def new_row(
    rules: RuleBook, mail: MailMessage, raw: bytes, origin: Origin, rule: MailboxRule, at: datetime
) -> InboundMessage:
    """The record of a message, before it is known what becomes of it; not yet stored."""
    received = origin.received_at
    if received is None or received > at + _AHEAD:
        received = at
    return InboundMessage(
        source=origin.source,
        fingerprint=mail.fingerprint,
        sha256=hashlib.sha256(raw).hexdigest(),
        size=origin.size or len(raw),
        message_id=mail.message_id[:900],
        message_mark=mark_of(mail.message_id),
        from_name=mail.sender.name[:200],
        from_address=mail.sender.address[:254],
        recipients=list(mail.recipients[:100]),
        subject=mail.subject,
        sent_text=mail.sent_text,
        received_at=min(received, at),
        taken_at=at,
        text=mail.text[:_LONGEST_TEXT],
        kind=mail.verdict.kind.value,
        action="quarantined",
        reason="failed_here",
        branch_id=branch_of(rules, rule),
        language=rule.language,
        category=rule.category or None,
    )


#: Made once: building the words would take as long as saying them.
_KEEP_SOURCE = insert(table_of(InboundSource))


def keep_message(session: Session, row: InboundMessage, raw: bytes) -> None:
    """Store the record of a message, and the bytes as they came: of too many their beginning."""
    insert_one(session, row)
    packed = zlib.compress(raw[:MOST_BYTES], 6)
    session.connection().execute(_KEEP_SOURCE, {"message_id": row.id, "packed": packed})


def branch_of(rules: RuleBook, rule: MailboxRule) -> int:
    """The branch that a mailbox belongs to; the first one where none is said."""
    if rule.branch in rules.branches_by_code:
        return rules.branches_by_code[rule.branch].id
    return rules.default_branch.id

"""A message on its way in, with all that the decision needs."""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from complaints.channels.email.files import MailFiles
from complaints.channels.email.keep import Origin, Outcome
from complaints.domain.mail.message import MailMessage
from complaints.models import InboundMessage
from complaints.outbox.delivery_settings import DeliverySettings
from complaints.queries.mail.belonging import Before
from complaints.queries.numbers import year_of
from complaints.rows import reserve_ids
from complaints.rulebook import RuleBook


@dataclass(frozen=True, slots=True)
class Incoming:
    """A raw message, read, with its files kept; nothing of it is in the database yet."""

    raw: bytes
    mail: MailMessage
    origin: Origin
    office: DeliverySettings
    files: MailFiles = field(default_factory=MailFiles)


@dataclass(frozen=True, slots=True)
class Arrival:
    """The message as read and as kept, the rules in force and the present moment."""

    session: Session
    rules: RuleBook
    office: DeliverySettings
    mail: MailMessage
    files: MailFiles
    row: InboundMessage
    before: Before
    at: datetime

    def row_id(self) -> int:
        """The id that the record of the message will have; it is stored last."""
        if self.row.id is None:
            self.row.id = reserve_ids(self.session, InboundMessage, 1)[0]
        return self.row.id

    def number_of(self, complaint_id: int | None) -> str | None:
        """The public number of a complaint."""
        year = year_of(self.session, complaint_id) if complaint_id is not None else None
        return self.rules.numbers.write(year, complaint_id) if year and complaint_id else None

    def waits(self, reason: str, proposal: int | None = None) -> Outcome:
        """The outcome of what a person has to decide."""
        return Outcome("quarantined", reason, proposal_id=proposal)

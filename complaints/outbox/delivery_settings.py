"""What delivery knows of this installation: its address, its keys, its mailbox."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from complaints.outbox.mail.dkim_key import DkimKey
from complaints.outbox.mail.envelope import Place
from complaints.outbox.threads import Earlier
from complaints.signing import follow_token, message_name, reply_address


@dataclass(frozen=True, slots=True)
class DeliverySettings:
    """What delivery needs to know of this installation."""

    base_url: str
    secret_key: str
    #: The mailbox that is read for answers; empty where nothing reads mail.
    mailbox: str = ""
    #: Signs every message; None where somebody else does, or nobody.
    dkim: DkimKey | None = None

    def message_id(self, key: str) -> str:
        """The Message-ID of the outbox row with this key: always the same, guessed by nobody."""
        name = message_name(self.secret_key, key)
        return f"<{name}@{urlsplit(self.base_url).hostname or 'localhost'}>"

    def follow_link(self, complaint_id: int | None, nonce: str | None) -> str:
        """The customer's secret link; made for the letter and kept nowhere."""
        if complaint_id is None or not nonce:
            return f"{self.base_url}/portal/"
        return f"{self.base_url}/portal/{follow_token(self.secret_key, complaint_id, nonce)}"

    def place_of(self, complaint_id: int, number: str, earlier: Sequence[Earlier]) -> Place:
        """The conversation about a complaint, in which these messages went before."""
        mailbox = self.mailbox
        reply_to = reply_address(self.secret_key, mailbox, complaint_id) if mailbox else ""
        names = [each.message_id or self.message_id(each.key) for each in earlier]
        return Place(names, reply_to, number)

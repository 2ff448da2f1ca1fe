"""The work on a complaint as its page reads it: one small row type for each kind.

Fields are called as in the tables; instead of a person's id stands the name, and the id beside it
where somebody asks for it.
"""

from datetime import datetime
from typing import Any, NamedTuple


class RecordRow(NamedTuple):
    """What was written down of one criterion; see the table."""

    id: int
    complaint_id: int
    criterion: str
    record: str
    cycle: int
    at: datetime
    by_name: str
    method: str
    words: str
    is_unable: bool
    reason: str
    detail: dict[str, Any]
    letter_key: str | None
    cause_id: int | None
    proof_rules: int


class OfferRow(NamedTuple):
    """A solution put to the customer, or waiting for approval."""

    id: int
    cycle: int
    state: str
    remedy: str
    description: str
    #: Whole units.
    amount: int
    alternative_to_id: int | None
    at: datetime
    by: str | None
    decided_at: datetime | None
    decided_by: str | None
    decision_reason: str


class AnswerRow(NamedTuple):
    """What the customer said to an offer."""

    id: int
    answer: str
    method: str
    reason: str
    offer_id: int
    at: datetime
    by: str | None


class NoteRow(NamedTuple):
    """A note among colleagues, or a message in or out."""

    id: int
    direction: str
    method: str
    text: str
    at: datetime
    by: str | None


class PartyRow(NamedTuple):
    """A team the complaint was passed to; `answer` is None while it has not answered."""

    team_id: int
    answer: str | None
    reason: str
    answer_reason: str
    sent_at: datetime
    sent_by: str | None
    answered_at: datetime | None
    answered_by: str | None


class CauseRow(NamedTuple):
    """The main cause, `preliminary` or `confirmed`."""

    id: int
    cycle: int
    stage: str
    code: str
    text: str
    quote: str
    at: datetime
    by: str | None


class EscalationRow(NamedTuple):
    """A call to somebody further up; raised by nobody when the ladder did it."""

    reason: str
    level: int
    raised_at: datetime
    raised_by: str | None
    to: str | None
    to_id: int | None
    acknowledged_at: datetime | None


class ExtensionRow(NamedTuple):
    """More time asked for; `answer` is None while nobody has decided."""

    answer: str | None
    condition: str
    reason: str
    answer_reason: str
    until: datetime
    asked_at: datetime
    asked_by: str | None
    asked_by_id: int | None
    answered_at: datetime | None
    answered_by: str | None
    #: Beyond the limits for extensions, so that a manager decides.
    is_beyond: bool = False

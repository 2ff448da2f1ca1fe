"""What is sent for webhooks and what is answered."""

from typing import Annotated, Any

from pydantic import Field, StringConstraints
from typing_extensions import TypedDict

from complaints.actions.fields import CLEAN, Part
from complaints.channels.api.query_params import ROWS, CursorAsked
from complaints.channels.api.responses import stamp
from complaints.channels.api.values import At, one_of
from complaints.domain.errors import N_
from complaints.domain.webhooks.addresses import LONGEST_URL
from complaints.domain.webhooks.events import EVENTS, TEST
from complaints.domain.webhooks.retries import Why
from complaints.models import Webhook, WebhookAttempt
from complaints.queries.engine.webhooks import DeliveryLine, WebhookLine
from complaints.rulebook import RuleBook

#: Rows of a page of the log, at most.
MOST_ROWS = 100

Url = Annotated[
    str,
    StringConstraints(min_length=1, max_length=LONGEST_URL),
    CLEAN,
    Field(description=N_("An address that begins with https:// and is public or allowed.")),
]
EventGiven = Annotated[str, StringConstraints(min_length=1, max_length=60), CLEAN]
EventsGiven = Annotated[
    list[EventGiven],
    Field(
        max_length=len(EVENTS),
        description=N_(
            "`complaint.` or `contact.` and a kind of history entry; none for all of them."
        ),
    ),
]
OffCode = Annotated[str, one_of(("hand", "gone", "failing"))]
EventCode = Annotated[str, one_of(EVENTS)]


class NewWebhook(Part):
    """An endpoint to tell of what happens."""

    url: Url
    events: EventsGiven = []


class WebhookEdit(Part):
    """What is to change of an endpoint; what is not sent stays."""

    url: Url | None = None
    events: EventsGiven | None = None
    active: bool | None = Field(
        None, description=N_("`false` switches it off, and what waits for it is given up.")
    )


class DeliveriesQuestion(Part):
    """Which page of a log."""

    limit: Annotated[int, Field(ge=1, le=MOST_ROWS)] = ROWS
    cursor: CursorAsked | None = Field(None, description=N_("`next` of the page before."))


class Attempt(TypedDict):
    """One call: nothing of an answer but its status and the beginning of a refusal's text."""

    at: At
    why: Annotated[str, one_of(Why)]
    status: int | None
    milliseconds: int
    said: Annotated[str, Field(description=N_("At most 200 characters of a refusal's text."))]


class WebhookAnswer(TypedDict):
    """An endpoint and how it does; never its secret."""

    id: int
    url: str
    events: Annotated[list[EventCode], Field(description=N_("Empty for all of them."))]
    active: bool
    off_because: Annotated[
        OffCode | None,
        Field(description=N_("Why it is off: by hand, it answered 410, or it failed for days.")),
    ]
    created_at: At
    old_secret_until: Annotated[
        At | None, Field(description=N_("Until when the secret before signs as well."))
    ]
    waiting: Annotated[int, Field(description=N_("Deliveries that wait; counted up to 1001."))]
    last_attempt: Attempt | None


class WebhookWithSecret(WebhookAnswer):
    """The same with its secret, which is shown this once."""

    secret: Annotated[str, Field(description=N_("`whsec_…`; it cannot be read again."))]


class WebhookList(TypedDict):
    """The endpoints, those that are switched on first."""

    items: list[WebhookAnswer]


class DeliveryAnswer(TypedDict):
    """An event on its way to one endpoint."""

    id: int
    event: Annotated[str, Field(description=N_("The `webhook-id` of every attempt."))]
    type: Annotated[str, one_of((*EVENTS, TEST))]
    number: str | None
    state: Annotated[str, one_of(("queued", "sent", "failed"))]
    created_at: At
    next_try_at: At | None
    replayed_by: str | None
    attempts: Annotated[list[Attempt], Field(description=N_("The last ten calls."))]


class DeliveryPage(TypedDict):
    """What an endpoint was told, the newest first."""

    items: list[DeliveryAnswer]
    next: Annotated[str | None, Field(description=N_("`cursor` of the page after; null if last."))]


def attempt_answer(row: WebhookAttempt) -> Attempt:
    """One call."""
    return {
        "at": stamp(row.at),
        "why": row.why,
        "status": row.status,
        "milliseconds": row.milliseconds,
        "said": row.said,
    }


def webhook_answer(line: WebhookLine) -> WebhookAnswer:
    """An endpoint as it stands."""
    row: Webhook = line.webhook
    return {
        "id": row.id,
        "url": row.url,
        "events": row.events,
        "active": row.is_active,
        "off_because": row.off_because or None,
        "created_at": stamp(row.created_at),
        "old_secret_until": stamp(row.old_until) if row.old_until else None,
        "waiting": line.waiting,
        "last_attempt": attempt_answer(line.last) if line.last else None,
    }


def delivery_answer(line: DeliveryLine, rules: RuleBook) -> DeliveryAnswer:
    """A delivery with its calls."""
    row, of = line.delivery, line.complaint
    return {
        "id": row.id,
        "event": line.event,
        "type": line.kind,
        "number": rules.numbers.write(of[1], of[0]) if of else line.contact,
        "state": row.state,
        "created_at": stamp(line.created_at),
        "next_try_at": stamp(row.next_try_at) if row.state == "queued" else None,
        "replayed_by": row.replayed_by or None,
        "attempts": [attempt_answer(each) for each in line.attempts],
    }


_ATTEMPT: dict[str, Any] = {
    "at": "2026-11-19T02:15:03+00:00",
    "why": "delivered",
    "status": 204,
    "milliseconds": 84,
    "said": "",
}
_WEBHOOK: dict[str, Any] = {
    "id": 1,
    "url": "https://hooks.example.com/tanggap",
    "events": ["complaint.receive", "complaint.close"],
    "active": True,
    "off_because": None,
    "created_at": "2026-11-19T02:10:00+00:00",
    "old_secret_until": None,
    "waiting": 0,
    "last_attempt": _ATTEMPT,
}
_DELIVERY: dict[str, Any] = {
    "id": 1,
    "event": "msg_5f3ac2d4b1e04c6e9a7d80f1c2b3a495",
    "type": "complaint.receive",
    "number": "KLH-2026-000123",
    "state": "sent",
    "created_at": "2026-11-19T02:15:00+00:00",
    "next_try_at": None,
    "replayed_by": None,
    "attempts": [_ATTEMPT],
}
#: One example of each body and answer.
NEW_WEBHOOK: dict[str, Any] = {
    "url": "https://hooks.example.com/tanggap",
    "events": ["complaint.receive", "complaint.close"],
}
WEBHOOK_EDIT: dict[str, Any] = {"events": []}
WEBHOOK_ANSWERS: dict[str, Any] = {
    "WebhookAnswer": _WEBHOOK,
    "WebhookWithSecret": {
        **_WEBHOOK,
        "last_attempt": None,
        "secret": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYo=",
    },
    "WebhookList": {"items": [_WEBHOOK]},
    "DeliveryAnswer": _DELIVERY,
    "DeliveryPage": {"items": [_DELIVERY], "next": None},
}

"""The events that another program can subscribe to: one for each kind of history entry."""

from collections.abc import Iterable

from complaints.domain.errors import N_, Invalid
from complaints.domain.lifecycle import Action
from complaints.domain.other_contacts.acts import ContactAct

#: What a test from the page is called; nobody subscribes to it.
TEST = "webhook.test"
#: What the events of a contact, which is no complaint, begin with.
OF_CONTACTS = "contact."
EVENTS: tuple[str, ...] = (
    *(f"complaint.{action.value}" for action in Action),
    *(f"{OF_CONTACTS}{act.value}" for act in ContactAct),
)
_KNOWN = frozenset(EVENTS)


def event_of(what: str) -> str:
    """The event of an entry of this kind in the history of a complaint."""
    return f"complaint.{what}"


def contact_event_of(what: str) -> str:
    """The event of an entry of this kind in the history of a contact."""
    return f"{OF_CONTACTS}{what}"


def read_events(given: Iterable[str]) -> list[str]:
    """The events subscribed to, each once, in the order of the list; none stands for all of them.

    Raises Invalid for one that does not exist.
    """
    asked = set(given)
    unknown = sorted(asked - _KNOWN)
    if unknown:
        raise Invalid(
            N_("There is no event %(name)s."), field="events", name=unknown[0][:60] or "''"
        )
    return [each for each in EVENTS if each in asked]


def is_subscribed(events: Iterable[str], event: str) -> bool:
    """Whether an endpoint with these events, none for all, is told of this one."""
    asked = tuple(events)
    return not asked or event in asked

"""The events that another program can subscribe to: one for each kind of history entry."""

from collections.abc import Iterable

from complaints.domain.errors import N_, Invalid
from complaints.domain.lifecycle import Action

#: What a test from the page is called; nobody subscribes to it.
TEST = "webhook.test"
EVENTS: tuple[str, ...] = tuple(f"complaint.{action.value}" for action in Action)
_KNOWN = frozenset(EVENTS)


def event_of(what: str) -> str:
    """The event of a history entry of this kind."""
    return f"complaint.{what}"


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

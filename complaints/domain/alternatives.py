"""A refusal is followed by an alternative (020-3.5): the one rule for gate, evidence and page.

Every function takes the offers of one cycle in the order they were made; nothing is stored here.
"""

from collections.abc import Sequence
from typing import Protocol, TypeVar

from complaints.domain.words.comparing import words_of


class OfferMade(Protocol):
    """What the rule asks of an offer, whether a table's row or a page's."""

    @property
    def id(self) -> int:
        """Rises with every offer made."""

    @property
    def state(self) -> str | None:
        """How it stands: waiting_approval, open, accepted, refused, rejected or replaced."""

    @property
    def remedy(self) -> str:
        """The code of the remedy."""

    @property
    def amount(self) -> int:
        """In whole units."""

    @property
    def description(self) -> str:
        """What is offered, in words."""


MadeT = TypeVar("MadeT", bound=OfferMade)


def last_refusal(offers: Sequence[MadeT]) -> MadeT | None:
    """The refused offer to which the next one is the alternative; None when none was refused.

    A correction of the alternative is the next offer as well, and follows the same refusal.
    """
    return next((each for each in reversed(offers) if each.state == "refused"), None)


def unanswered_refusal(offers: Sequence[MadeT]) -> MadeT | None:
    """The last refusal when no alternative to it stands before the customer, else None.

    One that waits for approval, was rejected or was replaced does not stand.
    """
    refused = last_refusal(offers)
    if refused is None:
        return None
    is_followed = any(
        each.id > refused.id
        and each.state in ("open", "accepted")
        and not is_refused_again(offers, each)
        for each in offers
    )
    return None if is_followed else refused


def is_refused_again(offers: Sequence[MadeT], proposed: OfferMade) -> bool:
    """Whether an offer is, in remedy, amount and description, one that the customer refused."""
    return any(each.state == "refused" and _content(each) == _content(proposed) for each in offers)


def _content(offer: OfferMade) -> tuple[str, int, str]:
    """What an alternative has to differ in; a space or a full stop makes no difference."""
    return offer.remedy, offer.amount, "".join(words_of(offer.description))

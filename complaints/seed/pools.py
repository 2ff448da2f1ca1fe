"""Drawing lots fairly: decks in which every card has its share, and none is forgotten."""

from collections.abc import Mapping
from random import Random
from typing import Generic, TypeVar

T = TypeVar("T")


class Deck(Generic[T]):
    """Cards in a shuffled order; when they are used up they are shuffled anew."""

    def __init__(self, cards: list[T], rng: Random) -> None:
        self._cards = cards
        self._rng = rng
        self._next = 0
        rng.shuffle(cards)

    def draw(self) -> T:
        """The next card."""
        if self._next == len(self._cards):
            self._rng.shuffle(self._cards)
            self._next = 0
        card = self._cards[self._next]
        self._next += 1
        return card


def shuffled_deck(weights: Mapping[T, float], size: int, rng: Random) -> Deck[T]:
    """A deck of about `size` cards in these proportions, at least one of each."""
    total = sum(weights.values())
    cards: list[T] = []
    for card, weight in weights.items():
        cards += [card] * max(1, round(size * weight / total))
    return Deck(cards, rng)

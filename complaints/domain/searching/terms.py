"""What an index of words is asked for: groups of terms, of each of which one has to be there."""

from collections.abc import Iterable
from dataclasses import dataclass

#: A beginning shorter than this would fit half of all words.
SHORTEST_BEGINNING = 3
#: A number of so many digits is in few stories: a phone, a customer number, a reference.
LONG_NUMBER = 5
#: So many spellings of one word are looked for.
MOST_TERMS = 24


@dataclass(frozen=True, slots=True)
class Term:
    """Words that stand side by side, usually one; the last may be the beginning of a word."""

    words: tuple[str, ...]
    is_beginning: bool = False


#: Any of these will do.
Group = tuple[Term, ...]


def beginning(word: str) -> Term:
    """The word as far as it was typed, or the whole word where that fits too many."""
    return Term((word,), is_beginning=len(word) >= SHORTEST_BEGINNING)


def group_of(terms: Iterable[Term]) -> Group:
    """The terms, each once and no more than can be told apart."""
    return tuple(dict.fromkeys(terms))[:MOST_TERMS]


def is_rare(group: Group) -> bool:
    """Whether what is looked for is a long number, which few complaints have, whatever it means."""
    return all(
        term.words[0].isdigit() and len("".join(term.words)) >= LONG_NUMBER for term in group
    )

"""The parts of the report that sums are kept for, and what the numbers of each are.

A part's key tells its lines apart; where it has several words they stand with a bar between them.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from json import dumps, loads
from typing import Any, TypeAlias

from complaints.domain.reporting.blocks import blocks_of
from complaints.models.summaries import WIDTH

#: The figures of promises and receipts; the numbers are `counting.FIGURES`, in that order. They are
#: kept for every division as well, under its name as the part.
FIGURES = ""
#: What a line of the report is divided by that is a complaint's or its customer's.
DIVIDED = (
    "category",
    "team",
    "priority",
    "channel",
    "handler",
    "cause",
    "tier",
    "need",
    "product",
)
#: Kind of clock → met, breached, still late, kept again.
CLOCK = "clock"
#: Place of the balance → complaints, and those of them kept by an entry dated back.
PLACE = "place"
#: Channel → complaints taken by one of us, and those resolved in that conversation.
CONTACT = "contact"
#: Kind, person and whether it was a customer → exceptions, and those dated back past a due time.
EXCEPTION = "exception"
#: Pauses and their working seconds.
PAUSE = "pause"
#: How the promise stood → withdrawals.
WITHDRAWN = "withdrawn"
#: Level → raised, by hand, acknowledged.
LEVEL = "level"
#: Level and length → acknowledged after so long.
TAKEN = "taken"
#: Person → offers with an amount, their sum, those accepted, their sum.
GIVEN = "given"
#: Person → requests, their sum.
ASKED = "asked"
#: Person → requests approved, their sum, requests refused.
DECIDED = "decided"
#: Kind of owner, person and team → kept, missed, dropped, open.
OWED = "owed"

#: Length → complaints closed that took so long.
HANDLED = "handled"
#: Step and length → complaints closed in which it took so long, and its exact working seconds.
STEP = "step"
#: How a complaint stands and the last step on record → complaints received.
FLOW = "flow"
#: Complaints that are open, by the day on which they came in.
OPEN = "open"
#: Parts with a line for each person: hardly anybody works in two branches, so that of all branches
#: together no sums are kept.
PERSONAL = frozenset({"handler", EXCEPTION, GIVEN, ASKED, DECIDED, OWED})

Numbers: TypeAlias = Sequence[int]
#: Part, key and day (as an ordinal) → numbers.
Counts: TypeAlias = Mapping[tuple[str, str, int], Numbers]
#: Branch, part, block and key of a cell.
CellKey: TypeAlias = tuple[int, str, int, str]
#: The branch that stands for all of them.
ALL = 0


def key_of(*words: object) -> str:
    """Several words as one key; None is left empty."""
    return "|".join("" if word is None else str(word) for word in words)


def number_in(word: str) -> int | None:
    """An id that stands in a key; None where it is empty."""
    return int(word) if word else None


@dataclass(slots=True)
class Facts:
    """What one complaint adds to the report: where it lies, and its numbers.

    `divided` has a word for each of `DIVIDED`.
    """

    branch_id: int
    divided: Sequence[str]
    counts: dict[tuple[str, str, int], list[int]] = field(default_factory=dict)

    def add(self, part: str, key: str, day: date, *numbers: int) -> None:
        """Add to what there is; nothing is kept of noughts."""
        if not any(numbers):
            return
        place = (part, key, day.toordinal())
        kept = self.counts.get(place)
        if kept is None:
            self.counts[place] = list(numbers)
        else:
            kept.extend([0] * (len(numbers) - len(kept)))
            for position, number in enumerate(numbers):
                kept[position] += number

    def as_text(self) -> str:
        """As it is stored: the same facts are the same text."""
        counts = [[*place, *_short(numbers)] for place, numbers in sorted(self.counts.items())]
        return dumps([self.branch_id, *self.divided, counts], separators=(",", ":"))

    @classmethod
    def read(cls, text: str) -> "Facts":
        """What `as_text` wrote."""
        branch_id, *divided, counts = loads(text)
        kept = {(part, key, day): numbers for part, key, day, *numbers in counts}
        return cls(branch_id, divided, kept)

    def days(self) -> Iterator[tuple[CellKey, Numbers]]:
        """The cells of its branch's days, from which all others can be added up."""
        for (part, key, day), numbers in self.counts.items():
            (block, *_) = blocks_of(date.fromordinal(day))
            for name, word in self.lines(part, key):
                yield (self.branch_id, name, block, word), numbers

    def cells(self) -> Iterator[tuple[CellKey, Numbers]]:
        """The cells to which its numbers belong: of its branch and of all, in each block."""
        for (part, key, day), numbers in self.counts.items():
            for block in blocks_of(date.fromordinal(day)):
                for name, word in self.lines(part, key):
                    yield (self.branch_id, name, block, word), numbers
                    if name not in PERSONAL:
                        yield (ALL, name, block, word), numbers

    def lines(self, part: str, key: str) -> Iterator[tuple[str, str]]:
        """Part and key of the lines in which a number stands: figures stand in each division."""
        yield part, key
        if part == FIGURES:
            yield from zip(DIVIDED, self.divided, strict=True)


@dataclass(slots=True)
class Tally:
    """Numbers added up: by part and key, and the figures by month and branch besides."""

    lines: dict[tuple[str, str], list[int]] = field(default_factory=dict)
    months: dict[int, list[int]] = field(default_factory=dict)
    branches: dict[int, list[int]] = field(default_factory=dict)

    def add(self, part: str, key: str, numbers: Numbers, sign: int = 1) -> None:
        """Add to a line, or take from it."""
        _add(self.lines.setdefault((part, key), [0] * WIDTH), numbers, sign)

    def add_facts(self, facts: Facts, first: date, last: date, sign: int = 1) -> None:
        """Add what a complaint has in a period, or take it away."""
        begin, end = first.toordinal(), last.toordinal()
        for (part, key, day), numbers in facts.counts.items():
            if not begin <= day <= end:
                continue
            for name, word in facts.lines(part, key):
                self.add(name, word, numbers, sign)
            if part == FIGURES:
                on = date.fromordinal(day)
                month = (on.year - first.year) * 12 + on.month - first.month
                _add(self.months.setdefault(month, [0] * WIDTH), numbers, sign)
                _add(self.branches.setdefault(facts.branch_id, [0] * WIDTH), numbers, sign)

    def of(self, part: str) -> dict[str, list[int]]:
        """Key → numbers of a part, without the lines in which nothing is left."""
        return {key: each for (name, key), each in self.lines.items() if name == part and any(each)}


def _short(numbers: Numbers) -> Numbers:
    """Without the noughts at the end."""
    last = max((place for place, number in enumerate(numbers) if number), default=-1)
    return numbers[: last + 1]


def _add(kept: list[int], numbers: Numbers, sign: int) -> None:
    for position, number in enumerate(numbers):
        kept[position] += sign * number


def words_of(key: str) -> list[Any]:
    """The words of a key."""
    return key.split("|")

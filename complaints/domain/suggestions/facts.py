"""What is known of a ticket beside its words, and from when on it counts.

That a fault repeats, concerns an area or is late is a matter of record: who says "again" may be
wrong, and who does not say it may have had the same last week. A fact proposes and never decides.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from complaints.domain.config_fields import Table, flag, refuse_fields, table, typed
from complaints.domain.taxonomy import Fact

#: Field → the most it may be.
_FIELDS = {
    "repeat_days": 366,
    "late_days": 366,
    "area_complaints": 1_000,
    "area_hours": 24,
    "area_times": 100,
}


@dataclass(frozen=True, slots=True)
class FactRules:
    """From when on something counts as known; `is_proposing` False leaves it to the words."""

    is_proposing: bool = True
    repeat_days: int = 30
    late_days: int = 30
    area_complaints: int = 5
    area_hours: int = 3
    area_times: int = 3

    @classmethod
    def from_dict(cls, data: Table) -> "FactRules":
        """Read `[facts]` of `config/synonyms.toml`, which may be absent, or raise ValueError."""
        usual = cls()
        if "facts" not in data:
            return usual
        given = table("synonyms", data, "facts")
        refuse_fields("facts", given, {"propose", *_FIELDS})
        numbers = {
            name: _number(given, name, getattr(usual, name), most) for name, most in _FIELDS.items()
        }
        is_proposing = flag("facts", given, "propose") if "propose" in given else True
        return cls(is_proposing, **numbers)

    @property
    def area_window(self) -> timedelta:
        """The hours within which complaints of one place are counted."""
        return timedelta(hours=self.area_hours)

    def is_area(self, count: int, before: Sequence[int]) -> bool:
        """Whether so many are many for this place, after the counts of the weeks before."""
        return count >= max(self.area_complaints, self.area_times * usual_count(before))


def usual_count(before: Sequence[int]) -> float:
    """How many are usual: the mean of the weeks before."""
    return sum(before) / len(before) if before else 0.0


@dataclass(frozen=True, slots=True)
class KnownFact:
    """Something that stands on record and speaks for the category of a group that bears it.

    `number` is that of a complaint or an incident, empty where the reader may not see it;
    `category` the code of that complaint, None along with it. Of a REPEAT `at` is when the last one
    was closed and `count` how many were. Of something LATE `at` is when it was due, `until` when it
    was done, None while it is not. Of an AREA `title` is what an open incident is called; without
    one, `count` came in within the hours of the rules and `usual` is the mean of the weeks before.
    """

    fact: Fact
    number: str = ""
    category: str | None = None
    at: datetime | None = None
    until: datetime | None = None
    count: int = 0
    usual: float = 0.0
    title: str = ""


def _number(data: Table, name: str, usual: int, most: int) -> int:
    value = typed("facts", {name: usual, **data}, name, int)
    if not 1 <= value <= most:
        raise ValueError(f"facts: {name} must be a whole number from 1 to {most}")
    return value

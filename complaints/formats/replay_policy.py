"""POLICY.toml of a replay: one calendar and the rules that give a historical row its due time.

The rules have the form of the policies; only what a row of a file can tell may select.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from math import inf
from pathlib import Path
from typing import Any

from complaints.domain.worktime import WorkCalendar
from complaints.domain.worktime.bulk_due import BulkDue, bulk_due_for
from complaints.domain.worktime.calendar_form import find_misspelling
from complaints.domain.worktime.durations import Counting, Unit, check_counting, check_length
from complaints.formats.inputs import UnusableFile, load_toml

#: Fields that may select a rule, in the order in which rows tell them.
SELECTORS = ("category", "channel", "priority", "tier", "branch", "product")
_TERMS = ("duration", "unit", "end_of_day", "counting")
_REMEMBERED = 1000
_NO_RULE = (None, False)
#: Rules in these are late by the clock; hours are judged by the working time of their column.
_CALENDAR_UNITS = (Unit.CALENDAR_DAY, Unit.WEEK, Unit.MONTH)

#: What a row says in a field that selects.
Selected = str | int | None


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: the values that select it by field, and the duration it grants."""

    selectors: Mapping[str, frozenset[str]]
    duration: int | float
    unit: Unit
    end_of_day: bool = False
    counting: Counting = Counting.FROM_FIRST_OPEN_MOMENT

    def applies_to(self, values: Mapping[str, Selected]) -> bool:
        """Whether every selector of the rule holds the row's value."""
        return all(values.get(name) in wanted for name, wanted in self.selectors.items())


class ReplayPolicy:
    """A checked policy; the first rule that applies wins."""

    def __init__(self, calendar: WorkCalendar, rules: tuple[Rule, ...]) -> None:
        self.calendar = calendar
        self.rules = rules
        self.selecting = tuple(
            name for name in SELECTORS if any(name in rule.selectors for rule in rules)
        )
        self._counts = tuple(
            (
                bulk_due_for(
                    calendar,
                    rule.duration,
                    rule.unit,
                    end_of_day=rule.end_of_day,
                    counting=rule.counting,
                ),
                rule.unit in _CALENDAR_UNITS,
            )
            for rule in rules
        )
        #: How a row counts to its due time, None without a rule, and whether it is late by the
        #: clock; the key is its category and then what it says in the fields `further`.
        self.bulk_due_for = lru_cache(_REMEMBERED)(self._choose)
        self.further = tuple(name for name in self.selecting if name != "category")

    @classmethod
    def load(cls, path: str | Path) -> "ReplayPolicy":
        """Read and check a POLICY.toml; UnusableFile says in one line what is wrong."""
        return cls.from_dict(load_toml(path), Path(path).name)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any], name: str = "policy") -> "ReplayPolicy":
        """Check the table of a POLICY.toml; `name` begins the line that says what is wrong."""
        try:
            if "calendar" not in data:
                raise ValueError("a [calendar] is needed")
            try:
                calendar = WorkCalendar.from_dict(data["calendar"])
            except ValueError as error:
                raise ValueError(f"calendar.{error}") from None
            rules = data.get("rule")
            if not isinstance(rules, list) or not rules:
                raise ValueError("at least one [[rule]] is needed")
            checked = (_rule(each, f"rule {nth}") for nth, each in enumerate(rules, 1))
            return cls(calendar, tuple(checked))
        except ValueError as error:
            raise UnusableFile(f"{name}: {error}") from None

    def _choose(self, values: tuple[Selected, ...]) -> tuple[BulkDue | None, bool]:
        named = dict(zip(("category", *self.further), values, strict=True))
        for rule, count in zip(self.rules, self._counts, strict=True):
            if rule.applies_to(named):
                return count
        return _NO_RULE


def _rule(data: object, where: str) -> Rule:
    if not isinstance(data, Mapping):
        raise ValueError(f"{where}: {data!r} is not a table")
    if (misspelt := find_misspelling(data, (*SELECTORS, *_TERMS))) is not None:
        raise ValueError(f"{where}, {misspelt}")
    for name in ("category_group", "oral"):
        if name in data:
            raise ValueError(
                f"{where}, {name}: a file does not tell it; a replay cannot select by it"
            )
    duration, end_of_day = data.get("duration"), data.get("end_of_day", False)
    if (
        not isinstance(duration, int | float)
        or isinstance(duration, bool)
        or not 0 <= duration < inf
    ):
        raise ValueError(f"{where}, duration: {duration!r} is not a number, 0 or more")
    if not isinstance(end_of_day, bool):
        raise ValueError(f"{where}, end_of_day: {end_of_day!r} is neither true nor false")
    try:
        unit = Unit(data.get("unit", ""))
    except ValueError:
        units = ", ".join(Unit)
        raise ValueError(f"{where}, unit: {data.get('unit')!r} is not one of {units}") from None
    if data.get("calendar") == "office_hours":
        unit = unit.in_office_hours()
    if not unit.is_clock_time and duration != int(duration):
        raise ValueError(f"{where}, duration: {duration!r} {unit}s is not a whole number")
    try:
        check_length(duration, unit)
        counting = check_counting(data.get("counting", Counting.FROM_FIRST_OPEN_MOMENT), unit)
    except ValueError as error:
        raise ValueError(f"{where}, {error}") from None
    return Rule(
        selectors={
            name: _wanted(data[name], f"{where}, {name}") for name in SELECTORS if name in data
        },
        duration=duration,
        unit=unit,
        end_of_day=end_of_day,
        counting=counting,
    )


def _wanted(value: object, where: str) -> frozenset[str]:
    texts = value if isinstance(value, list) else [value]
    if not texts or not all(isinstance(each, str) for each in texts):
        raise ValueError(f"{where}: {value!r} is neither a text nor a list of texts")
    return frozenset(texts)

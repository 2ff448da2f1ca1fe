"""What other systems' tests say of working time, clocks and ladders: facts, one file a source.

A file names its source and has calendars, each with the cases asked in it; `source_says` is what
the source answers where a decision of ours differs. What a case asks shows in its words:

- `start` and `worktime` (h:mm:ss, negative backwards): `due`, or `due_keep` and `due_roll` where
  the two conventions at closing differ;
- `since` and `until`: the `worktime` between;
- `day`, `days` and perhaps a `rule`: the `due` date;
- `at`: whether it is `open`;
- `start`, `duration` and `unit`: when that is `due`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from complaints.domain.worktime import WorkCalendar

FOLDER = Path(__file__).resolve().parent
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

#: A kind of case by the words it has.
ASKED = {
    "add": {"start", "worktime"},
    "between": {"since", "until"},
    "days": {"day", "days"},
    "open": {"at", "open"},
    "due": {"start", "duration"},
}


@dataclass(frozen=True)
class Case:
    """One question with its answer, in the calendar it is asked in."""

    source: str
    calendar: Mapping[str, Any]
    facts: Mapping[str, Any]

    def __getitem__(self, word: str) -> Any:
        return self.facts[word]

    @property
    def kind(self) -> str:
        """What is asked."""
        (kind,) = [kind for kind, words in ASKED.items() if words <= self.facts.keys()]
        return kind

    def due(self, at_closing: str) -> Any:
        """The answer under a convention at closing."""
        return self.facts.get("due", self.facts.get(f"due_{at_closing}"))

    def in_calendar(self, at_closing: str = "keep") -> WorkCalendar:
        return WorkCalendar.from_dict({**self.calendar, "at_closing": at_closing})


def read(name: str) -> dict[str, Any]:
    """One file of cases."""
    return tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))


def cases() -> Iterator[Case]:
    """Every case that is asked in a calendar, source by source."""
    for path in sorted(FOLDER.glob("*.toml")):
        for calendar in _tables(read(path.stem), "calendar"):
            for facts in calendar.get("cases", ()):
                yield Case(path.stem, calendar_of(calendar), facts)


def asking(kind: str) -> list[Any]:
    """The cases that ask one thing, as parameters of a test."""
    return [pytest.param(case, id=case["id"]) for case in cases() if case.kind == kind]


def others(kind: str) -> list[Any]:
    """The facts that need no calendar: `wall_time` and `window`."""
    return [
        pytest.param(facts, id=facts.get("id", f"{path.stem}-{number}"))
        for path in sorted(FOLDER.glob("*.toml"))
        for number, facts in enumerate(_tables(read(path.stem), kind))
    ]


def calendar_of(table: Mapping[str, Any]) -> dict[str, Any]:
    """A calendar of these files in the form of the product."""
    week: dict[str, Any] = {}
    for days, hours in table["week"].items():
        week |= dict.fromkeys(days_of(days), _intervals(hours))
    return {
        "tz": table["tz"],
        "week": week,
        "holidays": table.get("closed", []),
        "holidays_annual_mmdd": table.get("closed_every_year", []),
        "shifts": {day: _intervals(text) for day, text in table.get("hours_of", {}).items()},
        "breaks": {day: _intervals(text) for day, text in table.get("breaks_of", {}).items()},
        "at_closing": table.get("at_closing", "keep"),
    }


def days_of(text: str) -> tuple[str, ...]:
    """The days of "mon" or "mon-fri"."""
    first, _, last = text.partition("-")
    return DAYS[DAYS.index(first) : DAYS.index(last or first) + 1]


def seconds_of(text: str) -> int:
    """The seconds of "h:mm:ss" or "-h:mm:ss"."""
    hours, minutes, seconds = (int(part) for part in text.lstrip("-").split(":"))
    length = timedelta(hours=hours, minutes=minutes, seconds=seconds)
    return int(length.total_seconds()) * (-1 if text.startswith("-") else 1)


def _intervals(text: str) -> list[list[str]]:
    return [part.split("-") for part in text.split()]


def _tables(book: Mapping[str, Any], kind: str) -> list[dict[str, Any]]:
    found = book.get(kind, [])
    return found if isinstance(found, list) else [found]

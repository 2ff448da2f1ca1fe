"""A working calendar as a page edits it: its parts by name, read once and written back once.

Whether the calendar makes sense is asked of `calendar_form`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

#: Hours as they are written: opening and closing, each as `08:00`.
WrittenHours = Sequence[Sequence[str]]

_PARTS = ("tz", "at_closing", "week", "holidays", "shifts", "breaks")
_ANNUAL, _SOURCE = "holidays_annual_mmdd", "holidays_source"


@dataclass(frozen=True, slots=True)
class HolidaySource:
    """Where holidays were loaded from: country and region by their codes, and which years."""

    country: str = ""
    region: str = ""
    categories: Sequence[str] = ()
    years: Sequence[int] = ()

    @property
    def place(self) -> str:
        """Country and region in one, such as `ID` or `DE-BY`; empty where nothing was loaded."""
        return f"{self.country}-{self.region}".rstrip("-")


@dataclass(frozen=True, slots=True)
class EditedCalendar:
    """The parts of a calendar: dates as ISO text, yearly days as `MM-DD`, each with its name.

    `annual` is None where the calendar says nothing of yearly days. `rest` is what no page edits,
    such as names; it stays as it was.
    """

    tz: str = ""
    at_closing: str = "keep"
    week: Mapping[str, WrittenHours] = field(default_factory=dict)
    holidays: Mapping[str, str] = field(default_factory=dict)
    annual: Mapping[str, str] | None = None
    shifts: Mapping[str, WrittenHours] = field(default_factory=dict)
    breaks: Mapping[str, WrittenHours] = field(default_factory=dict)
    source: HolidaySource | None = None
    rest: Mapping[str, object] = field(default_factory=dict)

    @classmethod
    def from_body(cls, body: Mapping[str, object]) -> "EditedCalendar":
        """Read the written form, in whichever way its days are listed; it was checked when saved.

        What no calendar holds there (a text for a table) counts as nothing.
        """
        source = body.get(_SOURCE)
        return cls(
            tz=str(body.get("tz", "")),
            at_closing=str(body.get("at_closing", "keep")),
            week=_hours(body.get("week")),
            holidays=_named_days(body.get("holidays")),
            annual=_named_days(body.get(_ANNUAL)) if _ANNUAL in body else None,
            shifts=_hours(body.get("shifts")),
            breaks=_hours(body.get("breaks")),
            source=_source(source) if isinstance(source, Mapping) else None,
            rest={
                name: each for name, each in body.items() if name not in (*_PARTS, _ANNUAL, _SOURCE)
            },
        )

    def as_body(self) -> dict[str, object]:
        """The written form, as it is stored."""
        body: dict[str, object] = {**self.rest, **{name: getattr(self, name) for name in _PARTS}}
        if self.annual is not None:
            body[_ANNUAL] = dict(self.annual)
        if self.source is not None:
            body[_SOURCE] = {
                "country": self.source.country,
                "categories": list(self.source.categories),
                "years": list(self.source.years),
                **({"region": self.source.region} if self.source.region else {}),
            }
        return body

    @property
    def years(self) -> list[int]:
        """The years of which it holds a dated holiday."""
        return sorted({int(day[:4]) for day in self.holidays})

    @property
    def is_open(self) -> bool:
        """Whether any hour is open."""
        return any(self.week.values()) or any(self.shifts.values())

    def with_holidays(self, days: Mapping[str, str]) -> "EditedCalendar":
        """The calendar with these days among its holidays, under their names."""
        return replace(self, holidays=dict(sorted({**self.holidays, **days}.items())))

    def loaded_from(self, country: str, region: str, categories: Sequence[str]) -> "EditedCalendar":
        """The calendar with where its holidays, as they are now, were loaded from."""
        return replace(self, source=HolidaySource(country, region, categories, self.years))


def _hours(value: object) -> dict[str, WrittenHours]:
    if not isinstance(value, Mapping):
        return {}
    return {str(day): [list(each) for each in hours or ()] for day, hours in value.items()}


def _named_days(value: object) -> dict[str, str]:
    """Days with names, whichever of the written forms they stand in."""
    if isinstance(value, Mapping):
        return {str(day): str(name or "") for day, name in value.items()}
    found = {}
    for each in value if isinstance(value, list | tuple) else ():
        if isinstance(each, Mapping):
            found[str(each.get("date"))] = str(each.get("name") or "")
        else:
            found[str(each)] = ""
    return found


def _source(value: Mapping[str, object]) -> HolidaySource:
    def listed(name: str) -> Sequence[object]:
        each = value.get(name)
        return each if isinstance(each, list | tuple) else ()

    return HolidaySource(
        str(value.get("country", "")),
        str(value.get("region", "")),
        [str(each) for each in listed("categories")],
        [each for each in listed("years") if isinstance(each, int)],
    )

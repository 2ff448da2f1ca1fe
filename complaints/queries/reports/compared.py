"""A period beside the one before it: as many days, written out, with the working days of each."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from complaints.queries.reports.rows import FEWEST_FOR_SHARE, Figures, rounded
from complaints.rulebook import RuleBook


@dataclass(frozen=True, slots=True)
class Stretch:
    """Some days and what was counted in them; working days by the calendar of the first branch."""

    from_on: date
    to_on: date
    working_days: int
    figures: Figures

    @classmethod
    def of(cls, first: date, last: date, figures: Figures, rules: RuleBook) -> "Stretch":
        """Count the working days along."""
        calendar = rules.own_calendar(None)
        days = (first + timedelta(days=place) for place in range((last - first).days + 1))
        return cls(first, last, sum(map(calendar.opens_on, days)), figures)

    def as_json(self) -> dict[str, Any]:
        """The stretch as plain values."""
        return {
            "from": self.from_on.isoformat(),
            "to": self.to_on.isoformat(),
            "working_days": self.working_days,
            "received": self.figures.received,
            "met": self.figures.met,
            "breached": self.figures.breached,
            "on_time": rounded(self.figures.on_time),
        }


@dataclass(frozen=True, slots=True)
class Comparison:
    """The days of the period that have come, and the stretch before."""

    here: Stretch
    before: Stretch

    @property
    def points(self) -> float | None:
        """By how many percentage points the share on time changed; None where either is of few."""
        shares = [each.figures for each in (self.here, self.before)]
        if any(each.decided < FEWEST_FOR_SHARE for each in shares):
            return None
        now, then = (each.on_time or 0.0 for each in shares)
        return round((now - then) * 100, 1)

    def as_json(self) -> dict[str, Any]:
        """Both as plain values."""
        return {
            "period": self.here.as_json(),
            "before": self.before.as_json(),
            "points": self.points,
        }

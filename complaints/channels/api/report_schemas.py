"""Further parts of the answer that is the deadline report."""

from typing import Annotated

from pydantic import Field
from typing_extensions import TypedDict

from complaints.channels.api.values import Day
from complaints.domain.errors import N_


class HandlingFigures(TypedDict):
    """Working time from receipt to closing, of the complaints closed in the period."""

    closed: int
    median_seconds: int | None
    p90_seconds: int | None
    longest_seconds: int | None


class AgeFigures(TypedDict):
    """Open complaints that came in so many days ago."""

    from_days: int
    to_days: int | None
    open: int


class AgeingFigures(TypedDict):
    """Open complaints at this moment, whenever they came in, by age in local days."""

    open: int
    oldest_days: int | None
    ages: list[AgeFigures]


#: `from` is a word of Python, so this one is written as a call.
StretchFigures = TypedDict(
    "StretchFigures",
    {
        "from": Day,
        "to": Day,
        "working_days": int,
        "received": int,
        "met": int,
        "breached": int,
        "on_time": float | None,
    },
)
StretchFigures.__doc__ = "Some days, how many of them are working days, and what was counted."


class Comparison(TypedDict):
    """The days of the period that have come, and as many before it."""

    period: StretchFigures
    before: StretchFigures
    points: Annotated[
        float | None,
        Field(description=N_("Percentage points between the shares; null where either is of few.")),
    ]

"""What the report on outcomes holds: tables of lines, each with its numbers by column."""

from typing import Annotated, NotRequired

from pydantic import Field
from typing_extensions import TypedDict

from complaints.channels.api.values import Day
from complaints.domain.errors import N_


class OutcomePiece(TypedDict):
    """A line within a line of the report, by the division asked for."""

    key: Annotated[str, Field(description=N_("A code, an address or a month; `none` for none."))]
    label: str | None
    label_en: str | None
    sample: Annotated[
        int | None,
        Field(description=N_("How many a share, a time or an amount rests on.")),
    ]
    values: dict[str, float | int | None]


class OutcomeLine(OutcomePiece):
    """One line: its numbers by column; null where there is nothing to count from."""

    divided: NotRequired[list[OutcomePiece]]


class OutcomeSection(TypedDict):
    """One table; `total` is what its lines add up to, null where they do not."""

    key: str
    lines: list[OutcomeLine]
    total: OutcomeLine | None


Outcomes = TypedDict(
    "Outcomes",
    {
        "part": str,
        "by": str | None,
        "from": Day,
        "to": Day,
        "zones": list[str],
        "sections": list[OutcomeSection],
    },
)
Outcomes.__doc__ = "One part of the report; times are working seconds, money whole units."

"""What the report on outcomes holds: tables of lines, each with its numbers by column."""

from typing import Annotated

from pydantic import Field
from typing_extensions import TypedDict

from complaints.channels.api.values import Day
from complaints.domain.errors import N_


class OutcomeLine(TypedDict):
    """One line: its numbers by column; null where there is nothing to count from."""

    key: str
    label: str | None
    label_en: str | None
    sample: Annotated[
        int | None,
        Field(description=N_("How many a share, a time or an amount rests on.")),
    ]
    values: dict[str, float | int | None]


class OutcomeSection(TypedDict):
    """One table; `total` is what its lines add up to, null where they do not."""

    key: str
    lines: list[OutcomeLine]
    total: OutcomeLine | None


Outcomes = TypedDict(
    "Outcomes",
    {
        "part": str,
        "from": Day,
        "to": Day,
        "zones": list[str],
        "sections": list[OutcomeSection],
    },
)
Outcomes.__doc__ = "One part of the report; times are working seconds, money whole units."

"""The kinds of values that answers are made of: instants, numbers, and codes of a closed list."""

from collections.abc import Iterable
from typing import Annotated

from pydantic import Field, WithJsonSchema

from complaints.domain.deadlines import DeadlineState, Kind
from complaints.domain.errors import N_
from complaints.domain.evidence import CRITERIA
from complaints.domain.lifecycle import Status
from complaints.domain.priority import Priority
from complaints.domain.worktime.durations import Unit
from complaints.queries.reports.exceptions_union import KINDS


def one_of(values: Iterable[str]) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", "enum": [str(each) for each in values]})


At = Annotated[
    str,
    WithJsonSchema(
        {"type": "string", "format": "date-time", "examples": ["2026-11-19T02:15:00+00:00"]}
    ),
]
#: A file in a form; one with each call.
FileSent = Annotated[
    bytes,
    Field(description=N_("The file; one with each call."), json_schema_extra={"format": "binary"}),
]
Day = Annotated[str, WithJsonSchema({"type": "string", "format": "date"})]
Number = Annotated[str, Field(description=N_("The number that customers are told."))]
StatusCode = Annotated[str, one_of(Status)]
StageCode = Annotated[
    str,
    one_of(("intake", "planning", "resolution", "ended")),
    Field(description=N_("The element of the unit that is still open.")),
]
PriorityCode = Annotated[str, one_of(Priority)]
KindCode = Annotated[str, one_of(Kind)]
ExitCode = Annotated[str, one_of(KINDS)]
DeadlineStateCode = Annotated[str, one_of(DeadlineState)]
CriterionCode = Annotated[str, one_of(CRITERIA)]
UnitCode = Annotated[str, one_of(Unit)]
Code = Annotated[str, Field(description=N_("A code; GET /codes lists them."))]
Missing = Annotated[
    list[CriterionCode], Field(description=N_("The criteria that keep the next gate shut."))
]

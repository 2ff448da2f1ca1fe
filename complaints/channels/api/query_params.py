"""What the lists and reports of the API may be asked: filters, pages and periods.

An unknown filter is refused; a typing error must not show everything as if it were the answer.
"""

from datetime import date
from typing import Annotated

from pydantic import BeforeValidator, Field
from pydantic_core import PydanticCustomError

from complaints.actions.fields import Address, Code, Line, Part, Reason
from complaints.queries.lists.worklist import MOST_ROWS, ListFilters

#: Rows of a page when none are asked for.
ROWS = 50


def _day(value: object) -> object:
    if isinstance(value, str):
        try:
            return date.fromisoformat(value.strip())
        except ValueError:
            pass
    raise PydanticCustomError("not_a_day", "no day")


Day = Annotated[date, BeforeValidator(_day)]


class ListQuestion(Part):
    """Which complaints to list."""

    status: Code | None = Field(None, description="A status, or `open`, or `ended`.")
    overdue: bool = False
    handler: Address | None = Field(None, description="An e-mail address, `me` or `none`.")
    team: Code | None = Field(None, description="A code, or `none`.")
    branch: Code | None = None
    priority: Code | None = None
    category: Code | None = Field(None, description="A category's or a group's code, or `none`.")
    channel: Code | None = None
    q: Line | None = Field(None, description="Words, a number, a phone or an e-mail address.")
    sort: Code | None = Field(None, description="`due` or `newest`.")
    limit: Annotated[int, Field(ge=1, le=MOST_ROWS)] = ROWS
    cursor: Reason | None = Field(None, description="`next` of the page before.")

    def filters(self) -> ListFilters:
        """The filters as the query takes them."""
        given = self.model_dump(exclude={"limit", "cursor"})
        return ListFilters(**given)


class ReportQuestion(Part):
    """Which period to report, and by what to divide it."""

    from_on: Day = Field(alias="from")
    to_on: Day = Field(alias="to")
    by: Code | None = None

"""What the lists and reports of the API may be asked: filters, pages and periods.

An unknown filter is refused, and so is a code that nobody knows: a typing error must neither show
everything nor an empty list as if it were the answer.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Any, TypeVar

from pydantic import Field, GetCoreSchemaHandler, StringConstraints
from pydantic_core import core_schema
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from complaints.actions.fields import CLEAN, CodeGiven, Day, Part
from complaints.actions.reading import BodyErrors, read_body
from complaints.documents.reporting.files import ReportForm
from complaints.domain.errors import N_, Invalid
from complaints.domain.lifecycle import Status
from complaints.domain.priority import Priority
from complaints.domain.scripts import LANGUAGES
from complaints.queries.lists.filters import (
    ENDED_ONES,
    NONE,
    OPEN_ONES,
    ListFilters,
    knows_category,
    knows_person,
)
from complaints.queries.lists.worklist import MOST_ROWS, SORTS
from complaints.queries.reports.exit_report import DIVISIONS
from complaints.queries.reports.figures import DIMENSIONS
from complaints.queries.reports.outcomes.division import OUTCOME_DIVISIONS
from complaints.queries.reports.outcomes.report import OUTCOME_PARTS
from complaints.rulebook import RuleBook

#: What a report is answered as when no file is asked for.
JSON_FORM = "json"
#: Rows of a page when none are asked for.
ROWS = 50


@dataclass(frozen=True, slots=True)
class OneOf:
    """One of these texts and no other; the schema lists them."""

    values: tuple[str, ...]

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> core_schema.CoreSchema:
        return core_schema.literal_schema(list(self.values))


StatusAsked = Annotated[str, OneOf((*Status, OPEN_ONES, ENDED_ONES)), CLEAN]
PriorityAsked = Annotated[str, OneOf(tuple(Priority)), CLEAN]
SortAsked = Annotated[str, OneOf(SORTS), CLEAN]
PartAsked = Annotated[str, OneOf(tuple(OUTCOME_PARTS)), CLEAN]
OutcomeDivision = Annotated[str, OneOf(OUTCOME_DIVISIONS), CLEAN]
ExitsDivision = Annotated[str, OneOf(DIVISIONS), CLEAN]
DimensionAsked = Annotated[str, OneOf(DIMENSIONS), CLEAN]
FormAsked = Annotated[str, OneOf((JSON_FORM, *ReportForm)), CLEAN]
LangAsked = Annotated[str, OneOf(LANGUAGES), CLEAN]
AddressAsked = Annotated[str, StringConstraints(min_length=1, max_length=254), CLEAN]
WordsAsked = Annotated[str, StringConstraints(min_length=1, max_length=120), CLEAN]
CursorAsked = Annotated[str, StringConstraints(min_length=1, max_length=2_000), CLEAN]


class ListQuestion(Part):
    """Which complaints to list."""

    status: StatusAsked | None = Field(
        None, description=N_("A status; `open` or `ended` for groups of them.")
    )
    overdue: bool = Field(False, description=N_("Only those whose time is over."))
    handler: AddressAsked | None = Field(None, description=N_("An email address, `me` or `none`."))
    team: CodeGiven | None = Field(
        None, description=N_("A unit of GET /codes (`teams`), or `none`.")
    )
    branch: CodeGiven | None = Field(None, description=N_("A branch of GET /codes."))
    priority: PriorityAsked | None = None
    category: CodeGiven | None = Field(
        None, description=N_("A category or a group of GET /codes, or `none`.")
    )
    channel: CodeGiven | None = Field(None, description=N_("A channel of GET /codes."))
    q: WordsAsked | None = Field(
        None, description=N_("Words, a number, a telephone number or an email address.")
    )
    sort: SortAsked | None = Field(
        None, description=N_("By deadline (the default for open ones) or the newest first.")
    )
    limit: Annotated[int, Field(ge=1, le=MOST_ROWS)] = ROWS
    cursor: CursorAsked | None = Field(None, description=N_("`next` of the page before."))

    def filters(self, session: Session, rules: RuleBook) -> ListFilters:
        """The filters as the query takes them; raises BodyErrors for codes that nobody knows."""
        unknown = list(self._unknown(session, rules))
        if unknown:
            raise BodyErrors(unknown)
        given = self.model_dump(exclude={"limit", "cursor"})
        return ListFilters(**given)

    def _unknown(self, session: Session, rules: RuleBook) -> Iterator[tuple[str, Invalid]]:
        if self.handler not in (None, "me", NONE) and not knows_person(session, self.handler):
            yield "handler", Invalid(_NOBODY, field="handler")
        if self.team not in (None, NONE) and self.team not in rules.teams_by_code:
            yield "team", _no_code("team", self.team)
        if self.branch is not None and self.branch not in rules.branches_by_code:
            yield "branch", _no_code("branch", self.branch)
        if self.channel is not None and self.channel not in rules.taxonomy.channels:
            yield "channel", _no_code("channel", self.channel)
        if self.category in (None, NONE):
            return
        known = rules.taxonomy.groups, rules.taxonomy.categories
        if not any(self.category in each for each in known) and not knows_category(
            session, self.category
        ):
            yield "category", _no_code("category", self.category)


class HistoryQuestion(Part):
    """How much of a history to read; without a limit all of it."""

    limit: Annotated[int, Field(ge=1, le=MOST_ROWS)] | None = Field(
        None, description=N_("At most so many entries; without it all.")
    )
    cursor: CursorAsked | None = Field(None, description=N_("`next` of the page before."))


class ReportQuestion(Part):
    """Which period to report, and by what to divide it."""

    from_on: Day = Field(alias="from", description=N_("The first day, in each branch's own zone."))
    to_on: Day = Field(alias="to", description=N_("The last day."))
    by: DimensionAsked | None = None
    format: FormAsked = JSON_FORM
    lang: LangAsked | None = Field(
        None,
        description=N_(
            "Of the words in a file; without it the language of Accept-Language, else Indonesian."
        ),
    )


class ExitsQuestion(Part):
    """Which period to report, and by what to group the exceptions."""

    from_on: Day = Field(alias="from", description=N_("The first day, in each branch's own zone."))
    to_on: Day = Field(alias="to", description=N_("The last day."))
    by: ExitsDivision | None = None
    format: FormAsked = JSON_FORM
    lang: LangAsked | None = Field(
        None,
        description=N_(
            "Of the words in a file; without it the language of Accept-Language, else Indonesian."
        ),
    )


class OutcomesQuestion(Part):
    """Which period to report, which part, and what its lines are divided by."""

    from_on: Day = Field(alias="from", description=N_("The first day, in each branch's own zone."))
    to_on: Day = Field(alias="to", description=N_("The last day."))
    part: PartAsked = next(iter(OUTCOME_PARTS))
    by: OutcomeDivision | None = Field(
        None, description=N_("What each line is divided by; `satisfaction` by no `handler`.")
    )
    format: FormAsked = JSON_FORM
    lang: LangAsked | None = Field(
        None,
        description=N_(
            "Of the words in a file; without it the language of Accept-Language, else Indonesian."
        ),
    )


Q = TypeVar("Q", bound=Part)


def read_question(model: type[Q], asked: MultiDict[str, str]) -> Q:
    """Read a query string as a question; raises BodyErrors, also for what is asked twice.

    Only one of two values could be heeded, and the answer would not say which.
    """
    twice = [name for name, values in asked.lists() if len(values) > 1]
    if twice:
        raise BodyErrors([(name[:60], Invalid(_TWICE, field=name[:60])) for name in twice[:20]])
    return read_body(model, asked.to_dict())


_TWICE = N_("This is asked twice. Send it once.")
_NOBODY = N_("Nobody works here under this address. Send an email address, `me` or `none`.")


def _no_code(field: str, code: str) -> Invalid:
    sentence = N_("There is no code %(code)s here; GET /api/v1/codes lists those there are.")
    return Invalid(sentence, field=field, code=code)

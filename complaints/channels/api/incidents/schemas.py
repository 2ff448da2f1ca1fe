"""What is sent for incidents and what is answered."""

from typing import Annotated, Any

from pydantic import Field, StringConstraints
from typing_extensions import TypedDict

from complaints.actions.fields import CLEAN, Code, Instant, Part, Reason, Short
from complaints.channels.api.problems import say
from complaints.channels.api.query_params import ROWS, CursorAsked, OneOf
from complaints.channels.api.responses import stamp
from complaints.channels.api.values import At, one_of
from complaints.channels.bulk import BULK_NOUNS
from complaints.channels.one_by_one import MOST, RowResult
from complaints.domain.errors import N_
from complaints.domain.incidents.rules import How, write_number
from complaints.domain.lifecycle import Status
from complaints.models import Incident
from complaints.queries.incidents.single import LinkedPage, Told
from complaints.rulebook import RuleBook
from complaints.steps.incidents.open import LONGEST, IncidentGiven

Text = Annotated[str, StringConstraints(max_length=LONGEST), CLEAN]
Title = Annotated[str, StringConstraints(max_length=200), CLEAN]
Numbers = Annotated[list[Short], Field(min_length=1, max_length=MOST)]


class IncidentBody(Part):
    """What is known of an incident; what is not sent stays as it is."""

    title: Title | None = Field(
        None, description=N_("What has happened; without it the cause is used.")
    )
    category: Code | None = Field(
        None,
        description=N_(
            "A category or a group of them, as GET /codes lists them; none for whatever customers "
            "complain of."
        ),
    )
    branch: Code | None = Field(
        None, description=N_("Where; your own branch without it. `all` for all branches.")
    )
    cause: Text | None = None
    plan: Text | None = None
    expected_at: Instant | None = Field(
        None, description=N_("By when it is expected to be solved; not in the past.")
    )
    words: Text | None = Field(
        None, description=N_("What customers are told, once a supervisor has approved it.")
    )
    words_en: Text | None = Field(
        None, description=N_("The same for customers who are written to in English.")
    )

    def given(self) -> IncidentGiven:
        """The same as the step takes it."""
        return IncidentGiven(
            title=self.title,
            category=self.category,
            branch="" if self.branch == "all" else self.branch,
            cause=self.cause,
            plan=self.plan,
            expected_at=self.expected_at,
            words=self.words,
            words_en=self.words_en,
        )


class IncidentComplaints(Part):
    """Which complaints are part of the incident, or are no part of it after all."""

    numbers: Numbers
    remove: bool = Field(False, description=N_("`true` takes them out instead."))


class BulkBody(Part):
    """The same act on several complaints."""

    numbers: Numbers
    noun: Annotated[str, OneOf(BULK_NOUNS), CLEAN]
    body: dict[str, Any] = Field(
        {}, description=N_("What is sent for the noun, without `at` and `version`.")
    )


class IncidentWords(Part):
    """What all are told; the approved words without a text."""

    text: Text = ""
    text_en: Text = ""


class IncidentApproval(Part):
    """Nothing more needs to be said."""


class IncidentClosure(Part):
    """How it ended."""

    text: Reason = ""


class IncidentsQuestion(Part):
    """Which incidents."""

    limit: Annotated[int, Field(ge=1, le=100)] = ROWS
    cursor: CursorAsked | None = Field(None, description=N_("`next` of the page before."))


class ToldAnswer(TypedDict):
    """Words that were told, and how far that is."""

    text: str
    text_en: str
    at: At
    by: str
    states: Annotated[
        dict[str, int],
        Field(description=N_("State → how many customers are in it; `waiting` are told soon.")),
    ]


class LinkedAnswer(TypedDict):
    """A complaint that is part of the incident."""

    number: str
    status: Annotated[str, one_of(Status)]
    how: Annotated[str, one_of(How)]
    at: At
    told: Annotated[
        str | None, Field(description=N_("The state of the latest words to this customer."))
    ]


class IncidentAnswer(TypedDict):
    """An incident."""

    number: str
    title: str
    category: str
    branch: Annotated[str | None, Field(description=N_("Null for all branches."))]
    cause: str
    plan: str
    expected_at: At | None
    words: str
    words_en: str
    approved_at: At | None
    approved_by: str
    opened_at: At
    opened_by: str
    closed_at: At | None
    closed_by: str
    closing: str


class IncidentLineAnswer(IncidentAnswer):
    """The same in the list."""

    count: Annotated[int, Field(description=N_("Complaints that are part of it."))]


class WholeIncident(IncidentLineAnswer):
    """One incident with its complaints that you may see and what was told."""

    complaints: list[LinkedAnswer]
    hidden: Annotated[int, Field(description=N_("Complaints of it that you may not see."))]
    messages: list[ToldAnswer]


class IncidentPageAnswer(TypedDict):
    """Incidents, open ones first."""

    items: list[IncidentLineAnswer]
    next: Annotated[str | None, Field(description=N_("`cursor` of the page after; null if last."))]


class RowAnswer(TypedDict):
    """What came of one complaint."""

    number: str
    state: Annotated[str, one_of(("done", "unchanged", "refused"))]
    detail: Annotated[str, Field(description=N_("Why it was refused; empty otherwise."))]


class RowsAnswer(TypedDict):
    """What came of each complaint."""

    done: int
    refused: int
    items: list[RowAnswer]


class SentAnswer(TypedDict):
    """The words are told to whoever had not had them; those who wait are told in a moment."""

    number: str
    told: ToldAnswer


def incident_answer(incident: Incident, rules: RuleBook) -> IncidentAnswer:
    """An incident as it stands."""
    branch = rules.branches.get(incident.branch_id or 0)
    return {
        "number": write_number(incident.year, incident.id),
        "title": incident.title,
        "category": incident.category,
        "branch": branch.code if branch else None,
        "cause": incident.cause,
        "plan": incident.plan,
        "expected_at": stamp(incident.expected_at),
        "words": incident.words,
        "words_en": incident.words_en,
        "approved_at": stamp(incident.words_at),
        "approved_by": incident.words_by_name,
        "opened_at": stamp(incident.opened_at),
        "opened_by": incident.opened_by_name,
        "closed_at": stamp(incident.closed_at),
        "closed_by": incident.closed_by_name,
        "closing": incident.closing,
    }


def whole_answer(
    incident: Incident, page: LinkedPage, told: list[Told], rules: RuleBook
) -> WholeIncident:
    """One incident with all that is shown of it."""
    return {
        **incident_answer(incident, rules),
        "count": page.count,
        "complaints": [
            {
                "number": each.number,
                "status": each.status,
                "how": each.how,
                "at": stamp(each.at),
                "told": each.told,
            }
            for each in page.items
        ],
        "hidden": page.hidden,
        "messages": [told_answer(each) for each in told],
    }


def told_answer(told: Told) -> ToldAnswer:
    """Words that were told."""
    message = told.message
    return {
        "text": message.text,
        "text_en": message.text_en,
        "at": stamp(message.at),
        "by": message.by_name,
        "states": dict(told.states),
    }


def rows_answer(rows: list[RowResult]) -> RowsAnswer:
    """What came of each."""
    return {
        "done": sum(each.is_done for each in rows),
        "refused": sum(each.refused is not None for each in rows),
        "items": [
            {
                "number": each.number,
                "state": each.state,
                "detail": say(each.refused) if each.refused is not None else "",
            }
            for each in rows
        ],
    }

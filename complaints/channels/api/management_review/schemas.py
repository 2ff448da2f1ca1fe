"""What is asked of management reviews, and what is answered."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any

from pydantic import Field
from typing_extensions import TypedDict

from complaints.actions.fields import CLEAN, CodeGiven, Part
from complaints.channels.api.query_params import (
    JSON_FORM,
    ROWS,
    CursorAsked,
    LangAsked,
    OneOf,
)
from complaints.channels.api.reports.schemas import OutcomeSection
from complaints.channels.api.responses import stamp
from complaints.channels.api.values import At, one_of
from complaints.documents.reporting.files import ReportForm
from complaints.domain.errors import N_
from complaints.domain.improvement.acts import ActionState
from complaints.domain.management_review.acts import MINUTES, ReviewAct, ReviewState
from complaints.formatting import ENGLISH, INDONESIAN
from complaints.queries.management_review.lists import ReviewLine, ReviewsAsked
from complaints.queries.management_review.view import read_review
from complaints.rulebook import RuleBook
from complaints.steps.management_review.record import ReviewCase

#: Rows of a page, at most.
MOST_ROWS = 200

Number = Annotated[str, Field(description=N_("The number of the management review."))]
StateAsked = Annotated[str, OneOf(tuple(ReviewState)), CLEAN]
FormAsked = Annotated[str, OneOf((JSON_FORM, ReportForm.PDF.value)), CLEAN]
OnDay = Annotated[str, Field(json_schema_extra={"format": "date"})]
AllBranches = Annotated[str | None, Field(description=N_("A branch's code; null for all."))]


class ReviewsQuestion(Part):
    """Which management reviews to list."""

    state: StateAsked | None = Field(
        None, description=N_("Drafts and what is concluded when absent.")
    )
    branch: CodeGiven | None = Field(None, description=N_("A branch of GET /codes."))
    limit: Annotated[int, Field(ge=1, le=MOST_ROWS)] = ROWS
    cursor: CursorAsked | None = Field(None, description=N_("`next` of the page before."))

    def asked(self, rules: RuleBook) -> ReviewsAsked:
        """The filters as the query takes them; Invalid for a branch that nobody knows."""
        branch_id = rules.branch_by_code(self.branch).id if self.branch else None
        return ReviewsAsked(self.state, branch_id)


class ReviewQuestion(Part):
    """As what it is answered."""

    format: FormAsked = JSON_FORM
    lang: LangAsked | None = Field(
        None,
        description=N_(
            "Of the words in a file; without it the language of Accept-Language, else Indonesian."
        ),
    )


class _ReviewDays(TypedDict):
    number: Number
    state: Annotated[str, one_of(ReviewState)]
    branch: AllBranches
    first: OnDay
    last: OnDay
    held_on: OnDay | None
    next_on: OnDay | None
    chaired_by: str


class ReviewLineAnswer(_ReviewDays):
    """A management review in a list."""

    drafted_at: At
    ended_at: At | None


class ReviewList(TypedDict):
    """Management reviews, the newest first."""

    items: list[ReviewLineAnswer]
    next: Annotated[str | None, Field(description=N_("`cursor` of the page after; null if last."))]


class AgreedAction(TypedDict):
    """A corrective action as the record has it; `now` is how it stands at this moment."""

    number: Annotated[str, Field(description=N_("The number of the corrective action."))]
    what: str
    owner: str
    due_on: OnDay
    state: Annotated[str, one_of(ActionState)]
    done_on: OnDay | None
    was_late: bool
    now: Annotated[str, one_of(ActionState)] | None


class ReviewBefore(TypedDict):
    """The review before this one, and its corrective actions."""

    number: Number
    held_on: OnDay
    actions: list[AgreedAction]


class ReviewFigures(TypedDict):
    """The figures as they were kept, whatever has changed in complaints since."""

    read_at: At
    zones: list[str]
    deadlines: Annotated[
        dict[str, object],
        Field(description=N_("As GET /reports/deadlines answered then, with by=category.")),
    ]
    sections: list[OutcomeSection]
    actions: Annotated[
        list[dict[str, object]],
        Field(description=N_("Corrective actions open in the period, with their effect of then.")),
    ]
    has_more_actions: bool


class ReviewEntryAnswer(TypedDict):
    """One entry of the history of a review; a correction is one of them."""

    what: Annotated[str, one_of(ReviewAct)]
    at: At
    by: str
    detail: dict[str, object]


class ReviewAnswer(_ReviewDays):
    """A management review whole."""

    participants: list[str]
    minutes: Annotated[
        dict[str, str],
        Field(
            description=N_("Part of the minutes → text."),
            json_schema_extra={"propertyNames": {"enum": list(MINUTES)}},
        ),
    ]
    figures: ReviewFigures
    agreed: list[AgreedAction]
    before: Annotated[
        ReviewBefore | None, Field(description=N_("Null where none is concluded before it."))
    ]
    drafted_at: At
    drafted_by: str
    ended_at: At | None
    ended_by: str
    reason: Annotated[str, Field(description=N_("Why it was dropped."))]
    history_seq: Annotated[int, Field(description=N_("The `seen` of a change."))]
    history: list[ReviewEntryAnswer]


def line_answer(line: ReviewLine, rules: RuleBook) -> ReviewLineAnswer:
    """A review in a list."""
    return {
        "number": line.number,
        "state": line.state,
        "branch": _branch(rules, line.branch_id),
        "first": line.from_on.isoformat(),
        "last": line.to_on.isoformat(),
        "held_on": _day(line.held_on),
        "next_on": _day(line.next_on),
        "chaired_by": line.chaired_by,
        "drafted_at": stamp(line.drafted_at),
        "ended_at": _stamped(line.ended_at),
    }


def review_answer(case: ReviewCase) -> ReviewAnswer:
    """A review with its figures, what was agreed, and its history."""
    view = read_review(case.session, case.rules, case.review, at=case.at)
    review, body, followed = view.review, view.review.figures, view.followed
    return {
        "number": view.number,
        "state": review.state,
        "branch": _branch(case.rules, review.branch_id),
        "first": review.from_on.isoformat(),
        "last": review.to_on.isoformat(),
        "held_on": _day(review.held_on),
        "next_on": _day(review.next_on),
        "chaired_by": review.chaired_by,
        "participants": list(review.participants),
        "minutes": dict(review.minutes),
        "figures": {
            "read_at": stamp(review.figures_at),
            "zones": body["zones"],
            "deadlines": body["deadlines"],
            "sections": [_section(each) for each in body["sections"]],
            "actions": body["actions"],
            "has_more_actions": body["has_more_actions"],
        },
        "agreed": [_action(each, view.now) for each in view.agreed],
        "before": {
            "number": followed["number"],
            "held_on": followed["held_on"],
            "actions": [_action(each, view.now) for each in followed["actions"]],
        }
        if followed
        else None,
        "drafted_at": stamp(review.drafted_at),
        "drafted_by": review.drafted_by_name,
        "ended_at": _stamped(review.ended_at),
        "ended_by": review.ended_by_name,
        "reason": review.reason,
        "history_seq": review.history_seq,
        "history": [
            {"what": each.what, "at": stamp(each.at), "by": each.by_name, "detail": each.detail}
            for each in reversed(view.entries)
        ],
    }


def _section(kept: Mapping[str, Any]) -> OutcomeSection:
    return {
        "key": kept["key"],
        "lines": [_line(each) for each in kept["lines"]],
        "total": _line(kept["total"]) if kept["total"] else None,
    }


def _line(kept: Mapping[str, Any]) -> Any:
    return {
        "key": kept["key"],
        "label": kept["label"][INDONESIAN],
        "label_en": kept["label"][ENGLISH],
        "sample": kept["sample"],
        "values": kept["values"],
    }


def _action(kept: Mapping[str, Any], now: Mapping[str, Mapping[str, Any]]) -> AgreedAction:
    live = now.get(kept["number"])
    return {
        "number": kept["number"],
        "what": kept["what"],
        "owner": kept["owner"],
        "due_on": kept["due_on"],
        "state": kept["state"],
        "done_on": kept["done_on"],
        "was_late": kept["was_late"],
        "now": live["state"] if live else None,
    }


def _branch(rules: RuleBook, branch_id: int | None) -> str | None:
    return None if branch_id is None else rules.branches[branch_id].code


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _stamped(at: datetime | None) -> str | None:
    return stamp(at) if at else None

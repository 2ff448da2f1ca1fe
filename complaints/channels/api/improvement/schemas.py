"""What is asked of corrective actions and causes, and what is answered."""

from datetime import date, datetime
from typing import Annotated

from pydantic import Field
from sqlalchemy.orm import Session
from typing_extensions import TypedDict

from complaints.actions.fields import CLEAN, CodeGiven, Day, Part
from complaints.channels.api.query_params import ROWS, CursorAsked, OneOf
from complaints.channels.api.responses import stamp
from complaints.channels.api.values import At, Code, one_of
from complaints.domain.errors import N_
from complaints.domain.improvement.acts import ActionAct, ActionState, Subject
from complaints.domain.improvement.effect import Effect, Judgement, Window
from complaints.queries.improvement.lists import ActionLine, ActionsAsked
from complaints.queries.improvement.tree import CauseTree
from complaints.queries.improvement.view import read_action
from complaints.rulebook import RuleBook
from complaints.steps.improvement.record import ActionCase

#: Rows of a page, at most.
MOST_ROWS = 200

Number = Annotated[str, Field(description=N_("The number of the corrective action."))]
StateCode = Annotated[str, one_of(ActionState)]
StateAsked = Annotated[str, OneOf(tuple(ActionState)), CLEAN]
SubjectAsked = Annotated[str, OneOf(tuple(Subject)), CLEAN]
OnDay = Annotated[str, Field(json_schema_extra={"format": "date"})]
AllBranches = Annotated[str | None, Field(description=N_("A branch's code; null for all."))]
Late = Annotated[At | None, Field(description=N_("The deadline that passed before it was done."))]


class ActionsQuestion(Part):
    """Which corrective actions to list."""

    state: StateAsked = ActionState.OPEN.value
    branch: CodeGiven | None = Field(None, description=N_("A branch of GET /codes."))
    subject: SubjectAsked | None = None
    code: CodeGiven | None = None
    mine: bool = Field(False, description=N_("Only those you are to carry out."))
    late: bool | None = Field(None, description=N_("Late now, or when it was done."))
    limit: Annotated[int, Field(ge=1, le=MOST_ROWS)] = ROWS
    cursor: CursorAsked | None = Field(None, description=N_("`next` of the page before."))

    def asked(self, rules: RuleBook) -> ActionsAsked:
        """The filters as the query takes them; Invalid for a branch that nobody knows."""
        return ActionsAsked(
            state=self.state,
            branch_id=rules.branch_by_code(self.branch).id if self.branch else None,
            subject=self.subject,
            code=self.code,
            is_own=self.mine,
            is_late=self.late,
        )


class CausesQuestion(Part):
    """Of which days."""

    from_on: Day = Field(alias="from", description=N_("The first day, in each branch's own zone."))
    to_on: Day = Field(alias="to", description=N_("The last day."))


class ActionLineAnswer(TypedDict):
    """A corrective action in a list."""

    number: Number
    state: StateCode
    branch: AllBranches
    subject: Annotated[str, one_of(Subject)]
    code: Code
    cause: Annotated[str, Field(description=N_("The cause it belongs to; empty for none."))]
    whys: list[str]
    what: str
    owner: str
    due_on: OnDay
    due_at: At
    is_late: bool
    late_at: Late
    raised_at: At
    done_on: OnDay | None
    ended_at: At | None


class ActionList(TypedDict):
    """Corrective actions: open and done ones by their due time, others the newest first."""

    items: list[ActionLineAnswer]
    next: Annotated[str | None, Field(description=N_("`cursor` of the page after; null if last."))]


class StretchAnswer(TypedDict):
    """Complaints of the kind received in a stretch of days, and what they are out of."""

    first: OnDay
    last: OnDay
    cases: int
    of: Annotated[
        int, Field(description=N_("Complaints received that are in the division, or days."))
    ]
    unknown: Annotated[int, Field(description=N_("Complaints received that are not in it yet."))]


class EffectAnswer(TypedDict):
    """Complaints before and after it was done; null where too little is known for a ratio."""

    judgement: Annotated[str, one_of(Judgement)]
    before: StretchAnswer
    after: StretchAnswer
    ratio: Annotated[
        float | None,
        Field(
            description=N_(
                "How many times the share, of a branch the number a day, is that of before."
            )
        ),
    ]
    low: Annotated[float | None, Field(description=N_("Lower end of its confidence interval."))]
    high: Annotated[float | None, Field(description=N_("Upper end; null where it has none."))]


class ActionEntryAnswer(TypedDict):
    """One entry of the history of a corrective action."""

    what: Annotated[str, one_of(ActionAct)]
    at: At
    by: str
    detail: dict[str, object]


class CorrectiveActionAnswer(TypedDict):
    """A corrective action whole."""

    number: Number
    state: StateCode
    branch: AllBranches
    subject: Annotated[str, one_of(Subject)]
    code: Code
    cause: Annotated[str, Field(description=N_("The first answer to “why?”; empty for none."))]
    whys: Annotated[list[str], Field(description=N_("The answers behind the cause."))]
    what: str
    why: str
    contact: Annotated[str | None, Field(description=N_("What it rests on: a contact's number."))]
    owner: str
    owner_email: str
    due_on: OnDay
    first_due_on: OnDay
    due_at: At
    late_at: Late
    weeks: int
    raised_at: At
    raised_by: str
    done_on: OnDay | None
    done_at: At | None
    evidence: str
    ended_at: At | None
    ended_by: str
    reason: Annotated[str, Field(description=N_("By what it was judged, or why it was dropped."))]
    effect: Annotated[
        EffectAnswer | None,
        Field(
            description=N_(
                "Null before it is done, for whoever reads no reports of it, and in "
                "the answer to an act."
            )
        ),
    ]
    history: list[ActionEntryAnswer]


class CauseAnswer(TypedDict):
    """A cause with its complaints and what is done against it."""

    code: Code
    received: int
    missed: int
    actions: Annotated[list[str], Field(description=N_("Numbers of corrective actions."))]


class CauseGroupAnswer(TypedDict):
    """A group of causes; those known no finer are in the cause of the same code."""

    code: Code
    received: int
    causes: list[CauseAnswer]


class UnknownCauseAnswer(TypedDict):
    """Complaints under a code that the list of causes does not have any more."""

    code: Code
    received: int


class CauseTreeAnswer(TypedDict):
    """The tree of causes of a period; the counts are those of the deadline report."""

    first: OnDay
    last: OnDay
    received: int
    without_cause: int
    groups: list[CauseGroupAnswer]
    unknown: Annotated[
        list[UnknownCauseAnswer], Field(description=N_("Causes that are no longer listed."))
    ]
    has_more_actions: Annotated[
        bool, Field(description=N_("Whether only the newest corrective actions are there."))
    ]


def line_answer(line: ActionLine, rules: RuleBook, now: datetime) -> ActionLineAnswer:
    """A corrective action in a list."""
    return {
        "number": line.number,
        "state": line.state,
        "branch": _branch(rules, line.branch_id),
        "subject": line.subject,
        "code": line.code,
        "cause": line.cause,
        "whys": list(line.whys),
        "what": line.what,
        "owner": line.owner_name,
        "due_on": line.due_on.isoformat(),
        "due_at": stamp(line.due_at),
        "is_late": line.is_late(now),
        "late_at": _stamped(line.late_at),
        "raised_at": stamp(line.raised_at),
        "done_on": _day(line.done_on),
        "ended_at": _stamped(line.ended_at),
    }


def action_answer(case: ActionCase, *, figures: Session | None) -> CorrectiveActionAnswer:
    """A corrective action; its effect only where `figures` are read, not in answer to an act."""
    view = read_action(case.session, case.rules, case.action, case.by, now=case.at, figures=figures)
    action = view.action
    return {
        "number": view.number,
        "state": action.state,
        "branch": _branch(case.rules, action.branch_id),
        "subject": action.subject,
        "code": action.code,
        "cause": action.cause,
        "whys": list(action.whys),
        "what": action.what,
        "why": action.why,
        "contact": view.contact or None,
        "owner": action.owner_name,
        "owner_email": view.owner_email,
        "due_on": action.due_on.isoformat(),
        "first_due_on": action.first_due_on.isoformat(),
        "due_at": stamp(action.due_at),
        "late_at": _stamped(action.late_at),
        "weeks": action.weeks,
        "raised_at": stamp(action.raised_at),
        "raised_by": action.raised_by_name,
        "done_on": _day(action.done_on),
        "done_at": _stamped(action.done_at),
        "evidence": action.evidence,
        "ended_at": _stamped(action.ended_at),
        "ended_by": action.ended_by_name,
        "reason": action.reason,
        "effect": _effect(view.effect) if view.effect else None,
        "history": [
            {"what": each.what, "at": stamp(each.at), "by": each.by_name, "detail": each.detail}
            for each in reversed(view.entries)
        ],
    }


def tree_answer(tree: CauseTree) -> CauseTreeAnswer:
    """The tree of causes."""
    return {
        "first": tree.report.from_on.isoformat(),
        "last": tree.report.to_on.isoformat(),
        "received": tree.report.total.received,
        "without_cause": tree.without_cause,
        "groups": [
            {
                "code": group.cause.id,
                "received": group.received,
                "causes": [
                    {
                        "code": each.cause.id,
                        "received": each.received,
                        "missed": each.missed,
                        "actions": [action.number for action in each.actions],
                    }
                    for each in group.causes
                ],
            }
            for group in tree.groups
        ],
        "unknown": [{"code": code, "received": count} for code, count in tree.unknown],
        "has_more_actions": tree.has_more_actions,
    }


def _effect(effect: Effect) -> EffectAnswer:
    return {
        "judgement": effect.judgement.value,
        "before": _stretch(effect.before),
        "after": _stretch(effect.after),
        "ratio": effect.ratio,
        "low": effect.low,
        "high": effect.high,
    }


def _stretch(stretch: Window) -> StretchAnswer:
    return {
        "first": stretch.from_on.isoformat(),
        "last": stretch.to_on.isoformat(),
        "cases": stretch.cases,
        "of": stretch.of,
        "unknown": stretch.unknown,
    }


def _branch(rules: RuleBook, branch_id: int | None) -> str | None:
    return rules.branches[branch_id].code if branch_id is not None else None


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _stamped(at: datetime | None) -> str | None:
    return stamp(at) if at else None

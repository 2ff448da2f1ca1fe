"""Tell the customer the next steps (020-1.4) and the deadline (020-1.5)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from complaints.clocks.changes import Clocks
from complaints.domain.errors import N_, Invalid, Refused
from complaints.domain.lifecycle import Action, Status
from complaints.models import PlannedStep
from complaints.steps.advance import Proven, advance
from complaints.steps.case import Case


@dataclass(frozen=True, slots=True)
class StepGiven:
    """One step to be taken: what, by whom (a name or team code), by when."""

    what: str
    owner: str = ""
    due_at: datetime | None = None


def promise_deadline(
    case: Case,
    *,
    steps: Sequence[StepGiven],
    due_at: datetime | None = None,
    method: str = "spoken",
    unable: str | None = None,
) -> None:
    """Record what was promised: the steps and a date and time, kept as told.

    Without `due_at` the policy's due time is told; an earlier one may be promised, a later one
    never. Once the complaint is registered the date moves by extension only.

    The first date stays for ever: telling another one, an extension, a change of category and a
    reopening leave `first_told_at` of the complaint as it is. A reopened complaint gets a promise
    of its own, whose clocks keep a first date of their own.
    """
    complaint = case.complaint
    if complaint.promised_at is not None and complaint.status != Status.RECEIVED:
        raise Refused(N_("A date has already been promised. Ask for an extension to move it."))
    if unable is not None:
        both = [Proven(key, method=method, unable=unable) for key in ("020-1.4", "020-1.5")]
        advance(case, Action.PROMISE, proven=both)
        return
    latest = _policy_due(case)
    promised = due_at or latest
    if promised is None:
        raise Invalid(
            N_("No policy pack sets a deadline here; enter the date you promise."), field="due_at"
        )
    _check_date(case, promised, latest)
    store_steps(case, "promised", steps, promised)
    complaint.promised_at = promised
    complaint.first_told_at = complaint.first_told_at or promised
    told = promised.isoformat()
    advance(
        case,
        Action.PROMISE,
        proven=[
            Proven(
                "020-1.4",
                words="\n".join(step.what.strip() for step in steps),
                method=method,
                part=_told(case, steps, promised),
            ),
            Proven("020-1.5", words=told, method=method, detail={"due_at": told}),
        ],
        detail={"due_at": told, "steps": len(steps)},
        keep=lambda clocks: clocks.note_promise(promised, case.at),
    )


def _told(case: Case, steps: Sequence[StepGiven], promised: datetime) -> dict[str, Any]:
    """The steps and the date as a letter tells them."""
    return {
        "due_at": promised.isoformat(),
        "steps": [
            {
                "what": step.what.strip(),
                "owner": _owner_code(case, step.owner),
                "due_at": (step.due_at or promised).isoformat(),
            }
            for step in steps
        ],
    }


def store_steps(
    case: Case, purpose: str, steps: Sequence[StepGiven], deadline: datetime | None
) -> int:
    """Store a new revision of the promised or planned steps; returns its number.

    Raises Invalid without any step, for an empty one, or for one due after the deadline.
    """
    if not steps:
        raise Invalid(N_("Name at least one step."), field="steps")
    table = PlannedStep
    last = case.session.scalar(
        select(func.max(table.revision)).where(
            table.complaint_id == case.complaint.id, table.purpose == purpose
        )
    )
    for position, step in enumerate(steps, start=1):
        if not step.what.strip():
            raise Invalid(N_("A step is empty. Enter what will be done."), field="steps")
        if step.due_at is not None and deadline is not None and step.due_at > deadline:
            raise Invalid(
                N_("Step %(position)d ends after the deadline. Choose an earlier date."),
                field="steps",
                position=position,
            )
        case.session.add(
            PlannedStep(
                complaint_id=case.complaint.id,
                purpose=purpose,
                revision=(last or 0) + 1,
                position=position,
                what=step.what.strip(),
                owner=_owner_code(case, step.owner),
                due_at=step.due_at or deadline,
            )
        )
    return (last or 0) + 1


def _owner_code(case: Case, written: str) -> str:
    """A unit written by its name is kept by its code; letters then name it in their language."""
    written = written.strip()
    for team in case.rules.teams.values():
        if written.casefold() in (team.label_id.casefold(), team.label_en.casefold()):
            return team.code
    return written


def _policy_due(case: Case) -> datetime | None:
    clock = Clocks.of(case.session, case.rules, case.complaint, case.by.id).outcome()
    return clock.due_at if clock else None


def _check_date(case: Case, promised: datetime, latest: datetime | None) -> None:
    if promised <= case.at and (latest is None or promised != latest):
        raise Invalid(N_("The promised date must be in the future."), field="due_at")
    if latest is not None and promised > latest:
        raise Invalid(
            N_("The policy allows no later date than its deadline. Promise that one or earlier."),
            field="due_at",
        )

"""Tell the customer the next steps (020-1.4) and the deadline (020-1.5)."""

from collections.abc import Sequence
from datetime import datetime

from complaints.clocks.changes import Clocks
from complaints.domain.commitments.rules import CommitmentKind
from complaints.domain.errors import N_, Invalid, Refused
from complaints.domain.lifecycle import Action, Status
from complaints.steps.advance import Proven, advance
from complaints.steps.case import Case
from complaints.steps.commitments.undertake import StepGiven, undertake_list


def promise_deadline(
    case: Case,
    *,
    steps: Sequence[StepGiven],
    due_at: datetime | None = None,
    method: str = "spoken",
) -> None:
    """Record what was promised: the steps and a date and time, kept as told.

    Each step is a commitment with an owner and a due time of its own.

    Without `due_at` the policy's due time is told; an earlier one may be promised, a later one
    never. Where that lies behind us already, the steps have dates of their own, ahead of us.
    Once the complaint is registered the date moves by extension only.

    The first date stays for ever: telling another one, an extension, a change of category and a
    reopening leave `first_told_at` of the complaint as it is. A reopened complaint gets a promise
    of its own, whose clocks keep a first date of their own.
    """
    complaint = case.complaint
    if complaint.promised_at is not None and complaint.status != Status.RECEIVED:
        raise Refused(N_("A date has already been promised. Ask for an extension to move it."))
    latest = _policy_due(case)
    promised = due_at or latest
    if promised is None:
        raise Invalid(
            N_("No policy pack sets a deadline here; enter the date you promise."), field="due_at"
        )
    _check_date(case, promised, latest)
    ends = promised if promised > case.at else None
    undertaking = undertake_list(case, CommitmentKind.STEP, steps, ends)
    complaint.promised_at = promised
    complaint.first_told_at = complaint.first_told_at or promised
    told = promised.isoformat()

    def keep(clocks: Clocks) -> None:
        clocks.note_promise(promised, case.at)
        undertaking.start(clocks)

    advance(
        case,
        Action.PROMISE,
        proven=[
            Proven(
                "020-1.4",
                words="\n".join(step.what.strip() for step in steps),
                method=method,
                part={"due_at": told, "steps": undertaking.told()},
            ),
            Proven("020-1.5", words=told, method=method, detail={"due_at": told}),
        ],
        detail={"due_at": told, "steps": len(steps), **undertaking.replaced()},
        keep=keep,
    )
    undertaking.store()


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

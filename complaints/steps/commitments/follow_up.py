"""The follow-up of a written summary: due the next working day, done by the customer's answer."""

from collections.abc import Callable

from complaints.clocks.changes import Clocks
from complaints.clocks.commitment_clocks import release_commitments
from complaints.domain.commitments.rules import CommitmentKind, DropCause, is_unsettled
from complaints.domain.worktime.durations import due_at as due_after
from complaints.models import Commitment
from complaints.steps.case import Case
from complaints.steps.commitments.undertake import (
    StepGiven,
    Undertaking,
    commitments_of,
    drop,
    undertake_one,
)

#: What is to be done, as the organisation writes it.
_WHAT = {
    "id": "Menanyakan kepada pelanggan apakah ringkasan sudah benar",
    "en": "Ask the customer whether the summary is right",
}


def undertake_follow_up(case: Case) -> Undertaking | None:
    """Undertake to ask the customer who does not answer; None where that is undertaken already.

    Asking once more in writing moves no date.
    """
    if _waiting(case):
        return None
    days = case.rules.authority.reminders.confirmation_days
    calendar = case.rules.calendar_of(case.complaint.branch_id).value
    due_at = due_after(calendar, case.at, days, "working_day")
    what = _WHAT[case.rules.organisation.language]
    return undertake_one(case, CommitmentKind.CONFIRM, StepGiven(what, due_at=due_at), None)


def settle_follow_up(case: Case, *, is_answered: bool) -> Callable[[Clocks], None] | None:
    """Note that nothing is left to ask; returns what that does to the clocks, None if nothing."""
    waiting = _waiting(case)
    if not waiting:
        return None
    for each in waiting:
        if is_answered:
            each.done_at, each.done_by_id = case.at, case.by.id
        else:
            drop(each, DropCause.EXCUSED, case)
    ids = [each.deadline_id for each in waiting if each.deadline_id is not None]
    return lambda clocks: release_commitments(clocks, ids, case.at, is_done=is_answered)


def _waiting(case: Case) -> list[Commitment]:
    rows = commitments_of(case)
    return [each for each in rows if each.kind == CommitmentKind.CONFIRM and is_unsettled(each)]

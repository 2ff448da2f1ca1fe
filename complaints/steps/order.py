"""Refusing what comes before its time in element 3: see `domain/proofs/order`."""

from datetime import datetime

from sqlalchemy import select

from complaints.domain.errors import N_, GateRefused, Invalid
from complaints.domain.lifecycle import Action
from complaints.models import Cause, StepRecord
from complaints.steps.case import Case

#: What rests on the confirmed cause.
_AFTER_THE_CAUSE = (
    Action.APOLOGISE_AGAIN,
    Action.EXPLAIN_CAUSE,
    Action.ASK_APPROVAL,
    Action.OFFER,
)


def require_order(case: Case, action: Action, *, is_unable: bool) -> None:
    """Raise GateRefused for what comes too early, Invalid for a time told that says so.

    Whoever says why something could not be done may say it at any time.
    """
    if is_unable:
        return
    if action in _AFTER_THE_CAUSE:
        cause = confirmed_cause(case)
        if cause is not None:
            _require_later(case, cause.at)
        elif not _records(case, "020-3.2", is_unable=True):
            raise GateRefused(
                N_(
                    "Confirm the main cause first; the second apology, the explanation and the "
                    "offer rest on it."
                ),
                ("020-3.2",),
            )
    if action is Action.THANK:
        _require_answer(case)


def confirmed_cause(case: Case) -> Cause | None:
    """The confirmed cause of this cycle as it stands."""
    return case.session.scalar(
        select(Cause)
        .where(
            Cause.complaint_id == case.complaint.id,
            Cause.cycle == case.complaint.cycle,
            Cause.stage == "confirmed",
        )
        .order_by(Cause.id.desc())
        .limit(1)
    )


def _require_answer(case: Case) -> None:
    answers = _records(case, "020-3.4")
    ends = [each for key in ("020-3.3", "020-3.5") for each in _records(case, key, is_unable=True)]
    if not answers and not ends:
        raise GateRefused(
            N_("Thanks come after the customer's answer. Record the answer first."), ("020-3.4",)
        )
    _require_later(case, min(each.at for each in (*answers[-1:], *ends)))


def _records(case: Case, criterion: str, *, is_unable: bool | None = None) -> list[StepRecord]:
    query = select(StepRecord).where(
        StepRecord.complaint_id == case.complaint.id,
        StepRecord.cycle == case.complaint.cycle,
        StepRecord.criterion == criterion,
    )
    if is_unable is not None:
        query = query.where(StepRecord.is_unable.is_(is_unable))
    return list(case.session.scalars(query.order_by(StepRecord.id)))


def _require_later(case: Case, at: datetime) -> None:
    if case.at < at:
        raise Invalid(
            N_(
                "The time given lies before what this rests on: the confirmed cause, or the "
                "customer's answer. Enter a later time."
            ),
            field="at",
        )

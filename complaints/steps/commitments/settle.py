"""Settle commitments: done, or given up with a reason; and what a complaint may not be closed over.

Whoever sees the complaint and may handle it ticks what a person undertook: what counts is that it
was done, by whom it was noted and when. For units and larger amounts see `vouch`. Two who tick at
once make one record.
"""

from collections.abc import Collection, Sequence

from complaints.clocks.changes import Clocks
from complaints.clocks.commitment_clocks import release_commitments
from complaints.domain.commitments.rules import (
    CommitmentKind,
    DropCause,
    holding_up,
    is_unsettled,
    together_with,
)
from complaints.domain.errors import N_, Invalid, NotFound, Refused
from complaints.domain.lifecycle import ENDED, Action, Status
from complaints.domain.short_reason import require_reason
from complaints.models import Commitment, User
from complaints.steps.advance import advance
from complaints.steps.case import Case, count_from_now
from complaints.steps.commitments.deliver import note_deliveries, tell_given_up
from complaints.steps.commitments.undertake import (
    StepGiven,
    commitments_of,
    drop,
    said_of,
    says_enough,
    undertake_one,
)
from complaints.steps.commitments.vouch import require_released, require_vouched


class StillOpen(Refused):
    """Commitments stand in the way of closing; `ids` names them."""

    kind = "commitments"

    def __init__(self, waiting: Sequence[Commitment]) -> None:
        super().__init__(
            N_(
                "Not possible yet: these commitments are still open: %(what)s. "
                "Mark them as done, or drop them with a reason."
            ),
            what="; ".join(each.what for each in waiting[:5]) + ("; …" if waiting[5:] else ""),
        )
        self.ids = tuple(each.id for each in waiting)


def undertake(case: Case, *, kind: str, step: StepGiven) -> None:
    """Undertake one thing more, beside what was told and planned."""
    if kind not in (CommitmentKind.PLAN, CommitmentKind.DOCUMENT, CommitmentKind.STEP):
        raise Invalid(N_("Choose a kind from the list."), field="kind")
    if not says_enough(CommitmentKind(kind), step.what):
        raise Invalid(N_("Enter what will be done, and to what."), field="what")
    promised = case.complaint.promised_at if kind == CommitmentKind.STEP else None
    undertaking = undertake_one(case, CommitmentKind(kind), step, promised)
    advance(
        case,
        Action.UNDERTAKE,
        detail={"kind": kind, "what": step.what.strip(), "owner": undertaking.new[0][2].name},
        keep=undertaking.start,
    )
    undertaking.store()


def keep_commitments(
    case: Case,
    *,
    ids: Collection[int] = (),
    everything: bool = False,
    note: str = "",
    reference: str = "",
) -> None:
    """Note that these commitments were kept, or all that are open.

    A told step and the same step of the plan are done together. One that is settled already stays
    as it is, and the case says by whom. It counts from when it is recorded.
    """
    count_from_now(case)
    known = commitments_of(case)
    chosen = [each for each in known if is_unsettled(each)] if everything else _named(known, ids)
    waiting = _unsettled(case, known, chosen)
    if not waiting:
        if everything:
            raise Refused(N_("No commitment is open."))
        case.said = _settled_already(case, chosen[0])
        return
    require_vouched(case, known, waiting, note=note, reference=reference)
    for each in waiting:
        each.done_at, each.done_by_id = case.at, case.by.id
        each.note, each.reference = note.strip(), reference.strip()
    detail = {"commitments": [each.id for each in waiting], "done": said_of(waiting)}
    more = {"note": note.strip(), "reference": reference.strip()}
    advance(
        case,
        Action.KEEP_COMMITMENT,
        detail={**detail, **{name: words for name, words in more.items() if words}},
        keep=lambda clocks: release_commitments(clocks, _deadlines(waiting), case.at, is_done=True),
    )
    note_deliveries(case, known)


def drop_commitment(case: Case, *, commitment: int, reason: str) -> None:
    """Give up a commitment with a reason, which stays under the person's name.

    As with one that is kept, it counts from when it is recorded: no clock is moved by what somebody
    says of it. The customer hears of a remedy that does not come.
    """
    count_from_now(case)
    known = commitments_of(case)
    chosen = _named(known, [commitment])
    waiting = _unsettled(case, known, chosen)
    reason = require_reason(reason)
    if not waiting:
        case.said = _settled_already(case, chosen[0])
        return
    require_released(case, known, waiting)
    for each in waiting:
        drop(each, DropCause.BY_HAND, case, reason)
    advance(
        case,
        Action.DROP_COMMITMENT,
        detail={
            "commitments": [each.id for each in waiting],
            "dropped": said_of(waiting),
            "reason": reason,
        },
        keep=lambda clocks: release_commitments(
            clocks, _deadlines(waiting), case.at, is_done=False
        ),
    )
    note_deliveries(case, known)
    deliveries = [each for each in waiting if each.kind == CommitmentKind.DELIVERY]
    tell_given_up(case, deliveries, reason)


def require_settled(case: Case, *, may_deliver_later: bool) -> None:
    """Raise StillOpen while something that was undertaken is neither done nor dropped.

    A delivery may be dated later, unless the matter goes to another body for good.
    """
    known = commitments_of(case)
    waiting = holding_up(known, case.at) if may_deliver_later else list(filter(is_unsettled, known))
    if waiting:
        raise StillOpen(waiting)


def give_up_all(case: Case, clocks: Clocks, cause: DropCause) -> None:
    """Drop all that is open and stop its clocks, as when the customer takes the complaint back."""
    waiting = [each for each in commitments_of(case) if is_unsettled(each)]
    for each in waiting:
        drop(each, cause, case)
    release_commitments(clocks, _deadlines(waiting), case.at, is_done=False)


def _named(known: Sequence[Commitment], ids: Collection[int]) -> list[Commitment]:
    if not ids:
        raise Invalid(N_("Say which commitment is meant."), field="id")
    by_id = {each.id: each for each in known}
    unknown = [each for each in ids if each not in by_id]
    if unknown:
        raise NotFound(N_("This complaint has no commitment %(id)s."), id=unknown[0])
    return [by_id[each] for each in ids]


def _unsettled(
    case: Case, known: Sequence[Commitment], chosen: Sequence[Commitment]
) -> list[Commitment]:
    """Those of them that can still be settled, each with its twin, once."""
    if any(each.is_earlier for each in chosen):
        raise Refused(N_("This step was recorded under earlier rules; nothing is owed for it."))
    found = {
        other.id: other
        for each in chosen
        if is_unsettled(each)
        for other in together_with(each, known)
    }
    if Status(case.complaint.status) in ENDED:
        found = {key: each for key, each in found.items() if each.kind == CommitmentKind.DELIVERY}
    return list(found.values())


def _settled_already(case: Case, each: Commitment) -> Refused:
    by_id = each.done_by_id if each.done_at is not None else each.dropped_by_id
    person = case.session.get(User, by_id) if by_id is not None else None
    name = person.name if person else "Tanggap"
    if each.done_at is not None:
        return Refused(N_("%(name)s has already marked this as done."), name=name)
    return Refused(N_("%(name)s has already dropped this."), name=name)


def _deadlines(rows: Sequence[Commitment]) -> list[int]:
    return [each.deadline_id for each in rows if each.deadline_id is not None]

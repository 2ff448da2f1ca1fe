"""The tables in which exceptions are kept, as one union in one shape.

Each part is bounded by the period through an index of its own.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    String,
    Subquery,
    Text,
    case,
    cast,
    literal,
    literal_column,
    null,
    select,
    union_all,
)
from sqlalchemy.orm import InstrumentedAttribute

from complaints.db import UTCDateTime
from complaints.domain.commitments.rules import DropCause
from complaints.domain.lifecycle import Action
from complaints.domain.permissions import Actor
from complaints.domain.words.exits import ExitKind
from complaints.models import (
    Commitment,
    Complaint,
    Exit,
    Extension,
    HistoryEntry,
    Offer,
)
from complaints.models.complaint import IS_EXCEPTIONAL_ACT
from complaints.queries.reports.dated_back import gone_back_past
from complaints.queries.reports.period import Period
from complaints.queries.reports.stopped import stood
from complaints.queries.scope import joined_in_scope

#: The exceptions, as the page lists them; an approval is the signature that another one needed.
KINDS = (
    "extension",
    "extension_beyond",
    "pause",
    "withdrawal",
    "duplicate",
    "referral",
    "reopening",
    "unable",
    "override",
    "tier",
    "left_out",
    "copied",
    "far_date",
    "named_sum",
    "drop",
    "replaced",
    "courtesy",
    "backdated",
    "approval",
)


def all_exceptions(actor: Actor, period: Period) -> Subquery:
    """All of them in one shape, bounded by the period and the person's scope."""

    history = HistoryEntry

    def part(
        kind: str,
        table: Any,
        at: InstrumentedAttribute[Any],
        *conditions: ColumnElement[bool],
        **columns: Any,
    ) -> Select[Any]:
        return (
            select(
                literal(kind, String(12)).label("kind"),
                # Together with the kind and the complaint this is one of them and no other.
                (table.seq if table is history else table.id).label("act_id"),
                table.complaint_id.label("complaint_id"),
                Complaint.year.label("year"),
                Complaint.branch_id.label("branch_id"),
                at.label("at"),
                *(columns.get(name, empty).label(name) for name, empty in _COLUMNS.items()),
            )
            .join(Complaint, Complaint.id == table.complaint_id)
            .where(period.holds(at), *conditions, joined_in_scope(actor))
        )

    return union_all(
        part(
            "extension",
            Extension,
            Extension.answered_at,
            Extension.answer == "approved",
            by_id=Extension.asked_by_id,
            reason=Extension.reason,
            signed_by_id=Extension.answered_by_id,
            signed_at=Extension.answered_at,
        ),
        part(
            "extension_beyond",
            Extension,
            Extension.answered_at,
            (Extension.answer == "approved") & Extension.is_beyond.is_(True),
            by_id=Extension.answered_by_id,
            reason=Extension.reason,
        ),
        *(
            part(
                kind.value,
                Exit,
                Exit.at,
                Exit.kind == kind.value,
                by_id=Exit.by_id,
                criterion=Exit.criterion,
                code=Exit.code,
                reason=Exit.reason,
                signed_by_id=Exit.answered_by_id,
                signed_at=Exit.answered_at,
                stood=stood(),
            )
            for kind in ExitKind
        ),
        *(
            part(
                kind,
                history,
                history.at,
                _IS_COUNTED,
                history.what.in_([action.value for action in actions]),
                by_id=history.by_id,
                criterion=literal(criterion, Text),
                reason=history.detail[reason].as_string(),
            )
            for kind, actions, criterion, reason in (
                ("override", [Action.OVERRIDE_PRIORITY], "", ("reason", "override_reason")),
                ("left_out", [Action.INFORM], "020-2.1", "reason"),
                ("courtesy", _SAID, "", "anyway"),
            )
        ),
        part(
            "drop",
            Commitment,
            Commitment.dropped_at,
            Commitment.drop_cause == DropCause.BY_HAND.value,
            by_id=Commitment.dropped_by_id,
            reason=Commitment.drop_reason,
            code=Commitment.kind,
        ),
        # A new list of steps gives no reason; what it did away with says itself.
        part(
            "replaced",
            Commitment,
            Commitment.dropped_at,
            Commitment.drop_cause == DropCause.REWRITTEN.value,
            by_id=Commitment.dropped_by_id,
            reason=Commitment.what,
            code=Commitment.kind,
        ),
        part(
            "backdated",
            history,
            history.recorded_at,
            by_id=history.by_id,
            code=history.what,
            past_id=gone_back_past(),
        ),
        part(
            "approval",
            Offer,
            Offer.decided_at,
            Offer.decided_by_id.is_not(None),
            by_id=Offer.decided_by_id,
            reason=Offer.decision_reason,
            code=case((Offer.state == "rejected", "rejected"), else_="approved"),
            amount=Offer.amount,
        ),
    ).subquery("acts")


#: Written out, not bound: only so do both databases recognise their partial index.
_IS_COUNTED: ColumnElement[bool] = literal_column(IS_EXCEPTIONAL_ACT.format("history."))
#: Where a text may be said although the courtesy check found something.
_SAID = (Action.APOLOGISE, Action.APOLOGISE_AGAIN, Action.THANK)
_NOTHING = literal("", Text)
#: What the parts have beside kind, complaint and time; what one lacks stays empty in its type.
_COLUMNS: Mapping[str, ColumnElement[Any]] = {
    "by_id": cast(null(), Integer),
    "criterion": _NOTHING,
    "code": _NOTHING,
    "reason": _NOTHING,
    "signed_by_id": cast(null(), Integer),
    "signed_at": cast(null(), UTCDateTime),
    "amount": cast(null(), Integer),
    "past_id": cast(null(), Integer),
    "stood": _NOTHING,
}

"""The tables in which exceptions are kept, as one union in one shape.

Each part is bounded by the period through an index of its own.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
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
from complaints.domain.permissions import CUSTOMER, Actor
from complaints.domain.words.exits import ExitKind, ExitState
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
from complaints.queries.reports.period import Window
from complaints.queries.reports.stopped import stood
from complaints.queries.scope import joined_in_scope

#: The exceptions, as the page lists them; an approval is the signature that another one needed.
KINDS = (
    "extension",
    "extension_beyond",
    "pause",
    "withdrawal",
    "duplicate",
    "renamed",
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


def all_exceptions(actor: Actor, period: Window) -> Subquery:
    """All of them in one shape, bounded by the period and the person's scope."""
    parts = (
        *_extensions(),
        *_exits(),
        *_told_in_history(),
        *_commitments(),
        _dated_back(),
        _decisions(),
    )
    return union_all(*(part.rows(actor, period) for part in parts)).subquery("acts")


@dataclass(frozen=True, slots=True)
class _Part:
    """One kind of exceptions: in which table, which rows, since when, and what they say."""

    kind: str
    table: Any
    at: InstrumentedAttribute[Any]
    where: Sequence[ColumnElement[bool]] = ()
    columns: Mapping[str, Any] = field(default_factory=dict)

    def rows(self, actor: Actor, period: Window) -> Select[Any]:
        """Those of the period and the scope, in the shape of all parts."""
        table = self.table
        said = (self.columns.get(name, empty).label(name) for name, empty in _COLUMNS.items())
        return (
            select(
                literal(self.kind, String(12)).label("kind"),
                # Together with the kind and the complaint this is one of them and no other.
                (table.seq if table is HistoryEntry else table.id).label("act_id"),
                table.complaint_id.label("complaint_id"),
                Complaint.year.label("year"),
                Complaint.branch_id.label("branch_id"),
                self.at.label("at"),
                *said,
            )
            .join(Complaint, Complaint.id == table.complaint_id)
            .where(period.holds(self.at), *self.where, joined_in_scope(actor))
        )


def _extensions() -> Iterator[_Part]:
    """What was approved, under who asked; beyond the limits once more, under who approved."""
    is_approved = Extension.answer == "approved"
    yield _Part(
        "extension",
        Extension,
        Extension.answered_at,
        [is_approved],
        {
            "by_id": Extension.asked_by_id,
            "reason": Extension.reason,
            "signed_by_id": Extension.answered_by_id,
            "signed_at": Extension.answered_at,
        },
    )
    yield _Part(
        "extension_beyond",
        Extension,
        Extension.answered_at,
        [is_approved, Extension.is_beyond.is_(True)],
        {"by_id": Extension.answered_by_id, "reason": Extension.reason},
    )


def _exits() -> Iterator[_Part]:
    """What has a table of its own, a part for each kind; what was returned is not signed."""
    is_returned = Exit.state == ExitState.RETURNED.value
    for kind in ExitKind:
        yield _Part(
            kind.value,
            Exit,
            Exit.at,
            [Exit.kind == kind.value],
            {
                "by_id": Exit.by_id,
                "by_customer": _by_customer(Exit),
                "criterion": Exit.criterion,
                "code": Exit.code,
                "reason": Exit.reason,
                "signed_by_id": case((~is_returned, Exit.answered_by_id)),
                "signed_at": case((~is_returned, Exit.answered_at)),
                "returned_by_id": case((is_returned, Exit.answered_by_id)),
                "stood": stood(),
            },
        )


def _told_in_history() -> Iterator[_Part]:
    """What only the history tells; an act is exceptional by what its detail holds."""
    history = HistoryEntry
    for kind, actions, criterion, reason in (
        ("override", [Action.OVERRIDE_PRIORITY], "", ("reason", "override_reason")),
        ("left_out", [Action.INFORM], "020-2.1", "reason"),
        ("courtesy", _SAID, "", "anyway"),
    ):
        yield _Part(
            kind,
            history,
            history.at,
            [_IS_COUNTED, history.what.in_([action.value for action in actions])],
            {
                "by_id": history.by_id,
                "by_customer": _by_customer(history),
                "criterion": literal(criterion, Text),
                "reason": history.detail[reason].as_string(),
            },
        )


def _commitments() -> Iterator[_Part]:
    """What was undertaken and not kept: dropped by hand, or left out of a new list."""
    # A new list of steps gives no reason; what it did away with says itself.
    for kind, cause, reason in (
        ("drop", DropCause.BY_HAND, Commitment.drop_reason),
        ("replaced", DropCause.REWRITTEN, Commitment.what),
    ):
        yield _Part(
            kind,
            Commitment,
            Commitment.dropped_at,
            [Commitment.drop_cause == cause.value],
            {"by_id": Commitment.dropped_by_id, "reason": reason, "code": Commitment.kind},
        )


def _dated_back() -> _Part:
    """What was written down later than it is said to have been, by when it was written."""
    history = HistoryEntry
    return _Part(
        "backdated",
        history,
        history.recorded_at,
        columns={
            "by_id": history.by_id,
            "by_customer": _by_customer(history),
            "code": history.what,
            "past_id": gone_back_past(),
        },
    )


def _decisions() -> _Part:
    """Offers that somebody approved or refused."""
    return _Part(
        "approval",
        Offer,
        Offer.decided_at,
        [Offer.decided_by_id.is_not(None)],
        {
            "by_id": Offer.decided_by_id,
            "reason": Offer.decision_reason,
            "code": case((Offer.state == "rejected", "rejected"), else_="approved"),
            "amount": Offer.amount,
        },
    )


def _by_customer(table: Any) -> ColumnElement[int]:
    """1 for what a customer did on their own page, whose name is noted without an account."""
    return case((table.by_id.is_(None) & (table.by_name == CUSTOMER.name), 1), else_=0)


#: Written out, not bound: only so do both databases recognise their partial index.
_IS_COUNTED: ColumnElement[bool] = literal_column(IS_EXCEPTIONAL_ACT.format("history."))
#: Where a text may be said although the courtesy check found something.
_SAID = (Action.APOLOGISE, Action.APOLOGISE_AGAIN, Action.THANK)
_NOTHING = literal("", Text)
#: What the parts have beside kind, complaint and time; what one lacks stays empty in its type.
_COLUMNS: Mapping[str, ColumnElement[Any]] = {
    "by_id": cast(null(), Integer),
    "by_customer": literal(0, Integer),
    "criterion": _NOTHING,
    "code": _NOTHING,
    "reason": _NOTHING,
    "signed_by_id": cast(null(), Integer),
    "signed_at": cast(null(), UTCDateTime),
    "returned_by_id": cast(null(), Integer),
    "amount": cast(null(), Integer),
    "past_id": cast(null(), Integer),
    "stood": _NOTHING,
}

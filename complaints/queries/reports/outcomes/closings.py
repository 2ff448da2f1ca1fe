"""Of whom it was asked how it was: each closing in one place, and where nobody is asked, why."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    String,
    and_,
    case,
    cast,
    func,
    literal,
    select,
)
from sqlalchemy.orm import InstrumentedAttribute

from complaints.domain.errors import N_
from complaints.domain.lifecycle import Action
from complaints.domain.permissions import Actor
from complaints.models import Complaint, HistoryEntry, OutboxMessage, Rating
from complaints.queries.paging import at_most
from complaints.queries.reports.handling import was_handled
from complaints.queries.reports.outcomes.sections import Column, Kind, Line, Section, share
from complaints.queries.reports.period import Period
from complaints.queries.scope import in_scope

#: Why nobody was asked, as the history keeps it → words.
UNASKED: Mapping[str, str] = {
    "no_address": N_("Not asked: no email address"),
    "declined": N_("Not asked: the customer has declined"),
    "came_back": N_("Not asked: the last letter to this address came back"),
}
#: What became of asking about a closing → words.
CLOSINGS: Mapping[str, str] = {
    "asked": N_("Asked by email"),
    "waiting": N_("The email that asks has not left"),
    "rated": N_("Rated without being asked"),
    **UNASKED,
    "none": N_("Not asked, or not yet"),
}


def closings(actor: Actor, period: Period, *columns: Any) -> Select[Any]:
    """The complaints that *Handling time* counts: closed in the period, and closed still."""
    return (
        select(*columns)
        .select_from(Complaint)
        .where(period.holds(Complaint.closed_at), was_handled(), in_scope(actor))
    )


def counted_closings(actor: Actor, period: Period) -> Select[Any]:
    """How many closings stand in each place."""
    place = became_of_closing().label("place")
    return closings(actor, period, place, func.count().label("times")).group_by(place)


def became_of_closing() -> ColumnElement[str]:
    """The one place of a complaint that is closed."""
    is_rated = (
        select(Rating.id)
        .where(Rating.complaint_id == Complaint.id, Rating.cycle == Complaint.cycle)
        .correlate(Complaint)
        .exists()
    )
    return case(
        (_has_letter(OutboxMessage.sent_at.is_not(None)), literal("asked")),
        (_has_letter(OutboxMessage.state.in_(("queued", "failed"))), literal("waiting")),
        (is_rated, literal("rated")),
        else_=func.coalesce(_noted(), literal("none")),
    )


def closings_section(rows: Sequence[Any]) -> Section:
    """Each closing in its place, and all together."""
    counts: Counter[str] = Counter()
    for row in rows:
        counts[row.place] += row.times
    whole = sum(counts.values())
    lines = [
        Line(
            key,
            {"count": counts[key], "share": share(counts[key], whole)},
            words,
            behind={"count": "closing_asked"},
            asked={"line": key},
            sample=whole,
        )
        for key, words in CLOSINGS.items()
    ]
    return Section(
        "closings",
        N_("Closings, and of whom it was asked"),
        N_(
            "Each complaint closed in the period and not opened again is counted in one place, by "
            "whether its customer was asked about this closing; where nobody was, why. Whoever is "
            "asked or answers later moves to that place. They are the complaints of the handling "
            "time."
        ),
        N_("Closing"),
        [Column("count", N_("Complaints")), Column("share", N_("Share"), Kind.SHARE)],
        lines,
        Line("total", {"count": whole}, N_("Total: closed"), behind={"count": "handled"}),
    )


def survey_key(
    complaint_id: InstrumentedAttribute[int], cycle: InstrumentedAttribute[int]
) -> ColumnElement[str]:
    """The key of the letter that asks about the closing of this cycle."""
    return (
        literal("survey:")
        .concat(cast(complaint_id, String))
        .concat(":")
        .concat(cast(cycle, String))
    )


def _has_letter(stands: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether the letter that asks about this closing stands so."""
    key = survey_key(Complaint.id, Complaint.cycle)
    letter = select(OutboxMessage.id).where(OutboxMessage.key == key, stands)
    return letter.correlate(Complaint).exists()


def _noted() -> Any:
    """The reason that the history gives since this closing; none where it has no such entry."""
    reason = case(*((HistoryEntry.detail[each].as_string().is_not(None), each) for each in UNASKED))
    return (
        select(reason)
        .where(
            and_(
                HistoryEntry.complaint_id == Complaint.id,
                HistoryEntry.what == Action.NOT_ASKED.value,
                HistoryEntry.at >= Complaint.closed_at,
            )
        )
        .order_by(HistoryEntry.seq.desc())
        .limit(at_most(1))
        .correlate(Complaint)
        .scalar_subquery()
    )

"""The lists behind these figures: a line for each thing, by the conditions that count it."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from sqlalchemy import Select, Subquery, false, or_, select

from complaints.domain.permissions import Actor
from complaints.models import Complaint, Offer, OutboxMessage, Rating, StepRecord
from complaints.queries.reports.handling import (
    CLOSING,
    STEP_NAMES,
    reached_in_time,
    was_handled,
)
from complaints.queries.reports.outcomes.arrivals import WEEKDAYS, arrived, hour_line, hour_of
from complaints.queries.reports.outcomes.closings import CLOSINGS, became_of_closing, closings
from complaints.queries.reports.outcomes.flow import (
    ENDED,
    ENDS,
    FLOW_NAMES,
    LEFT,
    RECEIVED,
    has_reached,
    in_flow,
    went_no_further,
)
from complaints.queries.reports.outcomes.items import ITEMS, rates_item
from complaints.queries.reports.outcomes.results import (
    ENDINGS,
    STATES,
    ended_as,
    had_ended,
    made,
    repeats,
    was_reopened,
)
from complaints.queries.reports.outcomes.satisfaction import (
    FOLLOWED,
    SCORES,
    SURVEYS,
    became_of_survey,
    is_low,
    ratings,
    score_line,
    surveys,
)
from complaints.queries.reports.period import Period
from complaints.queries.scope import in_scope
from complaints.rulebook import RuleBook

_SCORES = frozenset(map(str, SCORES))
#: Whoever reads, which days, which line of the figure, by which rules.
Find = Callable[[Actor, Period, str | None, RuleBook], Select[Any]]


def counted_outcome(
    figure: str, line: str | None, actor: Actor, period: Period, rules: RuleBook
) -> Subquery:
    """What the figure counts in a line, or in all of them: id, complaint and time."""
    return _FIND[figure](actor, period, line, rules).subquery("counted")


def _received(actor: Actor, period: Period) -> Select[Any]:
    columns: tuple[Any, ...] = (Complaint.id, Complaint.id.label("complaint_id"))
    return select(*columns, Complaint.received_at.label("at")).where(
        period.holds(Complaint.received_at), in_scope(actor)
    )


def _ended(actor: Actor, period: Period, line: str | None, rules: RuleBook) -> Select[Any]:
    query = _received(actor, period)
    return query.where(ended_as() == line) if line else query


def _opened_again(actor: Actor, period: Period, line: str | None, rules: RuleBook) -> Select[Any]:
    return _received(actor, period).where(had_ended(), was_reopened())


def _repeated(actor: Actor, period: Period, line: str | None, rules: RuleBook) -> Select[Any]:
    return _received(actor, period).where(Complaint.id.in_(select(repeats(period).c.id)))


def _offers(actor: Actor, period: Period) -> Select[Any]:
    return made(actor, period, Offer.id, Offer.complaint_id, Offer.at.label("at"))


def _offer(actor: Actor, period: Period, line: str | None, rules: RuleBook) -> Select[Any]:
    query = _offers(actor, period)
    return query.where(Offer.state == line) if line else query


def _alternative(actor: Actor, period: Period, line: str | None, rules: RuleBook) -> Select[Any]:
    return _offer(actor, period, line, rules).where(Offer.alternative_to_id.is_not(None))


def _redress(actor: Actor, period: Period, line: str | None, rules: RuleBook) -> Select[Any]:
    query = _offers(actor, period).where(Offer.state == "accepted")
    return query.where(Offer.remedy == line) if line else query


def _paid(actor: Actor, period: Period, line: str | None, rules: RuleBook) -> Select[Any]:
    return _redress(actor, period, line, rules).where(Offer.amount > 0)


def _step(actor: Actor, period: Period, line: str | None, rules: RuleBook) -> Select[Any]:
    """Complaints whose time this step is part of; every closed one has a last step."""
    columns: tuple[Any, ...] = (Complaint.id, Complaint.id.label("complaint_id"))
    query = select(*columns, Complaint.closed_at.label("at")).where(
        period.holds(Complaint.closed_at), was_handled(), in_scope(actor)
    )
    if not line or line == CLOSING:
        return query
    record = select(StepRecord.id).where(
        StepRecord.complaint_id == Complaint.id, StepRecord.criterion == line, reached_in_time()
    )
    return query.where(record.correlate(Complaint).exists())


def _flow(
    states: tuple[str, ...], actor: Actor, period: Period, line: str | None, rules: RuleBook
) -> Select[Any]:
    """Complaints that reached a step; with states those that went no further and stand so."""
    query = in_flow(
        actor,
        period,
        Complaint.id,
        Complaint.id.label("complaint_id"),
        Complaint.received_at.label("at"),
    )
    if states:
        places = [line] if line else list(FLOW_NAMES)
        return query.where(or_(*(went_no_further(each, *states) for each in places)))
    return query.where(has_reached(line or RECEIVED))


def _survey(actor: Actor, period: Period, line: str | None, rules: RuleBook) -> Select[Any]:
    columns = OutboxMessage.id, OutboxMessage.complaint_id, OutboxMessage.sent_at.label("at")
    query = surveys(actor, period, *columns)
    return query.where(became_of_survey() == line) if line else query


def _ratings(actor: Actor, period: Period) -> Select[Any]:
    return ratings(actor, period, Rating.id, Rating.complaint_id, Rating.at.label("at"))


def _rating(actor: Actor, period: Period, line: str | None, rules: RuleBook) -> Select[Any]:
    query = _ratings(actor, period)
    if not line:
        return query
    return query.where(Rating.overall == int(line) if line in _SCORES else false())


def _rated_item(
    is_high: bool, actor: Actor, period: Period, line: str | None, rules: RuleBook
) -> Select[Any]:
    if line not in ITEMS:
        return _ratings(actor, period).where(false())
    return _ratings(actor, period).where(rates_item(line, is_high=is_high))


def _closing(actor: Actor, period: Period, line: str | None, rules: RuleBook) -> Select[Any]:
    columns = Complaint.id, Complaint.id.label("complaint_id"), Complaint.closed_at.label("at")
    query = closings(actor, period, *columns)
    return query.where(became_of_closing() == line) if line else query


def _low_rating(actor: Actor, period: Period, line: str | None, rules: RuleBook) -> Select[Any]:
    return _ratings(actor, period).where(is_low(line))


def _arrived(
    day: int | None, actor: Actor, period: Period, line: str | None, rules: RuleBook
) -> Select[Any]:
    return _received(actor, period).where(arrived(day, line, actor, period, rules))


_FIND: Mapping[str, Find] = {
    "ended_as": _ended,
    "opened_again": _opened_again,
    "repeated": _repeated,
    "offer": _offer,
    "alternative": _alternative,
    "redress": _redress,
    "redress_paid": _paid,
    "step": _step,
    "flow": partial(_flow, ()),
    **{f"flow_{state}": partial(_flow, (state,)) for state in LEFT},
    f"flow_{ENDED}": partial(_flow, ENDS),
    "survey": _survey,
    "rating": _rating,
    "rated_item": partial(_rated_item, False),
    "rated_item_high": partial(_rated_item, True),
    "closing_asked": _closing,
    "low_rating": _low_rating,
    "arrived": partial(_arrived, None),
    **{f"arrived_{day}": partial(_arrived, day) for day in range(len(WEEKDAYS))},
}
OUTCOME_FIGURES = tuple(_FIND)


def outcome_line(figure: str, line: str, rules: RuleBook) -> Any:
    """What a line of such a figure is called: a text of the catalogue, or an item of the rules.

    None where the figure is none of these, or has no such line.
    """
    if figure.startswith("arrived"):
        hour = hour_of(line)
        return hour_line(hour) if hour is not None else None
    if figure == "rating":
        return score_line(int(line)) if line in _SCORES else None
    named: Mapping[str, Mapping[str, Any]] = {
        "ended_as": {**rules.taxonomy.outcomes, **ENDINGS},
        "offer": STATES,
        "alternative": STATES,
        "redress": rules.taxonomy.remedies,
        "redress_paid": rules.taxonomy.remedies,
        "step": STEP_NAMES,
        **dict.fromkeys((each for each in _FIND if each.startswith("flow")), FLOW_NAMES),
        "survey": SURVEYS,
        "low_rating": FOLLOWED,
        "rated_item": ITEMS,
        "rated_item_high": ITEMS,
        "closing_asked": CLOSINGS,
    }
    return named.get(figure, {}).get(line)

"""What became of it: how complaints ended, what came back, and what was offered and given.

Two sets, each named where it is counted: complaints received in the period, and offers made in it.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    Subquery,
    and_,
    case,
    extract,
    func,
    literal,
    or_,
    select,
)
from sqlalchemy.orm import InstrumentedAttribute, Session

from complaints.domain.errors import N_
from complaints.domain.permissions import Actor
from complaints.domain.reporting.spans import rank_in
from complaints.models import Complaint, Offer
from complaints.queries.lists.filters import IS_ENDED, IS_OPEN, NONE
from complaints.queries.reports.balance import was_ended_elsewhere
from complaints.queries.reports.outcomes.division import Found, found_by
from complaints.queries.reports.outcomes.sections import Column, Kind, Line, Section, share
from complaints.queries.reports.parts import Asked
from complaints.queries.reports.period import Period, midnight
from complaints.queries.scope import in_scope, joined_in_scope
from complaints.rulebook import RuleBook

#: A complaint of the same customer and category within so many days repeats the one before.
REPEAT_DAYS = 30
#: What stands beside the outcomes of the taxonomy.
OPEN, TAKEN_OVER = "open", "taken_over"
#: State of an offer → words.
STATES: Mapping[str, str] = {
    "accepted": N_("Accepted by the customer"),
    "refused": N_("Refused by the customer"),
    "open": N_("Without a final answer"),
    "waiting_approval": N_("Waiting for approval"),
    "rejected": N_("Not approved"),
    "replaced": N_("Replaced by another offer"),
}
#: How a complaint stands beside the outcomes of the taxonomy → words.
ENDINGS: Mapping[str, str] = {
    OPEN: N_("Still open"),
    NONE: N_("Ended without an outcome on record"),
    TAKEN_OVER: N_("Taken over already ended"),
}
_COUNT = Column("count", N_("Count"))


def find_results(session: Session, asked: Asked) -> Found:
    """Five queries, each over the period."""
    actor, period, received = asked.actor, asked.period, Complaint.received_at
    times, place = func.count().label("times"), ended_as().label("place")
    is_alternative = case((Offer.alternative_to_id.is_not(None), 1), else_=0)
    others = func.sum(is_alternative).label("others")
    brought = select().select_from(Complaint).where(period.holds(received), in_scope(actor))
    returns = (
        _times(had_ended()).label("ended"),
        _times(and_(had_ended(), was_reopened())).label("reopened"),
        _times(is_classified()).label("classified"),
    )
    is_repeat = Complaint.id.in_(select(repeats(period).c.id))
    given = accepted(actor, period).add_columns(times)
    questions: Mapping[str, tuple[Select[Any], InstrumentedAttribute[Any]]] = {
        "endings": (brought.add_columns(place, times).group_by(place), received),
        "offers": (
            made(actor, period, Offer.state, times, others).group_by(Offer.state),
            Offer.at,
        ),
        "returns": (brought.add_columns(*returns), received),
        "repeats": (brought.add_columns(times).where(is_repeat), received),
        "redress": (given.group_by(Offer.remedy, Offer.amount), Offer.at),
    }
    return {
        name: session.execute(found_by(query, asked, at)).all()
        for name, (query, at) in questions.items()
    }


def build_results(found: Found, asked: Asked) -> list[Section]:
    """How complaints ended, what was offered, what came back and what was given."""
    offers, answered = _offers(found["offers"])
    return [
        _endings(found["endings"], asked.rules),
        offers,
        _shares(found, answered),
        _redress(found["redress"], asked.rules),
    ]


def ended_as() -> ColumnElement[str]:
    """How a complaint stands: the code of its outcome, or one of the others."""
    return case(
        (IS_OPEN, literal(OPEN)),
        (was_ended_elsewhere(), literal(TAKEN_OVER)),
        else_=func.coalesce(Complaint.outcome, NONE),
    )


def was_reopened() -> ColumnElement[bool]:
    """Whether a complaint was opened again at least once."""
    return Complaint.cycle > 1


def had_ended() -> ColumnElement[bool]:
    """Whether we had ended it at least once."""
    return and_(or_(IS_ENDED, was_reopened()), ~was_ended_elsewhere())


def is_classified() -> ColumnElement[bool]:
    """Whether a complaint is one of its own kind, so that another may repeat it."""
    return and_(
        Complaint.category.is_not(None),
        Complaint.duplicate_of_id.is_(None),
        Complaint.contact_id.is_(None),
    )


def repeats(period: Period) -> Subquery:
    """Complaints of the period whose customer had brought the same category days before.

    Read are those days and the period, never all that a customer has brought. The one before may
    lie in another branch, and outside of what the reader sees.
    """
    first = min(midnight(period.from_on, zone.tz) for zone in period.zones)
    begin = first - timedelta(days=REPEAT_DAYS)
    before = func.lag(Complaint.received_at).over(
        partition_by=(Complaint.customer_id, Complaint.category),
        order_by=(Complaint.received_at, Complaint.id),
    )
    seen = (
        select(Complaint.id, Complaint.received_at, before.label("before"))
        .where(
            Complaint.received_at >= begin,
            Complaint.received_at < period.ends_at(),
            is_classified(),
        )
        .subquery("seen")
    )
    passed = extract("epoch", seen.c.received_at) - extract("epoch", seen.c.before)
    return select(seen.c.id).where(passed <= REPEAT_DAYS * 86_400).subquery("repeats")


def accepted(actor: Actor, period: Period) -> Select[Any]:
    """Offers made in the period that the customer accepted."""
    return made(actor, period, Offer.remedy, Offer.amount).where(Offer.state == "accepted")


def made(actor: Actor, period: Period, *columns: Any) -> Select[Any]:
    """Offers made in the period within the scope."""
    return (
        select(*columns)
        .select_from(Offer)
        .join(Complaint, Complaint.id == Offer.complaint_id)
        .where(period.holds(Offer.at), joined_in_scope(actor))
    )


def _times(condition: ColumnElement[bool]) -> Any:
    """Of how many rows this is so."""
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)


def _endings(rows: Sequence[Any], rules: RuleBook) -> Section:
    """Each complaint received, in the one place where it stands."""
    counts: Counter[str] = Counter()
    for row in rows:
        counts[row.place] += row.times
    outcomes = rules.taxonomy.outcomes
    rest = sorted(set(counts) - set(outcomes) - set(ENDINGS))
    lines = [_ending(each, counts, outcomes) for each in (*outcomes, *rest, *ENDINGS)]
    shown = [line for line in lines if line.values["count"] or line.key in (*outcomes, OPEN)]
    total = {"count": sum(counts.values())}
    return Section(
        "endings",
        N_("How complaints ended"),
        N_(
            "Each complaint received in the period is counted in one place, as it is now. The "
            "places add up to the complaints received."
        ),
        N_("Outcome"),
        [_COUNT],
        shown,
        Line("total", total, N_("Total: complaints received"), behind={"count": "received"}),
    )


def _ending(key: str, counts: Mapping[str, int], outcomes: Mapping[str, Any]) -> Line:
    item = outcomes.get(key)
    return Line(
        key,
        {"count": counts.get(key, 0)},
        ENDINGS.get(key, ""),
        item.label_id if item else key,
        item.label_en if item else key,
        behind={"count": "ended_as"},
        asked={"line": key},
    )


def _offers(rows: Sequence[Any]) -> tuple[Section, Mapping[str, int]]:
    """Each offer made, in the one place where it stands; alternatives as a part of them."""
    counts: Counter[str] = Counter()
    others: Counter[str] = Counter()
    for row in rows:
        counts[row.state] += row.times
        others[row.state] += int(row.others or 0)
    lines = [
        Line(
            state,
            {"count": counts[state], "alternatives": others[state]},
            name,
            behind={"count": "offer", "alternatives": "alternative"},
            asked={"line": state},
        )
        for state, name in STATES.items()
    ]
    sums = {name: sum(line.values[name] for line in lines) for name in ("count", "alternatives")}
    section = Section(
        "offers",
        N_("Offers and their answers"),
        N_(
            "Each offer made in the period is counted in one place, as it is now. An "
            "alternative is an offer made after a refusal, and is counted among the offers as well."
        ),
        N_("Offer"),
        [_COUNT, Column("alternatives", N_("Of which alternatives"))],
        lines,
        Line(
            "total",
            sums,
            N_("Total: offers made"),
            behind={"count": "offer", "alternatives": "alternative"},
        ),
    )
    answered = {state: counts[state] for state in ("accepted", "refused")}
    return section, answered


def _shares(found: Found, answered: Mapping[str, int]) -> Section:
    """What part was accepted, came back, or was brought again."""
    ended, reopened, classified = (
        sum(int(getattr(row, name)) for row in found["returns"])
        for name in ("ended", "reopened", "classified")
    )
    repeated = sum(row.times for row in found["repeats"])
    figures: Sequence[tuple[str, str, int, int, Mapping[str, str], Mapping[str, str]]] = (
        (
            "accepted",
            N_("Offers accepted, of those accepted or refused"),
            answered["accepted"],
            sum(answered.values()),
            {"count": "offer"},
            {"line": "accepted"},
        ),
        (
            "reopened",
            N_("Opened again, of the complaints received that had ended"),
            reopened,
            ended,
            {"count": "opened_again"},
            {},
        ),
        (
            "repeated",
            N_("Same customer and category again within 30 days, of the complaints received"),
            repeated,
            classified,
            {"count": "repeated"},
            {},
        ),
    )
    lines = [
        Line(
            key,
            {"count": some, "whole": whole, "share": share(some, whole)},
            name,
            behind=behind,
            asked=asked,
            sample=whole,
        )
        for key, name, some, whole, behind, asked in figures
    ]
    return Section(
        "returns",
        N_("Accepted, opened again, repeated"),
        N_(
            "A repeat is a complaint received in the period whose customer had brought one of the "
            "same category at most 30 days before, in whichever branch. Duplicates, what was "
            "recorded as no complaint, and what has no category are left out."
        ),
        N_("Figure"),
        [_COUNT, Column("whole", N_("Of")), Column("share", N_("Share"), Kind.SHARE)],
        lines,
    )


def _redress(rows: Sequence[Any], rules: RuleBook) -> Section:
    """What was given, by remedy."""
    found: dict[str, Counter[int]] = {}
    for row in rows:
        found.setdefault(row.remedy, Counter())[row.amount] += row.times
    lines = sorted(
        (_remedy(code, amounts, rules) for code, amounts in found.items()),
        key=lambda line: (-line.values["count"], line.key),
    )
    sums = _amounts([each for amounts in found.values() for each in amounts.items()])
    behind = {"count": "redress", "with_amount": "redress_paid", "amount": "redress_paid"}
    return Section(
        "redress",
        N_("Redress by remedy"),
        N_(
            "Offers made in the period that the customer accepted, by remedy. The median is that "
            "of the offers with an amount, one that was really given: of an even number the lower "
            "of the two in the middle."
        ),
        N_("Remedy"),
        [
            _COUNT,
            Column("with_amount", N_("With an amount")),
            Column("amount", N_("Amount"), Kind.MONEY),
            Column("median_amount", N_("Median amount"), Kind.MONEY),
        ],
        lines,
        Line("total", sums, N_("Total"), behind=behind, sample=sums["with_amount"]),
    )


def _remedy(code: str, amounts: Mapping[int, int], rules: RuleBook) -> Line:
    item = rules.taxonomy.remedies.get(code)
    values = _amounts(list(amounts.items()))
    return Line(
        code,
        values,
        label_id=item.label_id if item else code,
        label_en=item.label_en if item else code,
        behind={"count": "redress", "with_amount": "redress_paid", "amount": "redress_paid"},
        asked={"line": code},
        sample=values["with_amount"],
    )


def _amounts(counted: Sequence[tuple[int, int]]) -> dict[str, Any]:
    """Count, sum and median of amounts, each with how often it was given."""
    paid: dict[int, int] = {}
    for amount, count in counted:
        if amount > 0:
            paid[amount] = paid.get(amount, 0) + count
    return {
        "count": sum(count for _, count in counted),
        "with_amount": sum(paid.values()),
        "amount": sum(amount * count for amount, count in paid.items()),
        "median_amount": rank_in(paid, 0.5),
    }

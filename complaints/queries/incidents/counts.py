"""How many complaints came in of each kind at each place, now and in the weeks before."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from complaints.domain.incidents.spikes import LEAST, WINDOW, is_spike, windows_before
from complaints.models import Complaint
from complaints.rulebook import RuleBook


class Place(NamedTuple):
    """A kind of complaint, by the code of a category or a group, at a branch or (None) anywhere."""

    category: str
    branch_id: int | None


class Unusual(NamedTuple):
    """A count that is more than chance, with those of the weeks before."""

    place: Place
    many: int
    before: tuple[int, ...]


def unusual_counts(session: Session, rules: RuleBook, *, until: datetime) -> list[Unusual]:
    """The kinds and places of which more came in lately than usual; nine short ranges of an index.

    Of a group and one of its categories with the same count only the category is named.
    """
    now = _counted(session, rules, until - WINDOW, until)
    many = {place: count for place, count in now.items() if count >= LEAST}
    if not many:
        return []
    weeks = [_counted(session, rules, *window) for window in windows_before(until)]
    found = []
    for place, count in many.items():
        before = tuple(week.get(place, 0) for week in weeks)
        if is_spike(count, before):
            found.append(Unusual(place, count, before))
    named = {(each.place.branch_id, each.many) for each in found if _is_exact(rules, each)}
    return [
        each
        for each in found
        if _is_exact(rules, each) or (each.place.branch_id, each.many) not in named
    ]


def _counted(
    session: Session, rules: RuleBook, since: datetime, until: datetime
) -> Mapping[Place, int]:
    query = (
        select(Complaint.category, Complaint.branch_id, func.count().label("many"))
        .where(
            Complaint.received_at >= since,
            Complaint.received_at < until,
            Complaint.category.is_not(None),
        )
        .group_by(Complaint.category, Complaint.branch_id)
    )
    counts: Counter[Place] = Counter()
    for row in session.execute(query):
        known = rules.taxonomy.categories.get(row.category)
        for code in (row.category, *([known.group] if known else [])):
            counts[Place(code, row.branch_id)] += row.many
            counts[Place(code, None)] += row.many
    return counts


def _is_exact(rules: RuleBook, each: Unusual) -> bool:
    return each.place.category in rules.taxonomy.categories

"""Limits set by law: no customer type and no edit may lengthen them, only shorten them.

Asked when a policy is loaded or saved; nothing here counts a complaint's own clock.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta

from complaints.domain.clauses import Clause, Policy
from complaints.domain.deadlines import Kind
from complaints.domain.ledger import Terms
from complaints.domain.policies.editing import covers
from complaints.domain.worktime import WorkCalendar

#: Starts to compare two clauses at: four times a day for a little more than a year, because
#: months, weekends and holidays make one unit longer here and the other one there.
_FIRST_START = datetime(2026, 1, 5, 1, tzinfo=UTC)
_STARTS = tuple(_FIRST_START + timedelta(hours=6 * n + n % 5) for n in range(4 * 400))


def lengthened_limits(
    policy: Policy, calendars: Iterable[WorkCalendar]
) -> Iterator[tuple[Clause, Clause]]:
    """Pairs of a legal clause for some tiers and the general one that it would lengthen."""
    kept = list(calendars)
    legal = _limits(policy)
    for clause in legal:
        if "tier" not in clause.selectors:
            continue
        for general in legal:
            is_general = "tier" not in general.selectors and _may_meet(clause, general)
            if is_general and any(_is_ever_later(clause, general, each) for each in kept):
                yield clause, general


def require_statutory_limits(policy: Policy, calendars: Iterable[WorkCalendar]) -> None:
    """Raise ValueError with a sentence for the first limit that a tier would lengthen."""
    for clause, general in lengthened_limits(policy, calendars):
        raise ValueError(
            f"policy {policy.code}, clock {clause.id}: a legal limit may not be longer for a "
            f"tier than the limit for everybody (clock {general.id}: "
            f"{general.duration} {general.unit}s)"
        )


def loosened_limits(
    law: Policy, edited: Policy, calendars: Iterable[WorkCalendar]
) -> Iterator[tuple[Clause, Clause | None]]:
    """Pairs of a legal limit, as the policy's own file says it, and the clock that lengthens it.

    A clock that may be extended further lengthens it too; one that the file itself puts before
    the limit is the rule's own exception. The clock is None where nothing is left that holds for
    every complaint the limit is for.
    """
    kept = list(calendars)
    limits, ours = _limits(law), _limits(edited)
    for place, limit in enumerate(limits):
        exceptions = {each.id: each.selectors for each in limits[:place]}
        for clause in ours:
            if not _may_meet(clause, limit) or exceptions.get(clause.id) == clause.selectors:
                continue
            is_extended = clause.extension not in (None, limit.extension)
            if is_extended or any(_is_ever_later(clause, limit, each) for each in kept):
                yield limit, clause
                break
            if covers(clause, limit):
                break
        else:
            yield limit, None


def _limits(policy: Policy) -> list[Clause]:
    return [each for each in policy.clauses if each.kind is Kind.LEGAL and each.is_enforced]


def _may_meet(clause: Clause, general: Clause) -> bool:
    """Whether one complaint could fall under both."""
    shared = clause.selectors.keys() & general.selectors.keys()
    return clause.start == general.start and all(
        set(clause.selectors[name]) & set(general.selectors[name]) for name in shared
    )


def _is_ever_later(clause: Clause, general: Clause, calendar: WorkCalendar) -> bool:
    if _terms(clause) == _terms(general):
        return False
    if _terms(clause)[1:] == _terms(general)[1:]:
        return clause.duration > general.duration
    ours, theirs = Terms(clause, calendar), Terms(general, calendar)
    return any(ours.due_from(start) > theirs.due_from(start) for start in _STARTS)


def _terms(clause: Clause) -> tuple[object, ...]:
    return clause.duration, clause.unit, clause.end_of_day, clause.counting

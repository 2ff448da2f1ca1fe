"""A policy as data, edited clock by clock: where a new clock goes, what it would hide.

Within a policy the first clock of a kind that fits a complaint is the one that runs, so the place
of a clock is a part of its meaning.
"""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from complaints.domain.clauses import SELECTORS, Clause, Policy
from complaints.domain.deadlines import Event, Kind
from complaints.domain.worktime.durations import Counting

#: From when each kind can be counted, so that what starts a clock comes before what meets it.
STARTS: Mapping[Kind, tuple[Event, ...]] = {
    Kind.ACK: (Event.RECEIVED,),
    Kind.INTERNAL_ACCEPT: (Event.ROUTED,),
    Kind.PLAN: (Event.RECEIVED, Event.DOCUMENTS_COMPLETE),
    Kind.PROGRESS: (Event.LAST_CONTACT, Event.RECEIVED),
    Kind.RESOLVE: (
        Event.RECEIVED,
        Event.DOCUMENTS_COMPLETE,
        Event.SOLUTION_ACCEPTED,
        Event.REOPENED,
    ),
    Kind.LEGAL: (
        Event.RECEIVED,
        Event.DOCUMENTS_COMPLETE,
        Event.SOLUTION_ACCEPTED,
        Event.REOPENED,
    ),
}

Body = Mapping[str, Any]


def with_clock(body: Body, clock: Body) -> dict[str, Any]:
    """The policy with one clock more, before those of its kind that ask for no more than it does.

    So of several clocks that fit a complaint the one with more conditions runs, and of equal ones
    the newest.
    """
    clocks = list(body.get("clock", ()))
    behind = (
        place
        for place, each in enumerate(clocks)
        if each.get("kind") == clock["kind"] and _conditions(each) <= _conditions(clock)
    )
    place = next(behind, len(clocks))
    return {**body, "clock": [*clocks[:place], dict(clock), *clocks[place:]]}


def without_clocks(body: Body, ids: Collection[str]) -> dict[str, Any]:
    """The policy without these clocks."""
    return {**body, "clock": [each for each in body.get("clock", ()) if each["id"] not in ids]}


def with_limits_of(file: Body, file_before: Body, edited: Body) -> dict[str, Any]:
    """The edited policy, its legal limits as its file says them where the file has changed."""
    before = {each["id"]: _length(each) for each in file_before.get("clock", ())}
    changed = {
        each["id"]: each
        for each in file.get("clock", ())
        if each["kind"] == Kind.LEGAL and before.get(each["id"]) != _length(each)
    }
    clocks = [changed.get(each["id"], each) for each in edited.get("clock", ())]
    return {**edited, **({"clock": clocks} if clocks else {})}


def free_id(kind: Kind, taken: Iterable[str]) -> str:
    """A name for a clock added on a page that no clock of its policy has."""
    known = set(taken)
    number = 1
    while (name := f"own_{kind}_{number}") in known:
        number += 1
    return name


def hidden_by(policy: Policy, clause: Clause) -> list[Clause]:
    """The clocks behind a clause that could never run beside it: all they are for, it is for."""
    behind = policy.clauses[policy.clauses.index(clause) + 1 :]
    return [
        each
        for each in behind
        if (each.kind, each.start) == (clause.kind, clause.start)
        and each.is_enforced
        and covers(clause, each)
    ]


def covers(clause: Clause, other: Clause) -> bool:
    """Whether every complaint that `other` is for fits `clause` as well."""
    return clause.holds_while(other) and all(
        name in other.selectors and set(other.selectors[name]) <= set(values)
        for name, values in clause.selectors.items()
    )


def _conditions(clock: Body) -> int:
    return sum(clock.get(name) is not None for name in SELECTORS)


def _length(clock: Body) -> tuple[object, ...]:
    return (
        clock["duration"],
        clock["unit"],
        bool(clock.get("end_of_day")),
        clock.get("counting", Counting.FROM_FIRST_OPEN_MOMENT),
    )

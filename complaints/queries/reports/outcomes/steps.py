"""Where the time went: of the complaints closed in the period, working time step by step.

They are those of the handling time, and each of their working seconds from receipt to closing
belongs to one step, so that the steps add up to the whole.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select
from sqlalchemy.orm import Session

from complaints.domain.errors import N_
from complaints.models import Complaint
from complaints.queries.reports.handling import (
    STEP_NAMES,
    Handling,
    StepTimes,
    closed_complaints,
)
from complaints.queries.reports.outcomes.division import Found, found_by
from complaints.queries.reports.outcomes.flow import build_flow, find_flow, flow_of
from complaints.queries.reports.outcomes.sections import Column, Kind, Line, Section, share
from complaints.queries.reports.parts import Asked
from complaints.queries.reports.summaries.compose import read_sums, steps_from


@dataclass(frozen=True, slots=True)
class Times:
    """The times of all complaints closed, or of those in a line of the division."""

    division: Any
    times: StepTimes


def find_steps(session: Session, asked: Asked) -> Found:
    """How far those received came, and the time of those closed: from the sums where they hold.

    There are no sums of steps by division, which would be as many as complaints.
    """
    sums = read_sums(session, asked) if asked.by is None else None
    if sums is None:
        return {"flow": find_flow(session, asked), "times": _from_rows(session, asked)}
    times, standing = steps_from(sums, asked.period)
    return {"flow": flow_of(standing), "times": [Times(None, times)]}


def _from_rows(session: Session, asked: Asked) -> list[Times]:
    found: dict[Any, Times] = {}

    def asking(query: Select[Any]) -> Select[Any]:
        return found_by(query, asked, Complaint.closed_at)

    for row in closed_complaints(session, asked.actor, asked.period, asking=asking):
        division = getattr(row, "division", None)
        key = tuple(division) if isinstance(division, list) else division
        if key not in found:
            found[key] = Times(division, StepTimes())
        found[key].times.add(asked.rules, row)
    return list(found.values())


def build_steps(found: Found, asked: Asked) -> list[Section]:
    """How far complaints came, and where the time went."""
    times = StepTimes()
    for each in found["times"]:
        times.add_all(each.times)
    every = sum(times.exact.values())
    lines = [
        _line(
            key, name, times.spans[key], times.exact[key], every, {"count": "step"}, {"line": key}
        )
        for key, name in STEP_NAMES.items()
    ]
    behind = {"count": "handled"}
    total = _line("total", N_("Receipt to closing"), times.whole, every, every, behind, {})
    steps = [
        Section(
            "steps",
            N_("Time per step"),
            N_(
                "Working time of the complaints closed in the period and not opened again, "
                "whenever they came in. A step ends when it is first recorded; of the offer and "
                "what follows, in the present round. Where it was not recorded its time belongs "
                "to the next one; what was recorded before its turn took none. So the steps "
                "together are the time from receipt to closing. Pauses are included."
            ),
            N_("Step"),
            [
                Column("count", N_("Complaints")),
                Column("median_seconds", N_("Median"), Kind.TIME),
                Column("p90_seconds", N_("Nine in ten"), Kind.TIME),
                Column("longest_seconds", N_("Longest"), Kind.TIME),
                Column("total_seconds", N_("Total"), Kind.TIME),
                Column("share", N_("Share of the time"), Kind.PART),
            ],
            lines,
            total,
        )
    ]
    return [build_flow(found["flow"], lines), *steps]


def _line(
    key: str,
    name: str,
    spans: Counter[int],
    exact: int,
    every: int,
    behind: Mapping[str, str],
    asked: Mapping[str, str],
) -> Line:
    handling = Handling.of(spans)
    values = {
        "count": handling.closed,
        "median_seconds": handling.median_seconds,
        "p90_seconds": handling.p90_seconds,
        "longest_seconds": handling.longest_seconds,
        # A step that nobody took did not take less than a minute: it took no time at all.
        "total_seconds": exact if spans else None,
        "share": share(exact, every) if spans else None,
    }
    return Line(key, values, name, behind=behind, asked=asked, sample=handling.closed)

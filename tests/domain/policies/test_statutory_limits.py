"""A limit set by law is a floor: a customer's tier may shorten it, never lengthen it."""

from __future__ import annotations

from typing import Any

import pytest

from complaints.domain.clauses import Policy
from complaints.domain.policies.statutory_limits import loosened_limits, require_statutory_limits
from complaints.domain.worktime import WorkCalendar

OFFICE = WorkCalendar.from_dict(
    {
        "tz": "Asia/Jakarta",
        "week": {day: [["08:00", "16:00"]] for day in ("mon", "tue", "wed", "thu", "fri")},
        "holidays": ["2026-03-20", "2026-03-23", "2026-03-24"],
    }
)


def clock(name: str, duration: int, unit: str = "working_day", **more: Any) -> dict[str, Any]:
    return {"id": name, "kind": "legal", "duration": duration, "unit": unit, **more}


def policy(*clocks: dict[str, Any]) -> Policy:
    return Policy.from_dict({"id": "law", "clock": list(clocks)})


@pytest.mark.parametrize(
    "clocks",
    [
        # A tier that is served sooner.
        (clock("gold", 5, tier="HVC_GOLD"), clock("all", 10)),
        (clock("gold", 10, tier="HVC_GOLD"), clock("all", 10)),
        (clock("gold", 24, "hour", tier="HVC_GOLD"), clock("all", 1)),
        # Another matter, another starting point, no general limit: nothing is lengthened.
        (clock("gold", 20, tier="HVC_GOLD", oral=True), clock("all", 10, oral=False)),
        (clock("gold", 20, tier="HVC_GOLD", start="routed"), clock("all", 10)),
        (clock("gold", 20, tier="HVC_GOLD"),),
        # What is no limit by law may say what it likes.
        (clock("gold", 20, tier="HVC_GOLD") | {"kind": "resolve"}, clock("all", 10)),
        # A clock that is shown as reference only.
        (clock("gold", 20, tier="HVC_GOLD", automatic=False), clock("all", 10)),
    ],
)
def test_a_tier_may_shorten_a_legal_limit(clocks):
    require_statutory_limits(policy(*clocks), [OFFICE])


@pytest.mark.parametrize(
    "clocks",
    [
        (clock("gold", 11, tier="HVC_GOLD"), clock("all", 10)),
        # Written after the general one it would never run; it is refused all the same.
        (clock("all", 10), clock("gold", 11, tier=["HVC_GOLD", "BISNIS"])),
        # Longer over a weekend only.
        (clock("gold", 1, tier="HVC_GOLD"), clock("all", 24, "hour")),
        # Longer around a run of holidays only.
        (clock("gold", 5, tier="HVC_GOLD"), clock("all", 9, "calendar_day")),
        # Longer in February only.
        (clock("gold", 1, "month", tier="HVC_GOLD"), clock("all", 30, "calendar_day")),
        # The same day, but until it closes.
        (clock("gold", 3, tier="HVC_GOLD", end_of_day=True), clock("all", 3)),
        # Both may meet on one complaint although each selects something of its own.
        (clock("gold", 11, tier="HVC_GOLD", oral=True), clock("all", 10, channel=["phone"])),
    ],
)
def test_a_tier_never_lengthens_a_legal_limit(clocks):
    with pytest.raises(ValueError, match="policy law, clock gold: a legal limit may not be longer"):
        require_statutory_limits(policy(*clocks), [OFFICE])


# What an edit may do to a limit that the policy's own file sets


LAW = (clock("outage", 2, category_group="GANGGUAN"), clock("all", 3))


def loosened(*clocks: dict[str, Any], law: tuple[dict[str, Any], ...] = LAW) -> list[Any]:
    found = loosened_limits(policy(*law), policy(*clocks), [OFFICE])
    return [(limit.id, longer.id if longer else None) for limit, longer in found]


@pytest.mark.parametrize(
    "clocks",
    [
        LAW,
        (clock("outage", 1, category_group="GANGGUAN"), clock("all", 3)),
        (clock("outage", 2, category_group="GANGGUAN"), clock("all", 24, "hour")),
        # A further clock that is stricter, or that stands where it does not count.
        (clock("gold", 1, tier="HVC_GOLD"), *LAW),
        (*LAW, clock("late", 30)),
        # The general limit alone, where it is as strict as the special one was.
        (clock("all", 2),),
        # Our own promise is no limit.
        (clock("ours", 30) | {"kind": "resolve"}, *LAW),
    ],
)
def test_a_limit_may_be_made_stricter(clocks):
    assert loosened(*clocks) == []


@pytest.mark.parametrize(
    ("clocks", "found"),
    [
        ((clock("outage", 2, category_group="GANGGUAN"), clock("all", 4)), ("all", "all")),
        ((clock("outage", 2, "week", category_group="GANGGUAN"), LAW[1]), ("outage", "outage")),
        # Taken away: nothing is left, or only what is longer.
        ((LAW[0],), ("all", None)),
        ((LAW[1],), ("outage", "all")),
        # Shown only, or for fewer complaints, is taken away as well.
        ((LAW[0], clock("all", 3, automatic=False)), ("all", None)),
        ((LAW[0], clock("all", 3, channel="call")), ("all", None)),
        # A longer clock in front of it, and an extension the law does not know.
        ((clock("branch", 9, branch="JKT"), *LAW), ("outage", "branch")),
        (
            (LAW[0], clock("all", 3, extension={"duration": 5, "unit": "working_day"})),
            ("all", "all"),
        ),
    ],
)
def test_a_limit_may_not_be_lengthened_or_taken_away(clocks, found):
    assert loosened(*clocks)[0] == found


def test_the_rules_own_exception_stays_one():
    law = (clock("abroad", 20, branch="JYP"), clock("all", 10))
    assert loosened(*law, law=law) == []
    assert loosened(clock("abroad", 20, branch="JYP"), clock("all", 9), law=law) == []
    assert loosened(clock("all", 10), law=law) == []
    assert loosened(clock("abroad", 20), clock("all", 10), law=law) == [("all", "abroad")]

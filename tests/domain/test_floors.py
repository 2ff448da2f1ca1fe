"""A limit set by law is a floor: a customer's tier may shorten it, never lengthen it."""

from __future__ import annotations

from typing import Any

import pytest

from complaints.domain.deadlines import Policy
from complaints.domain.floors import require_floors
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


def pack(*clocks: dict[str, Any]) -> Policy:
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
    require_floors(pack(*clocks), [OFFICE])


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
        require_floors(pack(*clocks), [OFFICE])

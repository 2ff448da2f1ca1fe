"""What a ladder is made of: rungs, how long an acknowledgement holds, the reminders of the top.

Every reader raises ValueError with one sentence that names the ladder and the part that is wrong.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from complaints.domain.worktime import WorkCalendar
from complaints.domain.worktime.durations import due_at

SECOND = timedelta(seconds=1)
#: In what an acknowledgement and the top's reminders may be counted.
HOLDING_UNITS = ("working_minute", "working_hour", "working_day", "minute", "hour")


class Target(StrEnum):
    """Whom a rung reaches; the step finds the person. `owner` is who undertook a commitment."""

    OWNER = "owner"
    HANDLER = "handler"
    SUPERVISOR = "supervisor"
    TEAM_LEAD = "team_lead"
    MANAGER = "manager"
    HEAD_OFFICE = "head_office"


class Firing(StrEnum):
    """What happens at an instant of the schedule."""

    WARN = "warn"
    BREACH = "breach"
    ESCALATE = "escalate"


@dataclass(frozen=True, slots=True)
class Rung:
    """One rung: before the due time by percent or time, or after it by time.

    `level` 0 is a warning; 1 and up are levels of escalation. `target` is a Target or
    ``role:<role>``.
    """

    key: str
    target: str
    level: int
    kinds: tuple[str, ...] = ("*",)
    before_percent: int | None = None
    before: int | None = None
    after: int | None = None
    unit: str = "working_minute"
    repeat_every: int | None = None
    repeat_unit: str = "working_hour"
    repeat_max: int = 0

    @property
    def is_before(self) -> bool:
        """Whether the rung fires ahead of the due time."""
        return self.before_percent is not None or self.before is not None

    def covers(self, kind: str) -> bool:
        """Whether the rung serves deadlines of this kind."""
        return "*" in self.kinds or kind in self.kinds


class Step(NamedTuple):
    """One instant of a schedule; `rung` is None for the breach itself.

    `repeat` counts the calls of a rung after its first, which is 0. `is_reminder` marks those of
    the top, which never end.
    """

    firing: Firing
    fire_at: datetime
    rung: Rung | None = None
    repeat: int = 0
    is_reminder: bool = False

    @property
    def is_after(self) -> bool:
        """Whether it lies behind the breach: a reminder or a level."""
        return self.rung is not None and not self.rung.is_before

    @property
    def ripe_at(self) -> datetime:
        """The first second in which the step may be taken: the due second itself is in time."""
        return self.fire_at + SECOND if self.firing is Firing.BREACH else self.fire_at


@dataclass(frozen=True, slots=True)
class Holding:
    """How long an acknowledgement holds the ladder still, counted in the branch's calendar."""

    duration: int = 4
    unit: str = "working_hour"

    def until(self, at: datetime, calendar: WorkCalendar) -> datetime:
        """When an acknowledgement given at `at` loses its force, in aware UTC."""
        return due_at(calendar, at, self.duration, self.unit)


@dataclass(frozen=True, slots=True)
class TopReminder:
    """How often the top hears again for as long as the complaint is open and late.

    Those counted in working days come when the day opens, so that the clocks of one complaint
    remind together.
    """

    every: int = 1
    unit: str = "working_day"

    def at(self, number: int, last: datetime, calendar: WorkCalendar) -> datetime:
        """When the top is reminded for the `number`th time after the last rung, due at `last`.

        The first time is that of the last rung itself: usually its call says as much, but one
        that was called ahead of its time, past an empty rung, hears again then.
        """
        if number == 1:
            return last
        number -= 1
        if self.unit == "working_day":
            day = due_at(calendar, last, self.every * number, self.unit)
            opening = calendar.opening_of(day.astimezone(calendar.tz).date())
            return day if opening is None else min(day, max(opening, last + SECOND))
        return due_at(calendar, last, self.every * number, self.unit)


def read_holding(code: str, data: object) -> Holding:
    """For how long an acknowledgement holds, from `[acknowledgement]`."""
    if not isinstance(data, Mapping):
        raise ValueError(f"ladder {code}: acknowledgement must be a table")
    duration = data.get("expires_after", Holding().duration)
    unit = str(data.get("unit", Holding().unit))
    if isinstance(duration, bool) or not isinstance(duration, int) or duration < 1:
        raise ValueError(f"ladder {code}, acknowledgement: expires_after must be 1 or more")
    if unit not in HOLDING_UNITS:
        raise ValueError(f"ladder {code}, acknowledgement: unit {unit!r} is not known")
    return Holding(duration, unit)


def read_top_reminder(code: str, data: object) -> TopReminder:
    """How often the top is reminded, from `[top_reminder]`."""
    if not isinstance(data, Mapping):
        raise ValueError(f"ladder {code}: top_reminder must be a table")
    every = data.get("every", TopReminder().every)
    unit = str(data.get("unit", TopReminder().unit))
    if isinstance(every, bool) or not isinstance(every, int) or every < 1:
        raise ValueError(f"ladder {code}, top_reminder: every must be 1 or more")
    if unit not in HOLDING_UNITS:
        raise ValueError(f"ladder {code}, top_reminder: unit {unit!r} is not known")
    return TopReminder(every, unit)


def read_rung(code: str, index: int, data: Mapping[str, object]) -> Rung:
    """A rung, from a `[[rung]]`; `index` counts from 0."""
    where = f"ladder {code}, rung {index + 1}"
    target = str(data.get("target", ""))
    if target not in set(Target) and not target.startswith("role:"):
        raise ValueError(f"{where}: target must be one of {', '.join(Target)} or role:<role>")
    times = [name for name in ("before_percent", "before", "after") if name in data]
    if len(times) != 1:
        raise ValueError(f"{where}: give exactly one of before_percent, before, after")
    value = data[times[0]]
    if not isinstance(value, int) or value < 0 or (times[0] == "before_percent" and value > 100):
        raise ValueError(f"{where}: {times[0]} must be a whole number, not negative")
    unit = str(data.get("unit", "working_minute"))
    if times[0] == "before" and unit not in ("working_minute", "working_hour", "minute", "hour"):
        raise ValueError(f"{where}: a step before the deadline counts minutes or hours")
    kinds = data.get("kinds", ["*"])
    every = data.get("repeat_every")
    maximum = data.get("repeat_max", 0)
    level = data.get("level", 0)
    return Rung(
        key=str(data.get("key", f"{times[0]}-{value}-{target}")),
        target=target,
        level=level if isinstance(level, int) else 0,
        kinds=tuple(str(kind) for kind in kinds) if isinstance(kinds, list) else ("*",),
        before_percent=value if times[0] == "before_percent" else None,
        before=value if times[0] == "before" else None,
        after=value if times[0] == "after" else None,
        unit=unit,
        repeat_every=every if isinstance(every, int) else None,
        repeat_unit=str(data.get("repeat_unit", "working_hour")),
        repeat_max=maximum if isinstance(maximum, int) else 0,
    )

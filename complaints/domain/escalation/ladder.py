"""The ladder: who hears of a deadline before and after it falls due, in business or clock time.

A ladder is data in versions; `schedule` turns it into the instants at which its rungs fire.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from complaints.domain.deadlines import Kind
from complaints.domain.escalation.rungs import (
    SECOND,
    Firing,
    Holding,
    Rung,
    Step,
    TopReminder,
    read_holding,
    read_rung,
    read_top_reminder,
)
from complaints.domain.worktime import WorkCalendar
from complaints.domain.worktime.durations import due_at


@dataclass(frozen=True, slots=True)
class Ladder:
    """Rungs in the order they fire: warnings first, then the levels upward.

    With `quiet_warnings` no warning disturbs anybody in closed time.
    """

    code: str
    rungs: tuple[Rung, ...]
    version_id: int = 0
    acknowledgement: Holding = field(default_factory=Holding)
    quiet_warnings: bool = True
    top_reminder: TopReminder = field(default_factory=TopReminder)

    @classmethod
    def from_dict(cls, data: Mapping[str, object], version_id: int = 0) -> "Ladder":
        """Read the form of `config/ladders/*.toml`; ValueError names the rung that is wrong."""
        code = str(data.get("id", ""))
        rungs = data.get("rung", [])
        if not code or not isinstance(rungs, Sequence) or not rungs:
            raise ValueError("ladder: 'id' and at least one [[rung]] are needed")
        read = tuple(read_rung(code, index, rung) for index, rung in enumerate(rungs))
        ordered = sorted(read, key=lambda rung: not rung.is_before)
        if not any(rung.level > 0 for rung in ordered):
            raise ValueError(f"ladder {code}: at least one step must escalate (level 1 or more)")
        return cls(
            code,
            tuple(ordered),
            version_id,
            read_holding(code, data.get("acknowledgement", {})),
            bool(data.get("quiet_warnings", True)),
            read_top_reminder(code, data.get("top_reminder", {})),
        )

    def rungs_for(self, kind: str) -> tuple[Rung, ...]:
        """The rungs that deadlines of this kind go by.

        Commitments have their own, where the ladder names any: a late step goes less high than a
        late complaint.
        """
        named = tuple(rung for rung in self.rungs if kind in rung.kinds)
        if kind == Kind.COMMITMENT and named:
            return named
        return tuple(rung for rung in self.rungs if rung.covers(kind))

    @property
    def top(self) -> Rung:
        """The highest rung, which must never be empty."""
        return max(self.rungs, key=lambda rung: rung.level)

    def schedule(
        self, kind: str, started_at: datetime, due: datetime, calendar: WorkCalendar
    ) -> tuple[Step, ...]:
        """The steps for a deadline of `kind`, in order, instants in aware UTC.

        No step fires before the one listed ahead of it, so that a ladder whose rungs lie close
        together still escalates one rung at a time.
        """
        return (
            *self._until_due(kind, started_at, due, calendar),
            *self._after_due(kind, due, calendar),
        )

    def with_reminders(
        self,
        kind: str,
        schedule: Sequence[Step],
        fired: int,
        at: datetime,
        calendar: WorkCalendar,
    ) -> tuple[Step, ...]:
        """The schedule with the reminders of the top, up to the first that lies ahead at `at`.

        Of reminders given long ago only the places are kept: a complaint may be late for years.
        """
        steps = list(schedule)
        given = fired - len(schedule)
        if given > 0:
            steps += [self._reminder(kind, given, schedule, calendar)] * given
        while len(steps) <= fired or steps[-1].ripe_at <= at or len(steps) == len(schedule):
            steps.append(self._reminder(kind, len(steps) - len(schedule) + 1, schedule, calendar))
        return tuple(steps)

    def reminders_behind(
        self, kind: str, schedule: Sequence[Step], at: datetime, calendar: WorkCalendar
    ) -> int:
        """How many reminders of the top would have been given by `at` to a clock late since long.

        Searched from where ten of them say it must be, because there may be thousands.
        """
        last = schedule[-1].ripe_at

        def lies_behind(number: int) -> bool:
            return self.top_reminder.at(number, last, calendar) <= at

        if not lies_behind(1):
            return 0
        ten = self.top_reminder.at(11, last, calendar) - last
        low = 1 + int(10 * (at - last) / ten)
        high, reach = low + 1, 1
        while low > 0 and not lies_behind(low):
            low, high, reach = max(0, low - reach), low, 2 * reach
        while lies_behind(high):
            low, high, reach = high, high + reach, 2 * reach
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if lies_behind(middle) else (low, middle)
        return low

    def _reminder(
        self, kind: str, number: int, schedule: Sequence[Step], calendar: WorkCalendar
    ) -> Step:
        rungs = [rung for rung in self.rungs_for(kind) if rung.level > 0]
        top = max(rungs, key=lambda rung: rung.level) if rungs else self.top
        fire_at = self.top_reminder.at(number, schedule[-1].ripe_at, calendar)
        return Step(Firing.ESCALATE, fire_at, top, number, is_reminder=True)

    def step(
        self, index: int, kind: str, started_at: datetime, due: datetime, calendar: WorkCalendar
    ) -> Step:
        """One step of the schedule, behind its end a reminder of the top.

        The line of superiors is worked out only if asked.
        """
        before = self._until_due(kind, started_at, due, calendar)
        if index < len(before):
            return before[index]
        after = self._after_due(kind, due, calendar)
        index -= len(before)
        if index < len(after):
            return after[index]
        return self._reminder(kind, index - len(after) + 1, (*before, *after), calendar)

    def _until_due(
        self, kind: str, started_at: datetime, due: datetime, calendar: WorkCalendar
    ) -> list[Step]:
        steps = [
            Step(Firing.WARN, self._warning(rung, started_at, due, calendar), rung)
            for rung in self.rungs_for(kind)
            if rung.is_before
        ]
        steps.sort(key=lambda step: step.fire_at)
        steps.append(Step(Firing.BREACH, due))
        return steps

    def _after_due(self, kind: str, due: datetime, calendar: WorkCalendar) -> list[Step]:
        latest = due
        steps = []
        for rung in self.rungs_for(kind):
            if not rung.is_before:
                fire_at = due_at(calendar, due, rung.after or 0, rung.unit)
                latest = max(latest, fire_at)
                firing = Firing.ESCALATE if rung.level > 0 else Firing.WARN
                steps.append(Step(firing, latest, rung))
                steps += _repeats(rung, firing, latest, calendar)
        steps.sort(key=lambda step: step.fire_at)
        return steps

    def _warning(
        self, rung: Rung, started_at: datetime, due: datetime, calendar: WorkCalendar
    ) -> datetime:
        """When a rung ahead of the due time fires; in closed time it waits for the next opening.

        One that would wait beyond the due time ripens together with the breach, which then says
        what there is to say. It keeps its place, because the steps taken are counted.
        """
        fire_at = _before(rung, started_at, due, calendar)
        if not self.quiet_warnings or rung.level > 0 or _is_working_time(fire_at, calendar):
            return fire_at
        return min(calendar.next_opening(fire_at), due + SECOND)


def _is_working_time(at: datetime, calendar: WorkCalendar) -> bool:
    """Whether somebody is there to read; the second of closing counts as open."""
    return calendar.is_open(at) or calendar.is_open(at - SECOND)


def _repeats(rung: Rung, firing: Firing, first: datetime, calendar: WorkCalendar) -> list[Step]:
    if rung.repeat_every is None:
        return []
    return [
        Step(
            firing,
            due_at(calendar, first, rung.repeat_every * number, rung.repeat_unit),
            rung,
            number,
        )
        for number in range(1, rung.repeat_max + 1)
    ]


def _before(rung: Rung, started_at: datetime, due: datetime, calendar: WorkCalendar) -> datetime:
    if rung.before_percent is not None:
        worktime = calendar.between(started_at, due)
        if worktime:
            fire_at = calendar.add(started_at, worktime * rung.before_percent // 100)
        else:
            fire_at = started_at + (due - started_at) * rung.before_percent / 100
            fire_at = fire_at.replace(microsecond=0)
    elif rung.unit.startswith("working"):
        seconds = {"working_minute": 60, "working_hour": 3600}.get(rung.unit, 0)
        fire_at = calendar.add(due, -seconds * (rung.before or 0))
    else:
        fire_at = due - timedelta(**{f"{rung.unit}s": rung.before or 0})
    return min(max(fire_at, started_at), due)

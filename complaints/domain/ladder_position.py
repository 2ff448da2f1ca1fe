"""Where a clock stands on its ladder: how many steps of the schedule lie behind it.

A stored clock keeps this number, `fired`. Whatever gives a clock another schedule asks here what
becomes of it, so that no step is skipped and none is taken twice.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import takewhile
from typing import NamedTuple

from complaints.domain.escalation import Firing, Step

_SECOND = timedelta(seconds=1)


class NextTimer(NamedTuple):
    """What will happen to a clock next by itself: a Firing's value, or `resume`; and when."""

    fire_at: datetime
    firing: str

    @classmethod
    def of(cls, step: Step) -> "NextTimer":
        """The timer of a step of the schedule."""
        return cls(step.ripe_at, step.firing.value)


def steps_behind(schedule: Sequence[Step], at: datetime) -> int:
    """How many steps in a row are ripe by `at`, from the first one on.

    A rung at the due second is ripe a second before the breach listed ahead of it; counting every
    ripe step instead of those in a row would skip the breach.
    """
    return sum(1 for _ in takewhile(lambda step: step.ripe_at <= at, schedule))


def position_after(
    schedule: Sequence[Step], fired: int, at: datetime, *, unnoted_breach: datetime | None = None
) -> int:
    """The position of a clock with `fired` steps taken once its dates, and so its schedule, moved.

    Steps of the old schedule that lie ahead again in the new one will fire again; steps that lie
    behind by `at` and have not been taken will be. `unnoted_breach` is a breach that the stored
    clock has forgotten: whoever stamped it took every step that was ripe with it.
    """
    behind = steps_behind(schedule, at)
    # With everything behind, the reminders of the top that were given stay given.
    position = fired if behind == len(schedule) else min(fired, behind)
    if unnoted_breach is None:
        return position
    return max(position, steps_behind(schedule, unnoted_breach + _SECOND))


def timer_at(schedule: Sequence[Step], position: int) -> NextTimer | None:
    """What lies ahead of a running clock at this position; None behind the end given."""
    return NextTimer.of(schedule[position]) if position < len(schedule) else None


def steps_done(schedule: Sequence[Step], level: int, has_breached: bool, at: datetime) -> int:
    """The position on another ladder of a clock that has escalated to `level`.

    Warnings that lie in the past are not said again, and no level is called twice; a level that
    should have been called by now is not done, so it fires at once.
    """
    done = 0
    for step in schedule:
        is_escalation = step.firing is Firing.ESCALATE and step.rung is not None
        if step.firing is Firing.BREACH:
            is_done = has_breached
        elif is_escalation and step.rung is not None:
            is_done = step.rung.level < level or (
                step.rung.level == level and (not step.repeat or step.ripe_at <= at)
            )
        else:
            is_done = step.ripe_at <= at
        if not is_done:
            break
        done += 1
    return done


def level_reached(schedule: Sequence[Step], fired: int) -> int:
    """The highest level that the steps fired so far have called; 0 for none."""
    return max((step.rung.level for step in schedule[:fired] if step.rung is not None), default=0)


def steps_ringing(schedule: Sequence[Step], done: int, at: datetime) -> list[Step]:
    """The steps that would be taken at once: escalations and reminders due by `at`, not done."""
    return [
        step for step in schedule[done:] if step.ripe_at <= at and step.firing is Firing.ESCALATE
    ]

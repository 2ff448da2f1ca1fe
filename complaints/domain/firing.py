"""Which steps of a deadline's schedule are due, and which of those still have to be told.

A pure reading of the schedule: who stands on a rung and what is stored, the steps know.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from complaints.domain.escalation import Firing, Step

#: How long a deadline that could not be fired is left alone before it is tried again.
POSTPONED_FOR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Due:
    """What has come due since the steps counted in `fired`.

    `taken` counts the steps done with afterwards, `oldest` is the one that waited longest.
    """

    taken: int
    oldest: Step | None
    warnings: tuple[Step, ...]
    has_breached: bool
    reminders: tuple[Step, ...]
    escalations: tuple[Step, ...]


def what_is_due(
    schedule: Sequence[Step], fired: int, at: datetime, *, is_held: bool = False
) -> Due:
    """Read the steps due by `at` in one go, as after an outage.

    A warning that the breach has overtaken says nothing any more and is left out; every level
    after the due time stays, because each has to be recorded. Of several reminders of the top one
    is given, and none together with a level. While an acknowledgement holds the ladder, the steps
    after the due time wait.
    """
    taken = fired
    while taken < len(schedule) and schedule[taken].ripe_at <= at:
        if is_held and schedule[taken].is_after:
            break
        taken += 1
    due = schedule[fired:taken]
    has_breached = any(step.firing is Firing.BREACH for step in due)
    warns = [step for step in due if step.firing is Firing.WARN and step.rung is not None]
    ahead = tuple(step for step in warns if step.rung is not None and step.rung.is_before)
    return Due(
        taken=taken,
        oldest=due[0] if due else None,
        warnings=() if has_breached else ahead,
        has_breached=has_breached,
        reminders=tuple(step for step in warns if step not in ahead),
        escalations=_escalations(due),
    )


def _escalations(due: Sequence[Step]) -> tuple[Step, ...]:
    calls = tuple(step for step in due if step.firing is Firing.ESCALATE)
    levels = tuple(step for step in calls if not step.is_reminder)
    is_new_level = any(not step.repeat for step in levels)
    reminders = () if is_new_level else tuple(step for step in calls if step.is_reminder)
    return levels + reminders[-1:]

"""What a corrective action is raised against, how it stands, and what its history tells of."""

from datetime import datetime
from enum import StrEnum

#: What signatures of this history begin with.
CHAIN = "corrective_action"
#: Answers to “why?”, the cause itself among them.
MOST_WHYS = 5
#: Weeks before and after that an effect is judged by.
WEEKS = (4, 8, 12)


class Subject(StrEnum):
    """What it is raised against: the divisions of the report by these names."""

    CAUSE = "cause"
    CATEGORY = "category"
    CHANNEL = "channel"
    BRANCH = "branch"
    TEAM = "team"


class ActionState(StrEnum):
    """How it stands; the last three are ends."""

    OPEN = "open"
    DONE = "done"
    EFFECTIVE = "effective"
    NOT_EFFECTIVE = "not_effective"
    DROPPED = "dropped"


class ActionAct(StrEnum):
    """What an entry in the history of a corrective action tells of."""

    RAISE = "raise"
    CHANGE = "change"
    WHYS = "whys"
    LATE = "late"
    REMIND = "remind"
    DONE = "done"
    VERIFY = "verify"
    DROP = "drop"


def is_late(due_at: datetime, ended_at: datetime | None, now: datetime) -> bool:
    """Whether it is open behind its day as that stands now, or was done or dropped behind it.

    The due second itself is still in time. That a day was missed that was moved since is told by
    `late_at` alone.
    """
    return (ended_at or now.replace(microsecond=0)) > due_at

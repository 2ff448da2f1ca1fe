"""What a corrective action is raised against, how it stands, and what its history tells of."""

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
    DONE = "done"
    VERIFY = "verify"
    DROP = "drop"

"""What can be done to a public post, and what its clock does; the mark of its history's chain."""

from enum import StrEnum

#: What signatures of this history begin with.
CHAIN = "public_post"
#: What a ladder calls the clock: rungs for all kinds serve it, or rungs of its own.
CLOCK = "public_reply"


class PostState(StrEnum):
    """Where a post stands, as the public sees it; that it became a complaint stands beside."""

    OPEN = "open"
    REPLIED = "replied"
    SET_ASIDE = "set_aside"


class PostAct(StrEnum):
    """What an entry in the history of a post tells of."""

    TAKE = "take"
    REPLY = "reply"
    SET_ASIDE = "set_aside"
    TAKE_UP = "take_up"
    CHANGED = "changed"
    GONE = "gone"
    NOTE = "note"
    MAKE_COMPLAINT = "make_complaint"
    WARN = "warn"
    LATE = "late"
    ESCALATE = "escalate"

"""What the record of a management review holds, how it stands, and what its history tells of.

ISO 10002, clause 8.6: what a review looks at (inputs), and what comes of it (outputs).
"""

from collections.abc import Mapping
from enum import StrEnum

from complaints.domain.errors import N_

#: What signatures of this history begin with.
CHAIN = "management_review"
#: Longest text of one part of the minutes.
LONGEST = 5_000
#: People who took part, at most, and characters of a name.
MOST_PEOPLE, LONGEST_NAME = 60, 120
#: Corrective actions that one review agrees on, at most.
MOST_ACTIONS = 60


class ReviewState(StrEnum):
    """How it stands; the last two are ends."""

    DRAFT = "draft"
    CONCLUDED = "concluded"
    DROPPED = "dropped"


class ReviewAct(StrEnum):
    """What an entry in the history of a review tells of."""

    DRAFT = "draft"
    CHANGE = "change"
    FIGURES = "figures"
    LINK = "link"
    UNLINK = "unlink"
    CONCLUDE = "conclude"
    CORRECT = "correct"
    DROP = "drop"
    REMIND = "remind"


#: What was looked at beside the figures, in words.
INPUTS: Mapping[str, str] = {
    "changes": N_("Changes inside and outside the organisation"),
    "audits": N_("Audits and what customers and staff say of complaint handling"),
    "resources": N_("Staff, training and equipment"),
    "discussed": N_("What was discussed"),
}
#: What was decided; at least one of these says something before a review is concluded.
DECISIONS: Mapping[str, str] = {
    "process": N_("Decisions on complaint handling"),
    "products": N_("Decisions on products and services"),
    "staffing": N_("Decisions on staff, training and equipment"),
}
#: Every text of the minutes, in their order.
MINUTES: Mapping[str, str] = {**INPUTS, **DECISIONS}

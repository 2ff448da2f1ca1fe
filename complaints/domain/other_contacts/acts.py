"""What can be done to a contact that is no complaint, and the chain its history hangs on."""

from enum import StrEnum

#: What signatures of this history begin with.
CHAIN = "contact"


class ContactState(StrEnum):
    """Where a contact stands."""

    OPEN = "open"
    ENDED = "ended"
    COMPLAINT = "complaint"  # it was made a complaint, and goes on as that


class ContactAct(StrEnum):
    """What an entry in the history of a contact tells of."""

    TAKE = "take"
    HAND_OVER = "hand_over"
    END = "end"
    NOTE = "note"
    ATTACH = "attach"
    MAKE_COMPLAINT = "make_complaint"

"""By which way a notification reaches somebody: always on the page, and beside that as they choose.

What the ladder of a deadline demands, what waits for one's own act and what tells that letters or
mailboxes have stopped is sent at once, whatever anybody would choose.
"""

from collections.abc import Mapping
from enum import StrEnum

from complaints.domain.errors import N_


class Way(StrEnum):
    """How a notification of a group reaches somebody beside the page."""

    EMAIL = "email"
    DIGEST = "digest"
    PAGE = "page"


#: What is said of each way.
WAY_WORDS: Mapping[Way, str] = {
    Way.EMAIL: N_("On the page and by email at once"),
    Way.DIGEST: N_("On the page, and in one email on the next working morning"),
    Way.PAGE: N_("On the page only"),
}


class Group(StrEnum):
    """Kinds of notification that are chosen for together."""

    CUSTOMERS = "customers"
    INCOMING = "incoming"
    ANSWERS = "answers"
    COLLEAGUES = "colleagues"
    NAMED = "named"
    FOLLOWED = "followed"
    LETTERS = "letters"


#: What each group is called, and what is in it.
GROUP_WORDS: Mapping[Group, tuple[str, str]] = {
    Group.CUSTOMERS: (
        N_("Customers write or answer"),
        N_("Messages, answers to offers, ratings, withdrawals, and customers who come back."),
    ),
    Group.INCOMING: (
        N_("Something new comes in"),
        N_("Complaints and other contacts, what is meant for your unit, and mail to sort."),
    ),
    Group.ANSWERS: (
        N_("Answers to what you asked for"),
        N_("Offers and extensions approved or not, steps signed or returned."),
    ),
    Group.COLLEAGUES: (
        N_("What colleagues and the system record on your complaints"),
        N_("Returned by a unit, duplicates, reopened, pauses that end, observations."),
    ),
    Group.NAMED: (
        N_("A colleague names you in a note"),
        N_("Internal notes with @ and your name."),
    ),
    Group.FOLLOWED: (
        N_("Complaints that you follow"),
        N_("The status changes, the customer answers, or a message is recorded."),
    ),
    Group.LETTERS: (
        N_("A letter did not reach the customer"),
        N_("Came back, perhaps did not arrive, or has not left yet."),
    ),
}

_KINDS: Mapping[Group, tuple[str, ...]] = {
    Group.CUSTOMERS: (
        "customer_wrote",
        "customer_accepted",
        "customer_refused",
        "customer_thinking",
        "customer_withdrew",
        "customer_reopened",
        "customer_asked",
        "customer_rated",
        "low_rating",
        "customer_came_back",
        "awaited_came",
    ),
    Group.INCOMING: (
        "from_customer",
        "contact_from_customer",
        "contact_handed",
        "contact_noted",
        "contact_praise",
        "mail_to_sort",
        "mail_elsewhere",
        "mail_files_left",
    ),
    Group.ANSWERS: (
        "offer_approved",
        "offer_rejected",
        "extension_approved",
        "extension_rejected",
        "exits_signed",
        "exits_returned",
    ),
    Group.COLLEAGUES: (
        "party_returned",
        "desk_handles",
        "named_as_witness",
        "reopened",
        "withdrawal_taken_back",
        "escalated_withdrawn",
        "escalated_merged",
        "escalated_renamed",
        "duplicate_joined",
        "duplicate_joined_earlier",
        "original_withdrawn",
        "clocks_ended",
        "miss_corrected",
        "pause_ended",
        "observed",
        "spike",
        "spike_everywhere",
        "incident_closed",
        "action_taken",
        "action_dropped",
    ),
    Group.NAMED: ("mentioned",),
    Group.FOLLOWED: (
        "followed_moved",
        "followed_offered",
        "followed_accepted",
        "followed_undecided",
        "followed_ended",
        "followed_message",
    ),
    Group.LETTERS: (
        "letter_lost",
        "letter_uncertain",
        "letter_delayed",
        "letter_file_held_back",
    ),
}

#: Kind of notification → the group it is chosen for in; what is missing is sent at once.
GROUP_OF: Mapping[str, Group] = {kind: group for group, kinds in _KINDS.items() for kind in kinds}

#: What only whoever may read the complaint hears, and reads as long as they may.
ONLY_TO_READERS = frozenset({*_KINDS[Group.NAMED], *_KINDS[Group.FOLLOWED]})

#: What nobody can switch off.
DEMANDED = frozenset(
    {
        "warn",
        "breach",
        "escalation",
        "escalation_by_hand",
        "escalation_returned",
        "reminder",
        "ack_expired",
        "ack_expired_below",
        "assigned",
        "work_handed_over",
        "work_to_give_out",
        "party_asked",
        "party_asked_nobody",
        "offer_approval",
        "offer_approval_nobody",
        "signature_asked",
        "offer_reminder_due",
        "extension_asked",
        "extension_to_tell",
        "customer_objected",
        "mailbox_silent",
        "letter_held_up",
        "mail_closed",
        "delivery_missed",
        "incident_task",
        "incident_untold",
        "complaint_renamed",
        "webhook_failing",
        "webhook_gone",
        "action_given",
        "action_late",
        "action_moved",
        "action_ripe",
        "action_done",
        "review_due",
        "post_warn",
        "post_late",
        "post_escalated",
        "post_reminder",
        "post_set_aside",
    }
)

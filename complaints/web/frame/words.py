"""The words for our codes on screen: statuses, priorities, clocks, roles — with their icons.

Each is a word first, an icon second, a colour last. Labels of the organisation's own codes
(categories, channels, teams) come from the rule book instead.
"""

from collections.abc import Mapping

from complaints.domain.errors import N_
from complaints.outbox.mail.wording import CLOCKS
from complaints.queries.reports.words import PLACES

#: status → (words, icon)
STATUSES: Mapping[str, tuple[str, str]] = {
    "received": (N_("Not yet registered"), "pencil"),
    "registered": (N_("Registered"), "clipboard-check"),
    "in_handling": (N_("In handling"), "tool"),
    "offered": (N_("Solution offered"), "message-dots"),
    "accepted": (N_("Solution accepted"), "heart-handshake"),
    "closed": (N_("Closed"), "circle-check"),
    "withdrawn": (N_("Withdrawn"), "arrow-back-up"),
    "referred": (N_("Referred elsewhere"), "arrow-forward-up"),
}

#: priority → (words, icon)
PRIORITIES: Mapping[str, tuple[str, str]] = {
    "P1": (N_("Very high"), "urgent"),
    "P2": (N_("High"), "arrow-up"),
    "P3": (N_("Medium"), "point"),
    "P4": (N_("Low"), "arrow-down"),
}

#: deadline state on screen → (words, icon); these four only
DUE_STATES: Mapping[str, tuple[str, str]] = {
    "safe": (N_("Safe"), "clock"),
    "nearing": (N_("Nearing the deadline"), "clock-exclamation"),
    "late": (N_("Late"), "alert-triangle"),
    "paused": (N_("Paused"), "clock-pause"),
}

#: stored state of a deadline → words
DEADLINE_STATES: Mapping[str, str] = {
    "running": N_("Running"),
    "paused": N_("Paused"),
    "met": N_("Met"),
    "breached": N_("Missed"),
    "cancelled": N_("Cancelled"),
}

#: kind of clock → words
KINDS: Mapping[str, str] = {**CLOCKS, "customer": N_("Answer from the customer")}

#: role → words
ROLES: Mapping[str, str] = {
    "csr": N_("CSR"),
    "officer": N_("Officer"),
    "supervisor": N_("Supervisor"),
    "manager": N_("Management"),
    "auditor": N_("Auditor"),
    "admin": N_("Administrator"),
}

#: whom a rung of the ladder reaches → words
TARGETS: Mapping[str, str] = {
    "owner": N_("Whoever undertook the commitment"),
    "handler": N_("the handler"),
    "supervisor": N_("the supervisor"),
    "team_lead": N_("the head of the unit"),
    "manager": N_("the manager"),
    "head_office": N_("head office"),
}

#: figure of a report → words; a list of complaints stands behind each
FIGURES: Mapping[str, str] = {
    "received": N_("Received"),
    "met": N_("Kept"),
    "breached": N_("Missed"),
    "late_open": N_("Still open and late"),
    "due": N_("Running, due in the period"),
    "moved": N_("Dates moved"),
    "first_kept": N_("Kept by the first date"),
    "first_missed": N_("Missed by the first date"),
    "again_kept": N_("Kept after a reopening"),
    "again_missed": N_("Missed after a reopening"),
    **{f"balance_{place}": words for place, words in PLACES.items()},
    "balance_received": N_("Complaints in the balance"),
    "balance_kept_dated_back": N_("Kept, but written down only after the deadline"),
    "first_contact": N_("Resolved at first contact"),
    "handled": N_("Closed"),
    "first_contact_possible": N_("Taken in conversation"),
    "commitment_kept": N_("Commitments kept"),
    "commitment_missed": N_("Commitments missed"),
    "commitment_dropped": N_("Commitments dropped"),
    "commitment_open": N_("Commitments still open"),
    "escalation_raised": N_("Escalations raised"),
    "escalation_by_hand": N_("Escalations by hand"),
    "escalation_acknowledged": N_("Escalations acknowledged"),
    "escalation_unanswered": N_("Escalations not acknowledged"),
    "ended_as": N_("How complaints ended"),
    "opened_again": N_("Opened again"),
    "repeated": N_("Same customer and category again within 30 days"),
    "offer": N_("Offers made"),
    "alternative": N_("Alternatives offered"),
    "redress": N_("Redress accepted"),
    "redress_paid": N_("Redress accepted, with an amount"),
    "step": N_("Time per step"),
    "flow": N_("Received and came to this step"),
    "flow_open": N_("Received and still at this step"),
    "flow_withdrawn": N_("Received and withdrawn at this step"),
    "flow_referred": N_("Received and referred elsewhere at this step"),
    "flow_other": N_("Received and ended as a duplicate or no complaint at this step"),
    "flow_ended": N_("Received and ended at this step without closing"),
    "survey": N_("Surveys sent"),
    "rating": N_("Ratings given"),
    "low_rating": N_("Low ratings"),
    "rated_item": N_("Ratings of an item"),
    "rated_item_high": N_("Ratings of an item with 4 or 5"),
    "closing_asked": N_("Closings, and of whom it was asked"),
    "arrived": N_("Received, by hour"),
    "arrived_0": N_("Received on a Monday"),
    "arrived_1": N_("Received on a Tuesday"),
    "arrived_2": N_("Received on a Wednesday"),
    "arrived_3": N_("Received on a Thursday"),
    "arrived_4": N_("Received on a Friday"),
    "arrived_5": N_("Received on a Saturday"),
    "arrived_6": N_("Received on a Sunday"),
    "money_given": N_("Offers with an amount given"),
    "money_agreed": N_("Offers with an amount accepted"),
    "money_asked": N_("Approvals asked for"),
    "money_approved": N_("Offers approved"),
    "money_rejected": N_("Offers not approved"),
}

"""What the reports call their figures: texts of the catalogue, for page and file alike."""

from collections.abc import Mapping

from complaints.domain.commitments.rules import CommitmentKind
from complaints.domain.errors import N_
from complaints.queries.reports.stopped import OVER

#: Dated back past a due time: a part of `backdated`, and asked for by this name.
PAST_DUE = "past_due"

#: kind of exit → words
EXITS: Mapping[str, str] = {
    "extension": N_("Extension"),
    "extension_beyond": N_("Extension beyond the limits"),
    "pause": N_("Pause"),
    "withdrawal": N_("Withdrawal"),
    "duplicate": N_("Duplicate"),
    "renamed": N_("Recorded as no complaint"),
    "referral": N_("Referral"),
    "reopening": N_("Reopening"),
    "unable": N_("Step that could not be done"),
    "override": N_("Priority changed by hand"),
    "tier": N_("Customer type or need lowered"),
    "left_out": N_("Unit of the category left out"),
    "copied": N_("Written answer copied by staff"),
    "far_date": N_("Date beyond the limit of days"),
    "named_sum": N_("Offer that names a sum but has no amount"),
    "drop": N_("Commitment dropped"),
    "replaced": N_("Step replaced by a new list"),
    "courtesy": N_("Text sent despite the courtesy check"),
    "backdated": N_("Entry dated back"),
    PAST_DUE: N_("Entry dated back past a deadline"),
    "approval": N_("Decision on an offer"),
}

#: place of the balance → words
PLACES: Mapping[str, str] = {
    "kept": N_("Kept"),
    "missed_settled": N_("Missed, settled since"),
    "missed_open": N_("Missed, still open"),
    "running": N_("Running"),
    "paused": N_("Paused"),
    "withdrawn": N_("Withdrawn"),
    "referred": N_("Referred elsewhere"),
    "duplicate": N_("Duplicate"),
    "renamed": N_("No complaint"),
    "no_promise": N_("Ended without a promise"),
    "taken_over": N_("Taken over already ended"),
}

#: how the promise stood at a withdrawal → words
STANDINGS: Mapping[str, str] = {
    "kept": N_("kept"),
    "missed": N_("missed"),
    "paused": N_("paused"),
    "running": N_("running"),
    "none": N_("no promise"),
}
#: how an exit stands → words; pauses that have ended beside the withdrawals
STOOD: Mapping[str, str] = {**STANDINGS, OVER: N_("over")}

#: kind of commitment → words
COMMITMENTS: Mapping[str, str] = {
    CommitmentKind.STEP.value: N_("Step told to the customer"),
    CommitmentKind.PLAN.value: N_("Step of the plan"),
    CommitmentKind.DOCUMENT.value: N_("Document from the customer"),
    CommitmentKind.DELIVERY.value: N_("Delivery of the solution"),
    CommitmentKind.OBJECTION.value: N_("Objection of the customer"),
    CommitmentKind.CONFIRM.value: N_("Confirmation of the summary"),
}

#: decision on an offer → words
DECISIONS: Mapping[str, str] = {"approved": N_("approved"), "rejected": N_("not approved")}

#: Who did it, where it was a customer on their own page.
BY_CUSTOMER = N_("Customer")

#: Where an exit has no reason of a list.
NO_CODE = N_("No reason from a list")
#: Where an exit belongs to no criterion.
NO_CRITERION = N_("No criterion")

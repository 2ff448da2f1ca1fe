"""What each noun of a complaint is called on its page: title, button, icon.

Whether somebody may do it, and when, is the rules' matter; here are only words.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from complaints.domain.errors import N_


@dataclass(frozen=True, slots=True)
class Act:
    """The words of a noun; `is_kept_open` acts need no version: they never undo another's."""

    title: str
    button: str
    icon: str
    is_kept_open: bool = False


#: Noun, with its stage after a colon where the noun has two.
ACTS: Mapping[str, Act] = {
    "attestation": Act(
        N_("Confirm that the customer was heard out"), N_("Confirm you listened"), "ear"
    ),
    "confirmation": Act(
        N_("Read the complaint back to the customer"), N_("Record the confirmation"), "checks"
    ),
    "apology:intake": Act(N_("Apologise for the inconvenience"), N_("Record the apology"), "heart"),
    "promise": Act(
        N_("Tell the customer the steps and the deadline"),
        N_("Tell the customer the deadline"),
        "calendar-due",
    ),
    "receipt": Act(
        N_("Register the complaint and hand over the receipt"), N_("Register"), "receipt"
    ),
    "parties": Act(
        N_("Send the complaint to the units concerned"), N_("Send to units"), "mail-forward"
    ),
    "parties/acceptance": Act(
        N_("Accept the complaint for the unit, or return it"), N_("Accept or return"), "inbox"
    ),
    "cause:preliminary": Act(
        N_("Identify the likely cause from what the customer said"),
        N_("Enter the likely cause"),
        "route",
    ),
    "cause:confirmed": Act(
        N_("Confirm the main cause"), N_("Enter the confirmed cause"), "report-search"
    ),
    "condition": Act(
        N_("Review the customer's special needs"), N_("Review the special needs"), "user-heart"
    ),
    "priority": Act(N_("Set the priority"), N_("Set the priority"), "flag"),
    "plan": Act(N_("Draw up the handling plan"), N_("Write the plan"), "list-check"),
    "apology:resolution": Act(
        N_("Apologise with the resolution"), N_("Record the second apology"), "heart-handshake"
    ),
    "cause-explanation": Act(
        N_("Explain the main cause to the customer"), N_("Record the explanation"), "bulb"
    ),
    "offer": Act(N_("Offer the customer a solution"), N_("Offer a solution"), "gift"),
    "offer:alternative": Act(
        N_("Offer the customer an alternative"), N_("Offer an alternative"), "gift"
    ),
    "offer/approval": Act(N_("Decide on the offer"), N_("Decide on the offer"), "scale"),
    "answer": Act(
        N_("Ask whether the customer accepts the solution"), N_("Record the answer"), "message-dots"
    ),
    "thanks": Act(N_("Thank the customer"), N_("Record the thanks"), "mood-smile"),
    "standard-information": Act(
        N_("Give the information on our service standard"), N_("Record the information"), "book"
    ),
    "closure": Act(N_("Close the complaint"), N_("Close"), "circle-check"),
    "withdrawal": Act(
        N_("The customer withdraws the complaint"), N_("Record the withdrawal"), "arrow-back-up"
    ),
    "reopening": Act(N_("Reopen the complaint"), N_("Reopen"), "repeat"),
    "escalation": Act(
        N_("Escalate to your line manager"), N_("Escalate"), "stairs-up", is_kept_open=True
    ),
    "acknowledgement": Act(
        N_("Acknowledge the escalation"), N_("Acknowledge"), "hand-stop", is_kept_open=True
    ),
    "escalation/return": Act(
        N_("Return the complaint to its handler with an instruction"),
        N_("Return with an instruction"),
        "arrow-back-up",
        is_kept_open=True,
    ),
    "assignment": Act(N_("Assign the complaint"), N_("Assign"), "user-check"),
    "pause": Act(N_("Pause the clocks while waiting for the customer"), N_("Pause"), "clock-pause"),
    "resumption": Act(N_("Resume the clocks"), N_("Resume the clocks"), "clock-play"),
    "extension": Act(N_("Request an extension"), N_("Request an extension"), "calendar-event"),
    "extension/approval": Act(
        N_("Decide on the extension asked for"), N_("Decide on the extension"), "scale"
    ),
    "documents": Act(
        N_("Record that the customer's documents are complete"),
        N_("Documents are complete"),
        "file-check",
    ),
    "note": Act(
        N_("Write an internal note for colleagues"), N_("Save the note"), "note", is_kept_open=True
    ),
    "message": Act(
        N_("Record a message to or from the customer"),
        N_("Record the message"),
        "message-circle",
        is_kept_open=True,
    ),
    "record": Act(N_("Complete or correct the record"), N_("Save the record"), "pencil"),
}

#: Acts that lie in the menu beside the next step, in order.
BESIDE = (
    "message",
    "note",
    "documents",
    "parties",
    "assignment",
    "pause",
    "resumption",
    "extension",
    "priority",
    "record",
    "withdrawal",
    "reopening",
)


def act_of(noun: str, stage: str = "") -> Act:
    """The words of a noun in one of its stages; KeyError for a noun without words."""
    return ACTS.get(f"{noun}:{stage}") or ACTS[noun]

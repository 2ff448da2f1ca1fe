"""Why a message became what it became, as people read it."""

from collections.abc import Mapping

from complaints.domain.errors import N_

#: What became of a message → in words.
ACTIONS: Mapping[str, str] = {
    "created": N_("New complaint"),
    "appended": N_("Added to a complaint"),
    "ignored": N_("Left alone"),
    "bounce": N_("Letter came back"),
    "auto_reply": N_("Automatic reply"),
    "quarantined": N_("To be sorted"),
}

#: The code of a reason → in words.
REASONS: Mapping[str, str] = {
    "new": N_("A new message, not about an earlier complaint"),
    "reply_address": N_("Sent to the reply address of one of our letters"),
    "our_letter": N_("An answer to one of our letters"),
    "earlier_message": N_("An answer to an earlier message of the same complaint"),
    "number": N_("The subject names the complaint, and the sender is known there"),
    "already_taken": N_("This message was taken in before"),
    "own": N_("Sent from one of our own addresses"),
    "list": N_("Sent by a mailing list or in bulk"),
    "failed": N_("A letter of ours could not be delivered"),
    "delayed": N_("A letter of ours is delayed; the mail server keeps trying"),
    "unmatched": N_("Which letter of ours it is about is not known"),
    "automatic": N_("Sent automatically, not written by the customer"),
    "unknown_sender": N_("It names a complaint, but the sender is not known there"),
    "same_name": N_("It has the name of an earlier message, but another sender or text"),
    "no_sender": N_("No usable sender address"),
    "empty": N_("No text and no subject"),
    "oversized": N_("Larger than 25 MB"),
    "unreadable": N_("Could not be read"),
    "flood": N_("Too many messages from this address within an hour"),
    "colleague": N_("Sent by a colleague"),
    "refused": N_("It could not be recorded as it is"),
    "failed_here": N_("Something went wrong on our side while it was taken in"),
}

"""The sentences of notices: one table for the notifications on screen and for the e-mail to staff.

The first line of each says who, what, how late and what to do, and may stand on a lock screen.

Sentences are English msgids; whoever shows one brings the translation and the reader's zone.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from complaints.domain.errors import N_
from complaints.outbox.mail.action_wording import ACTION_NOTICES
from complaints.outbox.mail.colleague_wording import COLLEAGUE_NOTICES
from complaints.outbox.mail.contact_wording import CONTACT_NOTICES
from complaints.outbox.mail.incident_wording import INCIDENT_NOTICES
from complaints.outbox.mail.letter_wording import LETTER_NOTICES
from complaints.outbox.mail.mail_wording import MAIL_NOTICES
from complaints.outbox.mail.post_wording import POST_NOTICES
from complaints.outbox.mail.webhook_wording import WEBHOOK_NOTICES


@dataclass(frozen=True, slots=True)
class Wording:
    """A notice in few words, for a heading, as a sentence, and what to do in a word or two."""

    title: str
    sentence: str
    to_do: str = ""


#: What there is to do depends on the clock.
OF_THE_CLOCK = "of the clock"

_ELSEWHERE = {
    **LETTER_NOTICES,
    **MAIL_NOTICES,
    **INCIDENT_NOTICES,
    **CONTACT_NOTICES,
    **COLLEAGUE_NOTICES,
    **POST_NOTICES,
    **WEBHOOK_NOTICES,
    **ACTION_NOTICES,
}

#: notice kind → words. An escalation by hand brings a reason, one by the ladder a clock.
NOTICE_SENTENCES: Mapping[str, Wording] = {
    "warn": Wording(
        N_("Nearing the deadline"),
        N_("%(number)s: %(clock)s %(state)s, no later than %(due)s. %(next)s."),
        OF_THE_CLOCK,
    ),
    "breach": Wording(
        N_("Deadline missed"),
        N_("%(number)s: %(clock)s %(state)s, due %(due)s. %(next)s."),
        OF_THE_CLOCK,
    ),
    "escalation": Wording(
        N_("Escalated to you"),
        N_(
            "%(number)s: %(clock)s %(state)s, due %(due)s. Escalated to you (level %(level)s): "
            "acknowledge it or take it over."
        ),
        N_("Acknowledge or take over"),
    ),
    "reminder": Wording(
        N_("Still late"),
        N_(
            "%(number)s: %(clock)s %(state)s, due %(due)s. Still open (level %(level)s): "
            "acknowledge it, or see to it that it is resolved."
        ),
        N_("Acknowledge or take over"),
    ),
    "ack_expired": Wording(
        N_("Your acknowledgement has expired"),
        N_(
            "%(number)s: your acknowledgement has expired and the complaint is still open. "
            "Acknowledge it again, or see to it that it is resolved."
        ),
        N_("Acknowledge it again"),
    ),
    "ack_expired_below": Wording(
        N_("An acknowledgement has expired"),
        N_(
            "%(number)s was acknowledged by %(by)s; that has expired and the complaint is still "
            "open. Acknowledge it, or see to it that it is resolved."
        ),
        N_("Acknowledge or take over"),
    ),
    "escalation_by_hand": Wording(
        N_("Escalated to you"),
        N_(
            "%(number)s: escalated to you by %(by)s (level %(level)s), acknowledge it or take it "
            "over. Reason: %(reason)s"
        ),
        N_("Acknowledge or take over"),
    ),
    "escalation_returned": Wording(
        N_("Returned to you with an instruction"),
        N_("%(by)s returns %(number)s to you with an instruction: %(instruction)s"),
    ),
    "assigned": Wording(
        N_("Assigned to you"), N_("%(by)s has assigned %(number)s to you. %(reason)s")
    ),
    "work_handed_over": Wording(
        N_("Work handed over to you"),
        N_(
            "%(by)s has given you what %(from)s had open. Complaints: %(count)s, the first is "
            "%(number)s. You find the work on your home page."
        ),
    ),
    "work_to_give_out": Wording(
        N_("Work that nobody has"),
        N_(
            "%(from)s has left work. Complaints: %(count)s, the first is %(number)s. Nobody has it "
            "now: assign it to somebody."
        ),
        N_("Assign it to somebody"),
    ),
    "clocks_ended": Wording(
        N_("A deadline you were called for has ended"),
        N_(
            "%(by)s has changed the rules, so that deadlines of complaints you were called for "
            "have ended: %(count)s, the first is %(number)s. Reason: %(reason)s. The complaints "
            "go on, and lie before you until you have acknowledged them."
        ),
    ),
    "miss_corrected": Wording(
        N_("A missed deadline no longer counts"),
        N_(
            "%(by)s has parted the records of two customers who had been taken for one. A deadline "
            "of %(number)s you heard of was missed only because of that, so it does not count as "
            "missed any more; the one without the merging applies. Reason: %(reason)s."
        ),
    ),
    "party_asked": Wording(
        N_("Sent to your unit"),
        N_("%(by)s has sent %(number)s to your unit. Accept it, or return it with a reason."),
    ),
    "party_asked_nobody": Wording(
        N_("Sent to a unit in which nobody is left"),
        N_(
            "%(by)s has sent %(number)s to unit %(team)s, where nobody has an active account. "
            "Answer for the unit, or have another one asked."
        ),
        N_("Answer for the unit"),
    ),
    "desk_handles": Wording(
        N_("Handled at the desk"),
        N_(
            "%(by)s handles %(number)s at the desk, for its category names no unit. See whether "
            "that is right."
        ),
    ),
    "party_returned": Wording(
        N_("Returned by a unit"),
        N_("%(team)s has returned %(number)s. Read why and choose another unit."),
    ),
    "offer_approval": Wording(
        N_("An offer needs your approval"),
        N_("%(by)s asks you to approve an offer of %(amount)s on %(number)s."),
    ),
    "offer_approval_nobody": Wording(
        N_("Nobody may approve an offer"),
        N_(
            "An offer of %(amount)s on %(number)s waits for an approval that nobody may give any "
            "more. Have the limits changed, or offer less."
        ),
        N_("Have the limits changed, or offer less"),
    ),
    "offer_approved": Wording(
        N_("Offer approved"), N_("%(by)s has approved your offer on %(number)s.")
    ),
    "offer_rejected": Wording(
        N_("Offer not approved"),
        N_("%(by)s has not approved your offer on %(number)s: %(reason)s"),
    ),
    "signature_asked": Wording(
        N_("Your signature is needed"),
        N_(
            "%(number)s: steps that could not be done: %(count)s, recorded by %(by)s. Sign them "
            "or return them before the complaint is closed."
        ),
    ),
    "exits_signed": Wording(
        N_("Signed"),
        N_("%(by)s has signed the steps that could not be done on %(number)s."),
    ),
    "exits_returned": Wording(
        N_("Returned unsigned"),
        N_("%(by)s returned the steps that could not be done on %(number)s: %(reason)s"),
    ),
    "named_as_witness": Wording(
        N_("Named as a witness"),
        N_(
            "%(by)s recorded on %(number)s that %(witness)s heard the customer's answer to the "
            "offer, or saw it signed. If that is not so, say it to your line manager."
        ),
    ),
    "reopened": Wording(
        N_("Reopened"),
        N_("%(by)s has reopened %(number)s, and its deadlines run again: %(reason)s"),
    ),
    "withdrawal_taken_back": Wording(
        N_("The customer continues"),
        N_("The customer has taken the withdrawal of %(number)s back; it is open again."),
    ),
    "escalated_withdrawn": Wording(
        N_("Withdrawn; the escalation to you has ended"),
        N_(
            "%(number)s, which was escalated to you, has ended: the customer withdrew it, recorded "
            "by %(by)s. Reason: %(reason)s"
        ),
    ),
    "escalated_merged": Wording(
        N_("A duplicate; the escalation to you has ended"),
        N_(
            "%(number)s, which was escalated to you, has ended: %(by)s closed it as a duplicate of "
            "%(into)s, which goes on."
        ),
    ),
    "original_withdrawn": Wording(
        N_("No longer a duplicate: it is open again"),
        N_(
            "%(number)s is open again with its own deadlines: another customer withdrew "
            "%(original)s, as which it went on. Tell your customer and go on with it."
        ),
    ),
    "offer_reminder_due": Wording(
        N_("Remind the customer of the offer"),
        N_("%(number)s: no answer to the offer recorded by %(until)s. Remind the customer."),
    ),
    "extension_asked": Wording(
        N_("An extension request needs your decision"),
        N_("%(by)s asks to move the deadline of %(number)s to %(until)s: %(reason)s"),
    ),
    "extension_approved": Wording(
        N_("Extension approved"),
        N_("%(by)s has approved the extension of %(number)s to %(until)s."),
    ),
    "extension_to_tell": Wording(
        N_("Tell the customer the new date"),
        N_(
            "The extension of %(number)s to %(until)s is approved, but the customer has no email "
            "address. Contact the customer before %(due)s and record it as a message."
        ),
    ),
    "extension_rejected": Wording(
        N_("Extension not approved"),
        N_("%(by)s has not approved the extension of %(number)s to %(until)s."),
    ),
    "from_customer": Wording(
        N_("A complaint has come in"),
        N_("%(number)s: a customer has complained in writing, and none of us has read it yet."),
        N_("Read it and assign it"),
    ),
    "customer_wrote": Wording(
        N_("The customer has written"), N_("The customer has written about %(number)s.")
    ),
    "customer_accepted": Wording(
        N_("The customer accepts the offer"),
        N_(
            "%(number)s: the customer has accepted the offer on their own page. Thank them and "
            "carry it out."
        ),
        N_("Thank them and carry it out"),
    ),
    "customer_refused": Wording(
        N_("The customer refuses the offer"),
        N_(
            "%(number)s: the customer has refused the offer on their own page: %(reason)s. Offer "
            "an alternative."
        ),
        N_("Offer an alternative"),
    ),
    "customer_thinking": Wording(
        N_("The customer is thinking about it"),
        N_("%(number)s: the customer needs time to think about the offer."),
    ),
    "customer_withdrew": Wording(
        N_("The customer has withdrawn"),
        N_("%(number)s: the customer has withdrawn the complaint on their own page: %(reason)s"),
    ),
    "customer_reopened": Wording(
        N_("The customer says it is not settled"),
        N_(
            "%(number)s: the customer says on their own page that it is not settled, so it is open "
            "again and its deadlines run: %(reason)s"
        ),
        N_("See to it again"),
    ),
    "customer_objected": Wording(
        N_("The customer objects"),
        N_(
            "%(number)s: the customer objects and has been told to be answered by %(until)s. Tell "
            "the customer what you decide, and mark it as done. %(reason)s"
        ),
        N_("Answer the objection"),
    ),
    "customer_asked": Wording(
        N_("The customer asks about the offer"),
        N_("%(number)s: the customer has a question about the offer: %(reason)s. Tell them more."),
    ),
    "customer_rated": Wording(
        N_("The customer has rated you"),
        N_("%(number)s: the customer has rated how they were dealt with: %(overall)s of 5."),
    ),
    "low_rating": Wording(
        N_("Low rating to follow up"),
        N_(
            "%(number)s: the customer has rated how they were dealt with: %(overall)s of 5. Find "
            "out why, and note on the complaint what was done."
        ),
    ),
    "customer_came_back": Wording(
        N_("The customer has come back"),
        N_(
            "%(number)s: the customer has written about %(other)s, which ended too long ago to be "
            "opened again. It goes on as this new complaint."
        ),
    ),
    "awaited_came": Wording(
        N_("The customer has written; the pause is over"),
        N_(
            "%(number)s: the customer has written, so the pause is over and the clocks are running "
            "again. Check whether it is what we were waiting for."
        ),
        N_("Check whether it is what we were waiting for"),
    ),
    **{kind: Wording(*words) for kind, words in _ELSEWHERE.items()},
    "delivery_missed": Wording(
        N_("Open again: the solution was not delivered"),
        N_(
            "%(number)s is open again, because it was not delivered in time: %(what_due)s. "
            "Deliver it and tell the customer."
        ),
        N_("Deliver it and tell the customer"),
    ),
    "pause_ended": Wording(
        N_("Pause ended"),
        N_("The pause of %(number)s has reached its limit; its clocks are running again."),
    ),
}

#: What is said of a kind that has no sentence of its own yet.
NEWS = Wording(N_("Update"), N_("There is an update on %(number)s."))

#: Said behind the sentence to whoever hears in somebody else's place, or because it is nobody's.
INSTEAD_OF = N_("You are told in place of %(instead_of)s, who is away or has left.")
UNOWNED = N_("Nobody who can be reached has this complaint: see that somebody takes it.")

#: kind of clock → what is due
CLOCKS: Mapping[str, str] = {
    "ack": N_("Receipt to the customer"),
    "internal_accept": N_("Acceptance by the unit"),
    "plan": N_("Handling plan"),
    "progress": N_("Update to the customer"),
    "resolve": N_("Resolution"),
    "legal": N_("Limit set by rule"),
    "commitment": N_("Commitment"),
}

#: kind of clock → what its owner has to do, for others `TAKE_NEXT_STEP`
NEXT_STEPS: Mapping[str, str] = {
    "ack": N_("Register the complaint"),
    "internal_accept": N_("Get the unit to accept or return it"),
    "plan": N_("Draw up the handling plan"),
    "progress": N_("Tell the customer how far it is"),
    "resolve": N_("Resolve it and tell the customer"),
    "legal": N_("Resolve it and tell the customer"),
    "commitment": N_("Do it and mark it as done"),
}
TAKE_NEXT_STEP = N_("Take the next step")

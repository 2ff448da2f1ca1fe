"""The sentences of notices: one table for the notifications on screen and for the e-mail to staff.

Sentences are English msgids; whoever shows one brings the translation and the reader's zone.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from complaints.domain.errors import N_
from complaints.formatting import say_instant, say_money

#: Where the organisation sits; a notice that names no zone is told in this one.
HOME_ZONE = "Asia/Jakarta"


@dataclass(frozen=True, slots=True)
class Wording:
    """A notice in few words, for a heading, and as a sentence."""

    title: str
    sentence: str


#: notice kind → words. An escalation by hand brings a reason, one by the ladder a clock.
NOTICE_SENTENCES: Mapping[str, Wording] = {
    "warn": Wording(
        N_("Nearing the deadline"),
        N_("%(number)s: %(clock)s deadline approaching, due %(due)s."),
    ),
    "breach": Wording(
        N_("Deadline missed"),
        N_("%(number)s missed its %(clock)s deadline, due %(due)s."),
    ),
    "escalation": Wording(
        N_("Escalated to you"),
        N_(
            "%(number)s was escalated to you (level %(level)s): %(clock)s "
            "deadline missed, due %(due)s."
        ),
    ),
    "reminder": Wording(
        N_("Still late"),
        N_(
            "%(number)s is still open and late (level %(level)s): %(clock)s, due %(due)s. "
            "Acknowledge it, or see to it that it is resolved."
        ),
    ),
    "ack_expired": Wording(
        N_("Your acknowledgement has expired"),
        N_(
            "%(number)s: your acknowledgement has expired and the complaint is still open. "
            "Acknowledge it again, or see to it that it is resolved."
        ),
    ),
    "ack_expired_below": Wording(
        N_("An acknowledgement has expired"),
        N_(
            "%(number)s was acknowledged by %(by)s; that has expired and the complaint is still "
            "open. Acknowledge it, or see to it that it is resolved."
        ),
    ),
    "escalation_by_hand": Wording(
        N_("Escalated to you"),
        N_("%(by)s escalates %(number)s to you (level %(level)s): %(reason)s"),
    ),
    "escalation_returned": Wording(
        N_("Returned to you with an instruction"),
        N_("%(by)s returns %(number)s to you with an instruction: %(instruction)s"),
    ),
    "assigned": Wording(
        N_("Assigned to you"), N_("%(by)s has assigned %(number)s to you. %(reason)s")
    ),
    "party_asked": Wording(
        N_("Sent to your unit"),
        N_("%(by)s has sent %(number)s to your unit. Accept it, or return it with a reason."),
    ),
    "party_returned": Wording(
        N_("Returned by a unit"),
        N_("%(team)s has returned %(number)s. Read why and choose another unit."),
    ),
    "offer_approval": Wording(
        N_("An offer needs your approval"),
        N_("%(by)s asks you to approve an offer of %(amount)s on %(number)s."),
    ),
    "offer_approved": Wording(
        N_("Offer approved"), N_("%(by)s has approved your offer on %(number)s.")
    ),
    "offer_rejected": Wording(
        N_("Offer not approved"),
        N_("%(by)s has not approved your offer on %(number)s: %(reason)s"),
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
            "The extension of %(number)s to %(until)s is approved, but the "
            "customer has no email address. Contact the customer before "
            "%(due)s and record it as a message."
        ),
    ),
    "extension_rejected": Wording(
        N_("Extension not approved"),
        N_("%(by)s has not approved the extension of %(number)s to %(until)s."),
    ),
    "customer_wrote": Wording(
        N_("The customer has written"), N_("The customer has written about %(number)s.")
    ),
    "pause_ended": Wording(
        N_("Pause ended"),
        N_("The pause of %(number)s has reached its limit; its clocks are running again."),
    ),
}

#: What is said of a kind that has no sentence of its own yet.
NEWS = Wording(N_("Update"), N_("There is an update on %(number)s."))

#: kind of clock → what is due
CLOCKS: Mapping[str, str] = {
    "ack": N_("Receipt to the customer"),
    "internal_accept": N_("Acceptance by the unit"),
    "plan": N_("Handling plan"),
    "progress": N_("Update to the customer"),
    "resolve": N_("Resolution"),
    "legal": N_("Limit set by rule"),
}

Translate = Callable[[str], str]


def notice_title(kind: str, facts: Mapping[str, Any], translate: Translate) -> str:
    """What the notice is about in a few words."""
    return translate(_wording(kind, facts).title)


def notice_sentence(kind: str, facts: Mapping[str, Any], lang: str, translate: Translate) -> str:
    """The notice as one sentence; a fact that is missing leaves its place empty."""
    values = _Said(_values(facts, lang, translate))
    said = (translate(_wording(kind, facts).sentence) % values).strip()
    if facts.get("others"):
        # The clocks of the same complaint that came due with it.
        said += " " + translate(N_("Together with it: %(others)s.")) % values
    if facts.get("expired"):
        said += " " + translate(N_("The acknowledgement by %(expired)s has expired.")) % values
    return said


def _wording(kind: str, facts: Mapping[str, Any]) -> Wording:
    if kind == "escalation" and "clock" not in facts:
        kind = "escalation_by_hand"
    return NOTICE_SENTENCES.get(kind, NEWS)


def _values(facts: Mapping[str, Any], lang: str, translate: Translate) -> dict[str, Any]:
    """The facts as people say them: instants in the reader's language, money as rupiah."""
    zone = ZoneInfo(facts.get("zone") or HOME_ZONE)
    values = dict(facts)
    if "clock" in facts:
        values["clock"] = translate(CLOCKS.get(facts["clock"], facts["clock"]))
    for name, fact in (("due", "due_at"), ("until", "until")):
        if fact in facts:
            values[name] = say_instant(datetime.fromisoformat(facts[fact]), zone, lang)
    if "others" in facts:
        clocks = dict.fromkeys(kind for kind, _ in facts["others"])
        values["others"] = ", ".join(translate(CLOCKS.get(kind, kind)) for kind in clocks)
    if "amount" in facts:
        values["amount"] = say_money(facts["amount"], lang)
    return values


class _Said(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return ""

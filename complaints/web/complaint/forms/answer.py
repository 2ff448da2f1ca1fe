"""What the forms of the answer to an offer and of its reminder show: what silence still lacks."""

from datetime import datetime
from typing import Any

from complaints.formatting import say_instant
from complaints.queries.complaint.dossier import Dossier
from complaints.queries.complaint.silence import (
    answer_until,
    refusal_of_reminder,
    refusal_of_silence,
)
from complaints.steps.case import Case
from complaints.web.frame.errors import say
from complaints.web.frame.translations import lang


def answer_facts(case: Case, dossier: Dossier, stage: str, now: datetime) -> dict[str, Any]:
    """The offer; and, where nothing else could be said for silence, what it still lacks."""
    offer = dossier.open_offer
    refusal = refusal_of_silence(case.session, case.rules, case.complaint, now)
    return {"offer": offer, "silence": say(refusal) if offer and refusal else ""}


def reminder_facts(case: Case, dossier: Dossier, stage: str, now: datetime) -> dict[str, Any]:
    """The offer, until when the reminder would await the answer, or why it cannot be written."""
    refusal = refusal_of_reminder(case.session, case.rules, case.complaint, now)
    zone = case.rules.calendar_of(case.complaint.branch_id).value.tz
    until = answer_until(case.rules, case.complaint, now)
    return {
        "offer": dossier.open_offer,
        "refusal": say(refusal) if refusal is not None else "",
        "until": say_instant(until, zone, lang()),
        "proposed": {"method": "email" if case.complaint.contact_email else "letter"},
    }

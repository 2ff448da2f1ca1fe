"""What the complaint page knows for the gaps in the words of a form: dates, sums, what is typed."""

from collections.abc import Mapping
from datetime import datetime

from complaints.domain.clock_state import ClockState
from complaints.domain.deadlines import OUTCOME_KINDS
from complaints.domain.errors import Invalid
from complaints.domain.words.letter_state import WRITTEN
from complaints.queries.complaint.dossier import Dossier
from complaints.queries.complaint.silence import answer_until
from complaints.steps.case import Case
from complaints.steps.wording import listed
from complaints.web.complaint import money
from complaints.web.complaint.scripts import deadline_words, language_of, offer_said
from complaints.web.frame.form_parsing import read_time

#: Noun → the gap in its words that follows what is typed into the form.
LIVE = {"offer": "offer", "extension": "deadline"}


def known_words(
    case: Case, dossier: Dossier, noun: str, typed: Mapping[str, str]
) -> dict[str, str]:
    """What the page already knows for the gaps of the noun's scripts; `typed` is in the form."""
    known: dict[str, str] = {}
    language, currency = language_of(case), case.rules.organisation.currency
    if noun == "extension":
        known["deadline"] = date_typed(case, typed.get("until", ""))
    if noun == "offer":
        amount = money.amount_of(typed.get("amount", ""))
        known["offer"] = offer_said(typed.get("description", ""), amount, currency, language)
    if noun == "promise":
        steps = case.rules.taxonomy.steps_of(case.complaint.category)
        known["steps"] = "; ".join(each.text(language) for each in steps)
    if noun in ("promise", "receipt"):
        known["deadline"] = deadline_words(case, case.complaint.promised_at or outcome_due(dossier))
    if noun == "confirmation":
        known["summary"] = case.complaint.summary
    if noun == "cause-explanation" and dossier.confirmed_cause is not None:
        known["cause"] = dossier.confirmed_cause.text
    if noun == "answer":
        offer = dossier.open_offer
        if offer is not None:
            known["offer"] = offer_said(offer.description, offer.amount, currency, language)
        known["answer_by"] = deadline_words(case, _answer_by(case, dossier))
    if noun == "standard-information":
        spoken = [item.spoken(language) for item in case.rules.leaflet.mandatory]
        known["information"] = listed(spoken, language)
    return known


def _answer_by(case: Case, dossier: Dossier) -> datetime:
    """Until when an answer is waited for: as the offer's letter says, else counted from now."""
    put = [row for row in dossier.records if row.criterion == "020-3.3" and not row.is_unable]
    if put and put[-1].method in WRITTEN:
        written = answer_until(case.rules, case.complaint, put[-1].at)
        if written > case.at:
            return written
    return answer_until(case.rules, case.complaint, case.at)


def date_typed(case: Case, text: str) -> str:
    """A typed date as the customer is told it; empty while it cannot be read."""
    calendar = case.rules.calendar_of(case.complaint.branch_id).value
    try:
        at = read_time("until", text, calendar.tz, calendar) if text.strip() else None
        return deadline_words(case, at) if at else ""
    except Invalid:
        return ""


def missed_at(dossier: Dossier, now: datetime) -> datetime | None:
    """When the outcome deadline in force was missed; None where it is not, or stands paused."""
    first = _outcome(dossier)
    return first.due_at if first is not None and first.is_missed(now) else None


def outcome_due(dossier: Dossier) -> datetime | None:
    """The earliest outcome deadline, which a promise may not exceed."""
    first = _outcome(dossier)
    return first.due_at if first else None


def _outcome(dossier: Dossier) -> ClockState | None:
    live = (each for each in dossier.live_deadlines if each.kind in OUTCOME_KINDS)
    return next(live, None)

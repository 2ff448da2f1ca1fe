"""What stands in a letter before somebody writes it, with what is known of the complaint."""

from complaints.domain.config.letter_drafts import fill_draft
from complaints.domain.scripts import LANGUAGES
from complaints.formatting import say_instant
from complaints.queries.complaint.offer_put import offer_put
from complaints.steps.case import Case
from complaints.steps.order import confirmed_cause
from complaints.steps.wording import script_values


def draft_letter(case: Case, kind: str) -> str:
    """The words to begin with, in the customer's language; empty where there are none."""
    language = case.complaint.customer.language
    language = language if language in LANGUAGES else LANGUAGES[0]
    template = case.rules.letters.draft(kind, case.complaint.category)
    if template is None:
        return ""
    return fill_draft(template[language], _values(case, language))


def fill_sample(case: Case, template: str, language: str) -> str:
    """Words as they would stand in a letter of this complaint; nothing is kept or sent."""
    return fill_draft(template, _values(case, language))


def _values(case: Case, language: str) -> dict[str, str]:
    complaint = case.complaint
    zone = case.rules.calendar_of(complaint.branch_id).value.tz
    cause = confirmed_cause(case)
    due = complaint.promised_at
    offer = offer_put(case.session, complaint.id, complaint.cycle)
    said = {name: str(value) for name, value in script_values(case, language).items() if value}
    if not complaint.category:
        # The words for anything would call a wrong bill a fault of the network.
        del said["complaint_subject"]
    return {
        **said,
        "received": say_instant(complaint.received_at, zone, language),
        "deadline": say_instant(due, zone, language) if due else "",
        "summary": complaint.summary or "",
        "cause": (cause.text if cause else "").rstrip(". "),
        "solution": offer.description if offer is not None else "",
    }

"""The service scripts filled for this conversation: salutation, names, date, organisation."""

from collections.abc import Sequence
from typing import Any

from complaints.domain.scripts import fill, part_salutation, salutation_short
from complaints.steps.case import Case


def script_words(case: Case, *keys: str, **more: str) -> str:
    """The words of these scripts in the customer's language, one after the other."""
    language = case.complaint.customer.language
    values = {**script_values(case, language), **more}
    scripts = case.rules.scripts.scripts
    return " ".join(fill(scripts[key].text(language), values, language) for key in keys)


def listed(words: Sequence[str], language: str) -> str:
    """Several things as they are said in a sentence: `a, b, dan c`."""
    if len(words) < 3:
        return (" and " if language == "en" else " dan ").join(words)
    return ", ".join(words[:-1]) + (", and " if language == "en" else ", dan ") + words[-1]


def script_values(case: Case, language: str) -> dict[str, Any]:
    """What the placeholders stand for in this conversation."""
    organisation = case.rules.organisation
    customer = case.complaint.customer
    spoken, name = part_salutation(customer.name)
    salutation = customer.salutation or spoken or "Bapak/Ibu"
    category = case.rules.taxonomy.categories.get(case.complaint.category or "")
    subject = category.spoken(language) if category else ""
    return {
        "salutation": salutation,
        "salutation_short": salutation_short(salutation),
        "customer_name": name,
        "csr_name": case.by.name,
        "complaint_subject": subject or case.rules.scripts.default("complaint_subject", language),
        "organisation": organisation.name,
        "number": case.number,
        "contact_center": organisation.contact_center,
        "social_handle": organisation.social_handle,
        "service_hours": organisation.service_hours[language],
    }

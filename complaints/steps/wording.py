"""The service scripts filled for this conversation: salutation, names, date, organisation."""

from collections.abc import Mapping
from typing import Any

from complaints.domain.scripts import fill, salutation_short
from complaints.rulebook import RuleBook
from complaints.steps.case import Case


def script_words(case: Case, *keys: str, **more: str) -> str:
    """The words of these scripts in the customer's language, one after the other."""
    language = case.complaint.customer.language
    values = {**script_values(case, language), **more}
    texts = script_texts(case.rules, language)
    return " ".join(fill(texts[key], values, language) for key in keys)


def script_texts(rules: RuleBook, language: str) -> Mapping[str, str]:
    """Script key → template in one language."""
    return {
        script["key"]: script[f"text_{language}"] for script in rules.bodies["scripts"]["script"]
    }


def script_values(case: Case, language: str) -> dict[str, Any]:
    """What the placeholders stand for in this conversation."""
    organisation = case.rules.organisation
    customer = case.complaint.customer
    salutation = customer.salutation or "Bapak/Ibu"
    category = case.rules.taxonomy.categories.get(case.complaint.category or "")
    defaults = case.rules.bodies["scripts"]["defaults"]
    subject = category.label(language).lower() if category else ""
    return {
        "salutation": salutation,
        "salutation_short": salutation_short(salutation),
        "customer_name": customer.name,
        "csr_name": case.by.name,
        "complaint_subject": subject or defaults["complaint_subject"][language],
        "organisation": organisation["name"],
        "number": case.complaint.number,
        "contact_center": organisation["contact_center"],
        "social_handle": organisation["social_handle"],
        "service_hours": organisation[f"service_hours_{language}"],
    }

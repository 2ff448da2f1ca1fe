"""The service scripts filled for this conversation: salutation, names, date, organisation."""

from collections.abc import Mapping, Sequence
from typing import Any

from complaints.domain.scripts import fill, part_salutation, salutation_short
from complaints.rulebook import RuleBook
from complaints.steps.case import Case


def script_words(case: Case, *keys: str, **more: str) -> str:
    """The words of these scripts in the customer's language, one after the other."""
    language = case.complaint.customer.language
    values = {**script_values(case, language), **more}
    texts = script_texts(case.rules, language)
    return " ".join(fill(texts[key], values, language) for key in keys)


def listed(words: Sequence[str], language: str) -> str:
    """Several things as they are said in a sentence: `a, b, dan c`."""
    if len(words) < 3:
        return (" and " if language == "en" else " dan ").join(words)
    return ", ".join(words[:-1]) + (", and " if language == "en" else ", dan ") + words[-1]


def leaflet_words(item: Mapping[str, Any], language: str) -> str:
    """What an item of the leaflet is called within a sentence."""
    label: str = item[f"label_{language}"]
    return item.get(f"spoken_{language}") or label[:1].lower() + label[1:]


def script_texts(rules: RuleBook, language: str) -> Mapping[str, str]:
    """Script key → template in one language."""
    return {
        script["key"]: script[f"text_{language}"] for script in rules.bodies["scripts"]["script"]
    }


def script_values(case: Case, language: str) -> dict[str, Any]:
    """What the placeholders stand for in this conversation."""
    organisation = case.rules.organisation
    customer = case.complaint.customer
    spoken, name = part_salutation(customer.name)
    salutation = customer.salutation or spoken or "Bapak/Ibu"
    category = case.rules.taxonomy.categories.get(case.complaint.category or "")
    defaults = case.rules.bodies["scripts"]["defaults"]
    subject = category.spoken(language) if category else ""
    return {
        "salutation": salutation,
        "salutation_short": salutation_short(salutation),
        "customer_name": name,
        "csr_name": case.by.name,
        "complaint_subject": subject or defaults["complaint_subject"][language],
        "organisation": organisation["name"],
        "number": case.complaint.number,
        "contact_center": organisation["contact_center"],
        "social_handle": organisation["social_handle"],
        "service_hours": organisation[f"service_hours_{language}"],
    }

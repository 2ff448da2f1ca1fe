"""The service scripts filled for this conversation: salutation, names, date, organisation."""

from collections.abc import Collection, Sequence
from typing import Any

from complaints.domain.errors import N_, Invalid
from complaints.domain.scripts import LANGUAGES, fill
from complaints.domain.short_reason import require_reason
from complaints.domain.words.comparing import stands_in
from complaints.domain.words.courtesy import CourtesyProblem, Purpose
from complaints.domain.words.letter_state import WRITTEN
from complaints.domain.words.substance import require_substance
from complaints.rulebook import RuleBook
from complaints.steps.case import Case


def script_words(case: Case, *keys: str, **more: str) -> str:
    """The words of these scripts in the customer's language, one after the other."""
    language = case.complaint.customer.language
    values = {**script_values(case, language), **more}
    scripts = case.rules.scripts.scripts
    return " ".join(fill(scripts[key].text(language), values, language) for key in keys)


#: What is wrong with a text to the customer, and how it is mended.
_UNKIND = {
    CourtesyProblem.UNFILLED: N_(
        "The gap %(words)s in line %(line)s is still open. Fill it in, or leave it out."
    ),
    CourtesyProblem.BLAME: N_(
        "“%(words)s” sounds as if the customer were to blame. Say what happened without judging."
    ),
    CourtesyProblem.NO_APOLOGY: N_(
        "There is no word of apology in it. Say that we are sorry for the inconvenience."
    ),
    CourtesyProblem.NO_THANKS: N_("There is no word of thanks in it. Thank %(name)s."),
    CourtesyProblem.NO_ADDRESS: N_("It addresses nobody. Say it to %(name)s."),
}


def own_words(text: str) -> str:
    """The text that stands in the script's place; empty for none."""
    if not text.strip():
        return ""
    return require_substance(
        text,
        N_(
            "Write the whole of what you said, or leave this empty: then the script's words are "
            "used."
        ),
    )


def is_quoted(case: Case, words: str, text: str) -> bool:
    """Whether the customer wrote or said these words, and not the opposite of them, in the text."""
    return stands_in(words, [text], case.rules.scripts.denials)


def refuse_quote(words: str, texts: Collection[str], *, field: str, absent: str) -> Invalid:
    """Why words are no quote of the texts: they are cut short, else what `absent` says."""
    if stands_in(words, texts):
        return Invalid(
            N_(
                "The word right before this quote turns it into the opposite, such as “not” or "
                "“never”. Quote the whole sentence."
            ),
            field=field,
        )
    return Invalid(absent, field=field)


def check_courtesy(
    case: Case, text: str, purpose: Purpose, anyway: str, method: str
) -> dict[str, Any]:
    """What is to be kept of a text's courtesy: nothing, or what it lacks and why it was said.

    A letter addresses the customer in its first line, before the text. Raises Invalid with what
    is wrong and how to mend it, unless `anyway` gives a reason. No letter leaves with a gap in it.
    """
    salutations = case.rules.organisation.salutations
    customer = case.complaint.contact_name, case.complaint.contact_salutation
    form, _ = salutations.address(*customer)
    names = [*form.split("/"), *salutations.short(form).split("/")]
    found = [
        each
        for each in case.rules.scripts.courtesy.problems(text, purpose, names)
        if each.problem is not CourtesyProblem.NO_ADDRESS or method not in WRITTEN
    ]
    if not found:
        return {}
    worst = found[0]
    is_gap = worst.problem is CourtesyProblem.UNFILLED
    if anyway.strip() and not (is_gap and method in WRITTEN):
        reason = require_reason(anyway, field="anyway")
        return {"courtesy": [each.problem.value for each in found], "anyway": reason}
    name = salutations.say(*customer)
    line = text[: text.find(worst.words)].count("\n") + 1 if is_gap else 0
    raise Invalid(_UNKIND[worst.problem], field="text", words=worst.words, name=name, line=line)


def require_fit_for_many(rules: RuleBook, text: str, *, field: str) -> None:
    """Raise Invalid for words to many customers that blame them, or in which a gap is open.

    Each letter addresses its own customer before them.
    """
    for each in rules.scripts.courtesy.problems(text):
        if each.problem in (CourtesyProblem.UNFILLED, CourtesyProblem.BLAME):
            line = text[: text.find(each.words)].count("\n") + 1
            raise Invalid(_UNKIND[each.problem], field=field, words=each.words, line=line)


def names_of(case: Case) -> list[str]:
    """What the complaint's category is called: that stands beside a text anyway."""
    category = case.rules.taxonomy.categories.get(case.complaint.category or "")
    return [category.label(lang) for lang in LANGUAGES] if category else []


def listed(words: Sequence[str], language: str) -> str:
    """Several things as they are said in a sentence: `a, b, dan c`."""
    if len(words) < 3:
        return (" and " if language == "en" else " dan ").join(words)
    return ", ".join(words[:-1]) + (", and " if language == "en" else ", dan ") + words[-1]


def script_values(case: Case, language: str) -> dict[str, Any]:
    """What the placeholders stand for in this conversation."""
    organisation = case.rules.organisation
    complaint = case.complaint
    salutation, name = organisation.salutations.address(
        complaint.contact_name, complaint.contact_salutation
    )
    category = case.rules.taxonomy.categories.get(complaint.category or "")
    subject = category.spoken(language) if category else ""
    return {
        "salutation": salutation,
        "salutation_short": organisation.salutations.short(salutation),
        "customer_name": name,
        "csr_name": case.by.name,
        "complaint_subject": subject or case.rules.scripts.default("complaint_subject", language),
        "organisation": organisation.name,
        "number": case.number,
        "contact_center": organisation.contact_center[language],
        "social_handle": organisation.social_handle,
        "service_hours": organisation.service_hours[language],
    }

"""What the desk says: the service scripts of a step, filled for this customer and this branch.

What is not known yet stays a visible gap; the step itself refuses words with a gap.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from complaints.actions.registry import face_of
from complaints.domain.config.currency import Currency
from complaints.domain.scripts import LANGUAGES, fill, placeholders, talk_on
from complaints.domain.sums_named import amounts_named
from complaints.formatting import say_instant, say_money
from complaints.rulebook import RuleBook
from complaints.steps.case import Case
from complaints.steps.wording import script_values
from complaints.web.frame.translations import lang

GAP = "…"

#: Stands on both sides of a slot while a script is filled; a mark that nobody types.
_EDGE = "\ue000"

#: Between what is offered and its amount, by language.
_WORTH = {"id": ", senilai ", "en": ", worth "}


@dataclass(frozen=True, slots=True)
class Said:
    """One script in words; `key` names it.

    `pieces` are its words in turn, each with the slot that follows what is typed, or "".
    """

    key: str
    text: str
    pieces: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Manner:
    """What to do ("do"), not to do ("dont"), or when to ask for help ("escalation")."""

    kind: str
    text: str
    talks: tuple[str, ...]


def scripts_for(case: Case, noun: str, stage: str = "", live: str = "", **known: str) -> list[Said]:
    """The scripts of a noun in the customer's language, as one talks on the complaint's channel.

    `known` fills what the page knows, `live` is the slot that goes on to follow what is typed.
    """
    language = language_of(case)
    scripts = [case.rules.scripts.scripts[key] for key in face_of(noun, stage).scripts]
    values = {**script_values(case, language), **known}
    return [
        _said(each.key, each.text(language), values, live, language)
        for each in scripts
        if talk_of(case) in each.talks
    ]


def manners_for(case: Case, standards: Sequence[str]) -> list[Manner]:
    """The do and don't of these standards of service, as one talks on the complaint's channel."""
    return [each for each in manners_of(case.rules, standards) if talk_of(case) in each.talks]


def manners_of(rules: RuleBook, standards: Sequence[str]) -> list[Manner]:
    """The do and don't of these standards of service, in the page's language."""
    return [
        Manner(tip.kind, tip.texts[lang()], tip.talks)
        for standard in standards
        for tip in rules.scripts.tips.get(standard, ())
    ]


def talk_of(case: Case) -> str:
    """How one talks on the channel that the complaint came in by."""
    return talk_on(case.rules.taxonomy.channels[case.complaint.channel])


def _said(key: str, template: str, values: Mapping[str, Any], live: str, language: str) -> Said:
    marked = f"{_EDGE}{values.get(live) or GAP}{_EDGE}"
    parts = with_gaps(template, {**values, live: marked}, language).split(_EDGE)
    pieces = [(live if place % 2 else "", words) for place, words in enumerate(parts) if words]
    return Said(key, "".join(words for _, words in pieces), pieces)


def offer_said(description: str, amount: int, currency: Currency, language: str) -> str:
    """What is offered as it is said to the customer: with its amount, named once."""
    if not amount or not description or amount in amounts_named(description, currency):
        return description
    said = say_money(amount, currency, language)
    return f"{description.rstrip('. ')}{_WORTH[language]}{said}"


def worth(currency: Currency, language: str) -> str:
    """What stands between what is offered and the figures of its amount."""
    return f"{_WORTH[language]}{currency.symbol}"


def with_gaps(template: str, values: Mapping[str, Any], language: str) -> str:
    """The template with a visible gap wherever nothing is known."""
    filled = dict.fromkeys(placeholders(template), GAP)
    filled.update({name: value for name, value in values.items() if value})
    return fill(template, filled, language)


def language_of(case: Case) -> str:
    """The language spoken with this customer."""
    chosen = case.complaint.customer.language
    return chosen if chosen in LANGUAGES else LANGUAGES[0]


def greeting(rules: RuleBook, branch_id: int, now: datetime, language: str) -> str:
    """The word for the time of day at the branch: pagi, siang, sore, malam."""
    local = now.astimezone(rules.calendar_of(branch_id).value.tz)
    return rules.organisation.time_of_day(local.time(), language)


def deadline_words(case: Case, at: datetime | None) -> str:
    """A date as it is promised to the customer, in their language; empty when there is none."""
    if at is None:
        return ""
    zone = case.rules.calendar_of(case.complaint.branch_id).value.tz
    return say_instant(at, zone, language_of(case))

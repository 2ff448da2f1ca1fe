"""Writing letters: a kind, its facts and a language become a subject, a text and a page.

The words stand in `templates/letters/<kind>`; the organisation's own facts come from the rule
book. Nothing is sent or stored here.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from babel.support import NullTranslations, Translations
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from complaints.domain.commitments.rules import CUSTOMER
from complaints.domain.config.currency import Currency
from complaints.domain.config.letter_phrases import Template
from complaints.domain.scripts import LANGUAGES, fill
from complaints.domain.taxonomy import HANDLER
from complaints.domain.words.enclosed import goes_along
from complaints.domain.words.letter_state import weightiest
from complaints.formatting import INDONESIAN, say_instant, say_money
from complaints.outbox.mail.account_wording import account_words
from complaints.outbox.mail.notices import (
    notice_headline,
    notice_sentence,
    notice_title,
)
from complaints.places import TEMPLATES, TRANSLATIONS
from complaints.rulebook import RuleBook

#: Letters are written in English; every other language comes from its catalogue.
WRITTEN_IN = "en"

#: Facts a letter can do without; any other that is missing is a mistake.
_OPTIONAL: Mapping[str, Any] = {
    "salutation": "",
    "promised_at": None,
    "steps": (),
    "was": None,
    "first_told_at": None,
    "cause": "",
    "solution": "",
    "reason": "",
    "complaints": (),
    "with_outcomes": False,
}


@dataclass(frozen=True, slots=True)
class Letter:
    """What the receiver reads: one line, the plain text and the same as a page."""

    subject: str
    text: str
    html: str


@dataclass(frozen=True, slots=True)
class LetterContext:
    """What every letter needs besides its facts: the rules in force and our address on the web.

    `reads_mail` says whether an answer by mail reaches the complaint.
    """

    rules: RuleBook
    base_url: str
    reads_mail: bool = False

    def organisation(self, lang: str) -> dict[str, str]:
        """The organisation's facts as letters name them."""
        facts = self.rules.organisation
        return {
            "organisation": facts.name,
            "address": facts.address,
            "contact_center": facts.contact_center[lang],
            "social_handle": facts.social_handle,
            "email": facts.email,
            "service_hours": facts.service_hours[lang],
        }

    def phrase(self, template: Template, lang: str) -> str:
        """A phrase that letters share, with the organisation's facts filled in."""
        return fill(template[lang], self.organisation(lang), lang)


def write_letter(
    kind: str,
    facts: Mapping[str, Any],
    lang: str,
    context: LetterContext,
    *,
    follow_link: str = "",
    on_sheet: bool = False,
    takes_replies: bool = False,
) -> Letter:
    """The letter of this kind; raises when a fact it needs is missing.

    On a sheet it has no signature mark, which only mail programs know. That it can be answered by
    mail is said when it `takes_replies` and something reads them.

    A language in which nothing is written here becomes Indonesian.
    """
    lang = lang if lang in LANGUAGES else INDONESIAN
    values = {
        **_values(facts, lang, context, follow_link),
        "on_sheet": on_sheet,
        "takes_replies": takes_replies and context.reads_mail and not on_sheet,
    }
    environment = _environment(lang)

    def part(name: str) -> str:
        return environment.get_template(f"{kind}/{name}").render(values)

    return Letter(
        subject=" ".join(part("subject.txt").split()),
        text=part("body.txt").strip() + "\n",
        html=part("body.html").strip() + "\n",
    )


def _values(
    facts: Mapping[str, Any], lang: str, context: LetterContext, follow_link: str
) -> dict[str, Any]:
    rules, phrases = context.rules, context.rules.letters
    currency = rules.organisation.currency
    zone = ZoneInfo(facts["zone"]) if facts.get("zone") else rules.home_zone

    def instant(text: str) -> str:
        return say_instant(datetime.fromisoformat(text), zone, lang)

    return {
        **_OPTIONAL,
        **facts,
        **context.organisation(lang),
        "address": facts.get("counter") or rules.organisation.address,
        "lang": lang,
        "instant": instant,
        "owner_label": owner_labels(rules, lang),
        "outcome_label": lambda code: rules.taxonomy.outcomes[code].label(lang),
        "signature": context.phrase(phrases.closing_line, lang),
        "signed": context.phrase(phrases.signed, lang),
        "footer": context.phrase(phrases.footer, lang),
        "routes": [context.phrase(route, lang) for route in phrases.routes],
        "inside_routes": [context.phrase(route, lang) for route in phrases.inside_routes],
        "name": str(facts.get("name", "")).strip() or rules.organisation.salutations.unknown,
        "follow_link": follow_link,
        "staff_link": _staff_link(context.base_url, facts),
        "engine_link": f"{context.base_url}/admin/engine",
        "notifications_link": f"{context.base_url}/notices",
        "report_link": f"{context.base_url}/reports/deadlines?{facts.get('query', '')}",
        "outcomes_link": f"{context.base_url}/reports/outcomes?{facts.get('days_query', '')}",
        "report_mails_link": f"{context.base_url}/notices/reports",
        "headline_of": lambda told: notice_headline(
            told["notice"], told, currency, lang, translations(lang).gettext
        ),
        "kind_title": lambda kind: notice_title(kind, facts, translations(lang).gettext),
        "money": lambda amount: say_money(amount, currency, lang),
        "enclosures": [each.name for each in goes_along(facts)],
        "main": weightiest(facts.get("parts", ())),
        **_notice(facts, currency, lang),
        **account_words(facts, translations(lang).gettext),
    }


#: What a notice is about beside complaints → its pages.
PAGES = (
    ("contact", "contacts"),
    ("post", "posts"),
    ("action", "corrective-actions"),
    ("review", "management-reviews"),
)


def _staff_link(base_url: str, facts: Mapping[str, Any]) -> str:
    """Where staff read on: the complaint, or what else it is about; empty where they may not."""
    if facts.get("notice") == "mail_elsewhere":
        # The complaint is another branch's.
        return ""
    if facts.get("webhook"):
        return f"{base_url}/admin/webhooks"
    number = facts.get("number", "")
    for fact, pages in PAGES:
        if number and facts.get(fact) == number:
            return f"{base_url}/{pages}/{number}"
    return f"{base_url}/complaints/{number}"


def _notice(facts: Mapping[str, Any], currency: Currency, lang: str) -> dict[str, str]:
    kind = facts.get("notice")
    if kind is None:
        return {}
    translate: Callable[[str], str] = translations(lang).gettext
    return {
        "headline": notice_headline(kind, facts, currency, lang, translate),
        "sentence": notice_sentence(kind, facts, currency, lang, translate),
    }


def owner_labels(rules: RuleBook, lang: str) -> Callable[[str], str]:
    """Who takes a step, in words: a team by its name, the desk as the one who handles."""

    def label(owner: str) -> str:
        team = rules.teams_by_code.get(owner)
        if team is not None:
            return team.label_en if lang == WRITTEN_IN else team.label_id
        if owner == CUSTOMER:
            return "you" if lang == WRITTEN_IN else "Anda"
        return "" if owner == HANDLER else owner

    return label


@lru_cache(maxsize=8)
def translations(lang: str) -> NullTranslations:
    """The catalogue of one of our languages."""
    if lang == WRITTEN_IN:
        return NullTranslations()
    return Translations.load(str(TRANSLATIONS), [lang])


@lru_cache(maxsize=8)
def _environment(lang: str) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES / "letters"),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.install_gettext_translations(translations(lang), newstyle=True)  # type: ignore[attr-defined]
    return environment

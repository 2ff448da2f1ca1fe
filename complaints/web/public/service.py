"""How complaints are handled here, for anybody to read (ISO 10002, 8.1), by the rules in force.

Nothing is written twice: ways in, time limits, standards and outside bodies are those by which the
complaints are handled.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from flask import Blueprint, Response, make_response, request
from flask_babel import force_locale, gettext

from complaints import clock
from complaints.channels.accept_language import preferred_language
from complaints.channels.portal.access import draw_page, language_of
from complaints.domain.clauses import Clause
from complaints.domain.deadlines import Kind
from complaints.domain.scripts import LANGUAGES, fill
from complaints.extensions import db
from complaints.rulebook import RuleBook, current_rules
from complaints.web.frame.filters import label
from complaints.web.frame.guards import public
from complaints.web.rules.rule_words import say_clause, say_selectors, say_start

blueprint = Blueprint("public", __name__)

#: The clocks that a customer waits for; others measure us among ourselves.
_FOR_CUSTOMERS = (Kind.ACK, Kind.PROGRESS, Kind.RESOLVE, Kind.LEGAL)


@dataclass(frozen=True, slots=True)
class TimeLimit:
    """One time limit in words: for which complaints, how long, from when."""

    name: str
    amount: str
    start: str
    which: str


@blueprint.get("/portal/service")
@public
def service() -> Response:
    """The page; `lang` in the address chooses its language."""
    rules = current_rules(db.session)
    language = language_of(preferred_language(request.accept_languages) or LANGUAGES[0])
    organisation = rules.organisation
    with force_locale(language):
        page = draw_page(
            "public/service.html",
            rules,
            language,
            "/portal/service",
            facts=organisation,
            branches=[each for each in rules.branches_in_use if each.address or each.phone],
            definition=_definition(rules, language),
            standard=[
                (item.label(language), fill(item.texts[language], organisation.values, language))
                for item in rules.leaflet.mandatory
            ],
            limits=list(_limits(rules, _today(rules))),
            standards=[label(each) for each in rules.scripts.standards if label(each)],
            bodies=_bodies(rules),
        )
    return make_response(page)


def _definition(rules: RuleBook, language: str) -> str:
    taxonomy = rules.taxonomy
    return taxonomy.definition_en if language == "en" else taxonomy.definition_id


def _today(rules: RuleBook) -> date:
    return clock.now().astimezone(rules.home_zone).date()


def _limits(rules: RuleBook, today: date) -> Iterator[TimeLimit]:
    """The time limits that hold for a complaint received today, in the order of their policies."""
    for policy in rules.policies:
        for clause in policy.clauses:
            if clause.kind in _FOR_CUSTOMERS and clause.is_enforced and _holds(clause, today):
                pairs = say_selectors(rules, clause)
                yield TimeLimit(
                    name=label(clause) or label(policy),
                    amount=_every(clause) if clause.repeat else say_clause(clause),
                    start=say_start(clause.start),
                    which="; ".join(f"{what}: {which}" for what, which in pairs),
                )


def _every(clause: Clause) -> str:
    return gettext("at least every %(amount)s", amount=say_clause(clause))


def _holds(clause: Clause, today: date) -> bool:
    return clause.valid_from <= today <= clause.valid_to


def _bodies(rules: RuleBook) -> list[str]:
    """Where a customer can go next by the policies that are switched on, each body once."""
    said = [label(each) for policy in rules.policies for each in policy.about.escalation]
    return list(dict.fromkeys(said))

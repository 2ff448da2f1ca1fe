"""What the public form and its receipt show."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from flask import current_app, request
from flask_babel import force_locale, gettext

from complaints.actions.from_customer import LONGEST_STORY
from complaints.actions.reading import BodyErrors
from complaints.channels.accept_language import preferred_language
from complaints.channels.portal.access import draw_page, language_of
from complaints.channels.portal.gate import TRAP
from complaints.domain.deadlines import Kind
from complaints.domain.errors import Refused
from complaints.domain.scripts import LANGUAGES
from complaints.extensions import db
from complaints.files.in_use import file_settings
from complaints.formatting import say_instant
from complaints.queries.customer_page.view import CustomerView, find_receipt_facts
from complaints.queries.told_before import ToldBefore
from complaints.rulebook import RuleBook, current_rules
from complaints.signing import follow_token

#: The fields of the form as the contract names them.
FIELDS = ("story", "kind", "name", "phone", "email", "place", "consent")


#: Photos and papers that come with a complaint; more of them can be sent on its page.
MOST_FILES = 5


@dataclass(slots=True)
class Filled:
    """The form as it stands: what was typed, its key, and what was refused.

    `told` is what the same browser has told before, `sent` the link of what this form has made,
    `had_files` that files came along, which no browser sends again by itself.
    """

    stamp: str
    typed: Mapping[str, str] = field(default_factory=dict)
    refused: Refused | None = None
    told: ToldBefore | None = None
    sent: str = ""
    had_files: bool = False


def page_language() -> str:
    """As asked by the switch or the address, else as the form was sent, else the browser's."""
    asked = request.form.get("switch") or request.form.get("language", "")
    if asked in LANGUAGES:
        return asked
    return language_of(preferred_language(request.accept_languages) or LANGUAGES[0])


def show_form(filled: Filled, now: datetime) -> str:
    """The form; what is wrong stands on top, each line leading to its field."""
    language = page_language()
    rules = current_rules(db.session)
    told, limits = filled.told, file_settings().limits
    with force_locale(language):
        return draw_page(
            "portal/complain.html",
            rules,
            language,
            "/portal/",
            form=rules.organisation.public_form,
            typed=filled.typed,
            stamp=filled.stamp,
            trap=TRAP,
            longest=LONGEST_STORY,
            errors=_errors(filled.refused, language),
            told=told,
            told_link=_path(told) if told else "",
            told_on=say_instant(told.received_at, rules.home_zone, language) if told else "",
            sent=filled.sent,
            had_files=filled.had_files,
            most_files=min(MOST_FILES, limits.most_at_once),
            most_megabytes=limits.most_bytes // (1024 * 1024) or 1,
            branches=[(each.code, each.name) for each in rules.branches_in_use],
            kinds=_kinds(rules, language),
        )


def show_receipt(found: CustomerView, token: str, now: datetime) -> str:
    """The receipt: number, link, and what comes next."""
    language = language_of(found.language)
    rules = current_rules(db.session)
    zone = rules.calendar_of(found.branch_id).value.tz
    facts = find_receipt_facts(db.session, found.id, Kind.ACK.value)
    with force_locale(language):
        return draw_page(
            "portal/receipt.html",
            rules,
            language,
            f"/portal/{token}/receipt",
            found=found,
            token=token,
            link=f"{current_app.config['SETTINGS'].base_url}/portal/{token}",
            received=say_instant(found.received_at, zone, language),
            read_by=say_instant(facts.read_by, zone, language) if facts.read_by else "",
            has_email=facts.has_email,
        )


def _kinds(rules: RuleBook, language: str) -> list[tuple[str, str]]:
    """What may be sent beside complaints, where anything may."""
    if rules.organisation.public_form is None:
        return []
    return [(each.id, each.label(language)) for each in rules.taxonomy.not_complaints.values()]


def show_contact_receipt(number: str, *, has_email: bool) -> str:
    """That something came which is no complaint: its number, and what comes next."""
    language = page_language()
    rules = current_rules(db.session)
    with force_locale(language):
        return draw_page(
            "portal/contact_receipt.html",
            rules,
            language,
            "/portal/",
            number=number,
            has_email=has_email,
        )


def _errors(refused: Refused | None, language: str) -> dict[str, str]:
    """Field → what is wrong with it; "" is the form as a whole."""
    if refused is None:
        return {}
    each = refused.errors if isinstance(refused, BodyErrors) else [(refused.field or "", refused)]
    return {name: error.filled(gettext(error.sentence), language) for name, error in each}


def _path(told: ToldBefore) -> str:
    key = str(current_app.config["SECRET_KEY"])
    return f"/portal/{follow_token(key, told.id, told.follow_nonce)}"

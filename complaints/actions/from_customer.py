"""A complaint that customers tell by themselves, without an account: read whole, then recorded."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from complaints.actions.new_complaint import ComplaintBody
from complaints.actions.reading import BodyErrors, read_body
from complaints.contacts import normalise_email
from complaints.domain.config.organisation import PublicForm
from complaints.domain.errors import N_, Invalid
from complaints.domain.words.folding import clean
from complaints.domain.words.web_address import names_web_address
from complaints.people.customers import check_email, check_not_ours, check_phone
from complaints.rulebook import RuleBook
from complaints.steps.receive import ComplaintGiven

#: Who has more to tell than fits into so many characters writes the rest on the complaint's page.
LONGEST_STORY = 20_000
#: Where a complaint comes from that was told on our form.
SOURCE = "portal"

#: The fields of the form, by how the body calls them.
_FIELDS = {"customer.name": "name", "customer.phone": "phone", "customer.email": "email"}
#: Said instead of a word to the desk where a field is empty.
_EMPTY = {
    "story": N_("Tell us what happened, in your own words."),
    "name": N_("Tell us your name, so that we know how to address you."),
}


@dataclass(frozen=True, slots=True)
class Told:
    """What somebody has typed into the public form; `language` is that of the page."""

    story: str
    name: str
    phone: str
    email: str
    place: str
    has_consented: bool
    language: str


def read_told(rules: RuleBook, form: PublicForm, told: Told, *, now: datetime) -> ComplaintGiven:
    """The complaint as the step takes it; raises BodyErrors with everything that is wrong.

    Where no place is named, the branch of the form gets it.
    """
    wrong: dict[str, Invalid] = {}
    try:
        body = read_body(ComplaintBody, _body(form, told))
    except BodyErrors as errors:
        wrong = {_FIELDS.get(name, name): error for name, error in errors.errors}
    for field, mistake in _mistakes(rules, told):
        wrong.setdefault(field, mistake)
    for field, sentence in _EMPTY.items():
        if field in wrong and not clean(getattr(told, field)):
            wrong[field] = Invalid(sentence, field=field)
    if wrong:
        raise BodyErrors([(field, wrong[field]) for field in _ORDER if field in wrong])
    given = body.given(branch=form.branch, now=now, source=SOURCE)
    branch = told.place.strip() or form.branch
    return replace(given, branch=branch, is_unchecked=True, has_consented=True)


#: In which order the form asks.
_ORDER = ("story", "name", "phone", "email", "place", "consent")


def _body(form: PublicForm, told: Told) -> Mapping[str, Any]:
    customer = {
        "name": told.name,
        "phone": told.phone,
        "email": told.email,
        "language": told.language,
    }
    return {"customer": customer, "channel": form.channel, "story": told.story}


def _mistakes(rules: RuleBook, told: Told) -> Iterator[tuple[str, Invalid]]:
    """What is wrong beside missing words and lengths, field by field."""
    if len(told.story) > LONGEST_STORY:
        yield (
            "story",
            Invalid(N_("This is too long (at most %(most)d characters)."), most=LONGEST_STORY),
        )
    if names_web_address(told.name):
        yield "name", Invalid(N_("Enter a name, without a web address."))
    if not clean(told.phone) and not clean(told.email):
        yield (
            "phone",
            Invalid(N_("Enter a phone number or an email address, so that we can answer you.")),
        )
    yield from _caught("phone", lambda: check_phone(told.phone, "phone"))
    yield from _caught("email", lambda: check_email(told.email, "email"))
    if normalise_email(told.email) and list(
        _caught("email", lambda: check_not_ours(rules, told.email, "email"))
    ):
        yield "email", Invalid(N_("This is our own email address. Enter yours."))
    places = {each.code for each in rules.branches_in_use}
    if told.place.strip() and told.place.strip() not in places:
        yield "place", Invalid(N_("Choose a place from the list."))
    if not told.has_consented:
        yield (
            "consent",
            Invalid(N_("Tick the box, so that we may keep and use what you have written.")),
        )


def _caught(field: str, check: Callable[[], None]) -> Iterator[tuple[str, Invalid]]:
    try:
        check()
    except Invalid as mistake:
        yield field, mistake

"""What the forms of contacts hold, read from what was typed; refusals lead to their fields."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext
from werkzeug.datastructures import MultiDict

from complaints.actions.reading import MISSING, BodyErrors
from complaints.domain.errors import N_, Invalid, Refused
from complaints.extensions import db
from complaints.queries.lists.customers import find_contacts
from complaints.web.frame.form_parsing import Errors, errors_of

#: The fields of a contact as its own form, and the intake of complaints, call them.
PERSON = ("name", "salutation", "phone", "email", "number", "language")
_PLAIN = {
    "words": N_("Write down what the customer said first."),
    "kind": N_("Choose what it is."),
    "channel": N_("Choose the channel it came in through."),
}


def read_contact(form: MultiDict[str, str], received_at: str) -> tuple[dict[str, Any], int | None]:
    """A contact as its body wants it, and the known customer who was chosen.

    The intake of complaints sends its story, and much that belongs to a complaint only.
    """
    person = {name: form.get(f"customer.{name}", "").strip() for name in PERSON}
    asked = form.get("customer.q", "").strip()
    if not person["name"] and any(each.isalpha() for each in asked) and "@" not in asked:
        person["name"] = asked
    known = find_contacts(db.session, form.get("customer.known", ""))
    if known is not None:
        of_record = {
            "name": known.name,
            "phone": known.phone or "",
            "email": known.email or "",
            "number": known.number or "",
        }
        person = {**person, **{name: person[name] or value for name, value in of_record.items()}}
    given: dict[str, Any] = {
        "kind": form.get("kind", ""),
        "channel": form.get("channel", ""),
        "words": form.get("words", "") or form.get("story", ""),
        "customer": {name: value for name, value in person.items() if value},
    }
    if form.get("branch"):
        given["branch"] = form["branch"]
    if received_at:
        given["received_at"] = received_at
    end = {name: form.get(f"end.{name}", "").strip() for name in ("words", "method")}
    if end["words"]:
        given["end"] = {name: value for name, value in end.items() if value}
    return given, known.id if known else None


def read_act(form: MultiDict[str, str], names: tuple[str, ...]) -> Mapping[str, Any]:
    """These fields as typed, without the empty ones; dotted names are a part of their own."""
    given: dict[str, Any] = {}
    for name in names:
        value = form.get(name, "").strip()
        if not value:
            continue
        whole, _, part = name.partition(".")
        if part:
            given.setdefault(whole, {})[part] = value
        else:
            given[whole] = value
    return given


def said_errors(error: Refused) -> Errors:
    """Every field that is wrong with its sentence, in the words of the desk."""
    if isinstance(error, BodyErrors):
        error = BodyErrors([(field, _plainer(field, each)) for field, each in error.errors])
    if error.field == "customer.contact":
        return [("customer.phone", sentence) for _, sentence in errors_of(error)]
    return errors_of(error)


def _plainer(field: str, error: Invalid) -> Invalid:
    if error.sentence == MISSING and field in _PLAIN:
        return Invalid(_PLAIN[field], field=field)
    return error


def means_words(means: Mapping[str, str], *, has_email: bool) -> list[tuple[str, str]]:
    """The means as a list to choose from; by e-mail only where there is an address."""
    return [(name, gettext(words)) for name, words in means.items() if has_email or name != "email"]

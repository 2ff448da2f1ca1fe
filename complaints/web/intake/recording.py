"""Recording what the intake form holds: the complaint and as many of the first steps as were taken.

One transaction: everything is recorded or nothing. The edge commits.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask_babel import gettext
from sqlalchemy.orm import Session

from complaints.actions.new_complaint import ComplaintBody
from complaints.actions.reading import BodyErrors, read_body
from complaints.actions.recording import parse_body, take_act
from complaints.domain.errors import N_, GateRefused, Invalid
from complaints.domain.evidence import CRITERIA
from complaints.domain.permissions import Actor
from complaints.people.customers import normalise_phone
from complaints.queries.lists.customers import find_contacts
from complaints.rulebook import RuleBook
from complaints.steps.advance import mandatory_gaps
from complaints.steps.amend import Amendment, amend_record
from complaints.steps.case import Case
from complaints.steps.casework.converse import write_note
from complaints.steps.receive import MAX_STORY, receive_complaint
from complaints.web.frame.filters import label

#: What the form asks for each of the first steps; the box beside it says that it was done.
DONE_BOX = {"attestation": "listened", "apology": "said", "promise": "told"}

#: By which means we speak on a channel.
METHOD_OF = {"call": "phone", "email": "email", "letter": "letter", "visit": "spoken"}

#: Where the form shows what a gate says is missing.
_FIELD_OF = {
    "020-1.1": "attestation.listened",
    "020-1.2": "confirmation.answer",
    "020-1.3": "apology.said",
    "020-1.4": "promise.told",
    "020-1.5": "promise.told",
    "020-1.6": "receipt.unable.reason",
}

_COMPLAINT_FIELDS = (
    "customer",
    "channel",
    "category",
    "story",
    "product",
    "incident_at",
    "remedy_wanted",
    "received_at",
    "branch",
)


def record_intake(
    session: Session,
    rules: RuleBook,
    given: Mapping[str, Any],
    *,
    branch: str,
    registers: bool,
    by: Actor,
    now: datetime,
) -> Case:
    """Receive the complaint, record the steps that were taken, and register it when asked to.

    Raises Refused; then nothing may be committed. Fields in errors are those of the form.
    """
    case = _receive(session, rules, given, branch=branch, by=by, now=now)
    is_oral = rules.taxonomy.channels[case.complaint.channel].oral
    for noun in ("attestation", "confirmation", "apology", "promise"):
        if noun != "attestation" or is_oral:
            _take(case, noun, _part(given, noun))
    if registers:
        _register(case, _part(given, "receipt"))
    else:
        _keep_unsaid(case, given)
    return case


def _receive(
    session: Session,
    rules: RuleBook,
    given: Mapping[str, Any],
    *,
    branch: str,
    by: Actor,
    now: datetime,
) -> Case:
    told = {name: given[name] for name in _COMPLAINT_FIELDS if name in given}
    typed = _part(given, "customer")
    customer = {name: value for name, value in typed.items() if name not in ("known", "q")}
    known = str(typed.get("known", "")).strip()
    if not known:
        customer = _from_look_up(customer, str(typed.get("q", "")))
    if known:
        customer = {**customer, **_known(session, known)}
    told["customer"] = customer
    try:
        body = read_body(ComplaintBody, told)
    except BodyErrors as error:
        story = str(given.get("story", ""))
        raise BodyErrors([_plainer(field, each, story) for field, each in error.errors]) from None
    complaint = body.given(branch=branch, now=now, source="desk")
    case = receive_complaint(session, rules, complaint, by=by, at=now)
    _correct_contacts(case, typed)
    return case


def _from_look_up(customer: Mapping[str, Any], asked: str) -> dict[str, Any]:
    """What was typed to look somebody up says who a new customer is, where nothing else does."""
    asked = asked.strip()
    if not asked or str(customer.get("name", "")).strip():
        return dict(customer)
    if any(each.isalpha() for each in asked) and "@" not in asked:
        return {**customer, "name": asked}
    return dict(customer)


def _known(session: Session, known: str) -> dict[str, str]:
    """What tells the chosen customer from all others, so that receiving finds them again."""
    contacts = find_contacts(session, known)
    if contacts is None:
        raise Invalid(
            N_("This customer is not there any more. Search again."), field="customer.known"
        )
    found = {
        "name": contacts.name,
        "number": contacts.number,
        "phone": contacts.phone and f"+{contacts.phone}",
        "email": contacts.email,
    }
    return {name: value for name, value in found.items() if value}


def _correct_contacts(case: Case, typed: Mapping[str, Any]) -> None:
    """A phone or address told today that differs from the one known wins, and is kept as such."""
    customer = case.complaint.customer
    phone, email = str(typed.get("phone", "")), str(typed.get("email", "")).strip().lower()
    change = Amendment(
        phone=phone if phone.strip() and normalise_phone(phone) != customer.phone else None,
        email=email if email and email != customer.email else None,
    )
    if change.phone or change.email:
        try:
            amend_record(case, change)
        except Invalid as error:
            raise Invalid(error.sentence, field=f"customer.{error.field}", **error.params) from None


def _take(case: Case, noun: str, part: Mapping[str, Any]) -> None:
    """Record one step when its box is ticked, an answer is chosen or a reason given."""
    box = DONE_BOX.get(noun)
    is_done = part.get(box) if box else part.get("answer")
    if not is_done and "unable" not in part:
        return
    fields = {name: value for name, value in part.items() if name not in ("said", "told")}
    if noun == "apology":
        fields["stage"] = "intake"
    fields.setdefault("method", METHOD_OF.get(case.complaint.channel, _method(case)))
    try:
        take_act(case, noun, parse_body(noun, fields))
    except BodyErrors as error:
        raise BodyErrors([(f"{noun}.{field}", each) for field, each in error.errors]) from None
    except Invalid as error:
        field = f"{noun}.{error.field or ''}"
        raise Invalid(error.sentence, field=field, **error.params) from None


def _register(case: Case, part: Mapping[str, Any]) -> None:
    try:
        take_act(case, "receipt", parse_body("receipt", {"method": "print", **part}))
    except GateRefused as error:
        found: dict[str, Invalid] = {}
        for key in error.missing:
            field = _FIELD_OF[key]
            words = gettext(CRITERIA[key].lacking)
            if key == "020-1.6":
                words += f" ({_gap_words(case)})"
            sentence = N_("Cannot be registered yet: %(missing)s.")
            found.setdefault(field, Invalid(sentence, field=field, missing=words))
        raise BodyErrors(list(found.items())) from None


def _gap_words(case: Case) -> str:
    fields = {each["id"]: label(each) for each in case.rules.bodies["record"]["field"]}
    return ", ".join(fields.get(gap, gap) for gap in mandatory_gaps(case))


def _keep_unsaid(case: Case, given: Mapping[str, Any]) -> None:
    """Keep as a note what was prepared but not yet said, so that saving loses no word."""
    prepared = []
    confirmation, promise = _part(given, "confirmation"), _part(given, "promise")
    if confirmation.get("summary") and not confirmation.get("answer"):
        prepared.append(
            gettext("Summary, not read back yet: %(words)s", words=confirmation["summary"])
        )
    steps = [] if promise.get("told") else promise.get("steps") or []
    words = [str(step.get("what", "")) for step in steps if isinstance(step, Mapping)]
    proposed = {
        each.text(language)
        for each in case.rules.taxonomy.steps_of(case.complaint.category)
        for language in ("id", "en")
    }
    if set(words) - proposed:
        prepared.append(gettext("Steps, not told yet: %(words)s", words="; ".join(words)))
    if prepared:
        write_note(case, text="\n".join(prepared))


def _method(case: Case) -> str:
    return "spoken" if case.rules.taxonomy.channels[case.complaint.channel].oral else "message"


def _part(given: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    part = given.get(name)
    return part if isinstance(part, Mapping) else {}


def _plainer(field: str, error: Invalid, story: str) -> tuple[str, Invalid]:
    """A sentence of the desk instead of one about bodies."""
    if field == "story" and len(story) > MAX_STORY:
        sentence = N_(
            "The story is too long (%(length)d characters; at most %(most)d). Shorten it."
        )
        return field, Invalid(sentence, field=field, length=len(story), most=MAX_STORY)
    plain = _PLAIN.get((field, error.sentence))
    return (field, Invalid(plain, field=field)) if plain else (field, error)


_MISSING = "This is missing."
_PLAIN = {
    ("customer.name", _MISSING): N_("The customer's name is missing."),
    ("story", _MISSING): N_("Write down the customer's story first."),
    ("channel", _MISSING): N_("Say by which way the complaint came in."),
}

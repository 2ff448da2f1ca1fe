"""What the intake form holds: the complaint, and as many of the first acts as were taken.

Refusals come back with the fields of the form, in the words of the desk.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from flask_babel import gettext

from complaints.actions.intake import Intake, RecordIncomplete, SeveralRefused
from complaints.actions.reading import MISSING, BodyErrors
from complaints.actions.recording import ActGiven
from complaints.domain.errors import N_, Invalid, Refused
from complaints.domain.evidence import say_lacking
from complaints.rulebook import RuleBook
from complaints.steps.receive import MAX_STORY
from complaints.web.frame.form_parsing import part_of
from complaints.web.frame.translations import lang

#: Each of the first acts and what says that it was done: its box, or the customer's answer.
_DONE = {
    "attestation": "listened",
    "confirmation": "answer",
    "apology": "said",
    "promise": "told",
}

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


def read_intake(rules: RuleBook, given: Mapping[str, Any], *, registers: bool) -> Intake:
    """The intake that the form stands for; `registers` makes the receipt its last act.

    An act was taken when its box is ticked, an answer is chosen or a reason is given. What was
    prepared but not said is kept as a note when the complaint is only saved.
    """
    typed = part_of(given, "customer")
    customer = {name: value for name, value in typed.items() if name not in ("known", "q")}
    known = str(typed.get("known", "")).strip()
    if not known:
        customer = _from_look_up(customer, str(typed.get("q", "")))
    complaint = {name: given[name] for name in _COMPLAINT_FIELDS if name in given}
    acts = [act for noun in _DONE for act in _taken(noun, part_of(given, noun))]
    if registers:
        acts.append(ActGiven("receipt", part_of(given, "receipt")))
    else:
        unsaid = _unsaid(rules, given)
        acts += [ActGiven("note", {"text": unsaid})] if unsaid else []
    return Intake(complaint={**complaint, "customer": customer}, known=known, acts=acts)


@contextmanager
def in_words_of_the_form(rules: RuleBook, story: str) -> Iterator[None]:
    """Turn refusals of an intake into those of the form's own fields."""
    try:
        yield
    except SeveralRefused as refusal:
        found: list[tuple[str, Invalid]] = []
        for each in refusal.refusals:
            found += [pair for pair in _of_fields(rules, each, story) if not _is_told(pair, found)]
        raise BodyErrors(found) from None
    except (RecordIncomplete, Invalid) as refusal:
        raise BodyErrors(_of_fields(rules, refusal, story)) from None


def _of_fields(rules: RuleBook, refusal: Refused, story: str) -> list[tuple[str, Invalid]]:
    """What is wrong, by the form's own fields."""
    if isinstance(refusal, RecordIncomplete):
        return _incomplete(rules, refusal)
    if isinstance(refusal, BodyErrors):
        prefix = f"{refusal.noun}." if refusal.noun else ""
        errors = [(f"{prefix}{field}", each) for field, each in refusal.errors]
        return [_plainer(field, each, story) for field, each in errors]
    if refusal.noun is None:
        return [(refusal.field or "", _as_invalid(refusal, refusal.field))]
    # The form asks for no means; what is lacking is the address.
    is_address = refusal.field == "method"
    field = "customer.email" if is_address else f"{refusal.noun}.{refusal.field or ''}"
    return [(field, _as_invalid(refusal, field))]


def _as_invalid(refusal: Refused, field: str | None) -> Invalid:
    if isinstance(refusal, Invalid) and refusal.field == field:
        return refusal
    return Invalid(refusal.sentence, field=field, **refusal.params)


def _is_told(pair: tuple[str, Invalid], found: Sequence[tuple[str, Invalid]]) -> bool:
    """Whether the act of this field is named already: that it is missing follows from that."""
    noun = pair[0].partition(".")[0]
    return noun in _DONE and any(field.partition(".")[0] == noun for field, _ in found)


def _from_look_up(customer: Mapping[str, Any], asked: str) -> dict[str, Any]:
    """What was typed to look somebody up says who a new customer is, where nothing else does."""
    asked = asked.strip()
    if not asked or str(customer.get("name", "")).strip():
        return dict(customer)
    if any(each.isalpha() for each in asked) and "@" not in asked:
        return {**customer, "name": asked}
    return dict(customer)


def _taken(noun: str, part: Mapping[str, Any]) -> Iterator[ActGiven]:
    if not part.get(_DONE[noun]) and "unable" not in part:
        return
    fields = {name: value for name, value in part.items() if name not in ("said", "told")}
    yield ActGiven(noun, {**fields, "stage": "intake"} if noun == "apology" else fields)


def _unsaid(rules: RuleBook, given: Mapping[str, Any]) -> str:
    """What was prepared but not yet said, so that saving loses no word."""
    prepared = []
    confirmation, promise = part_of(given, "confirmation"), part_of(given, "promise")
    if confirmation.get("summary") and not confirmation.get("answer"):
        prepared.append(
            gettext("Summary, not read back yet: %(words)s", words=confirmation["summary"])
        )
    steps = [] if promise.get("told") else promise.get("steps") or []
    words = [str(step.get("what", "")) for step in steps if isinstance(step, Mapping)]
    proposed = {
        each.text(language)
        for each in rules.taxonomy.steps_of(str(given.get("category", "")).strip() or None)
        for language in ("id", "en")
    }
    if set(words) - proposed:
        prepared.append(gettext("Steps, not told yet: %(words)s", words="; ".join(words)))
    return "\n".join(prepared)


def _incomplete(rules: RuleBook, refusal: RecordIncomplete) -> list[tuple[str, Invalid]]:
    found: dict[str, Invalid] = {}
    for key in refusal.missing:
        field = _FIELD_OF[key]
        words = say_lacking(key, refusal.because.get(key), gettext)
        if key == "020-1.6":
            words += f" ({_gap_words(rules, refusal)})"
        sentence = N_("Cannot be registered yet: %(missing)s.")
        found.setdefault(field, Invalid(sentence, field=field, missing=words))
    return list(found.items())


def _gap_words(rules: RuleBook, refusal: RecordIncomplete) -> str:
    return ", ".join(rules.record.label(gap, lang()) for gap in refusal.gaps)


def _plainer(field: str, error: Invalid, story: str) -> tuple[str, Invalid]:
    """A sentence of the desk instead of one about bodies."""
    if field == "story" and len(story) > MAX_STORY:
        sentence = N_(
            "The story is too long (%(length)d characters; at most %(most)d). Shorten it."
        )
        return field, Invalid(sentence, field=field, length=len(story), most=MAX_STORY)
    plain = _PLAIN.get((field, error.sentence))
    return (field, Invalid(plain, field=field)) if plain else (field, error)


_PLAIN = {
    ("customer.name", MISSING): N_("The customer's name is missing."),
    ("story", MISSING): N_("Write down the customer's story first."),
    ("channel", MISSING): N_("Choose the channel the complaint came in through."),
}

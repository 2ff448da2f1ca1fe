"""The card beside the intake page: what to say at each step, with slots for names and words.

A slot is filled here as far as the form is, and by the page's script while somebody types.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import zip_longest
from typing import TypeAlias

from werkzeug.datastructures import MultiDict

from complaints.actions.registry import face_of
from complaints.domain.permissions import Actor
from complaints.domain.scripts import LANGUAGES
from complaints.domain.words.script_keys import ScriptKey
from complaints.rulebook import RuleBook
from complaints.web.complaint.scripts import GAP, Manner, greeting, manners_of

#: A slot's name and the words in it; the name is empty for the fixed words between slots.
Piece: TypeAlias = tuple[str, str]


@dataclass(frozen=True, slots=True)
class CardScript:
    """One script of the card in pieces; `talks` are the ways of talking that it fits."""

    pieces: list[Piece]
    talks: tuple[str, ...]


#: The scripts by the step of the conversation that they help at.
CARD = (
    (
        "greet",
        (
            ScriptKey.GREETING,
            ScriptKey.OFFER_A_SEAT,
            ScriptKey.ASK_FORM_OF_ADDRESS,
            ScriptKey.OFFER_HELP,
            ScriptKey.THANK_FOR_WRITING,
        ),
    ),
    ("confirm", face_of("confirmation").scripts),
    ("apologise", face_of("apology", "intake").scripts),
    ("promise", face_of("promise").scripts),
    ("leave", face_of("message").scripts),
    ("interrupt", face_of("attestation").scripts),
)


#: The standards of service whose do and don't stand beside each step.
_STANDARDS = {
    "greet": ("std2-menyimak",),
    "apologise": face_of("apology", "intake").standards,
    "leave": face_of("message").standards,
    "interrupt": face_of("message").standards,
}


def manners_on_card(rules: RuleBook) -> dict[str, list[Manner]]:
    """What to do and not to do at each step of the conversation, listening first."""
    return {step: manners_of(rules, standards) for step, standards in _STANDARDS.items()}


def script_card(
    rules: RuleBook,
    person: Actor,
    branch_id: int,
    form: MultiDict[str, str],
    now: datetime,
) -> dict[str, list[CardScript]]:
    """The scripts as pieces of text and slots, so that names can be filled in while typing."""
    language = form.get("customer.language") or LANGUAGES[0]
    language = language if language in LANGUAGES else LANGUAGES[0]
    values = _slot_values(rules, person, branch_id, form, now, language)

    def script(key: str) -> CardScript:
        found = rules.scripts.scripts[key]
        return CardScript(_pieces(found.text(language), values), found.talks)

    return {step: [script(key) for key in keys] for step, keys in CARD}


def _slot_values(
    rules: RuleBook,
    person: Actor,
    branch_id: int,
    form: MultiDict[str, str],
    now: datetime,
    language: str,
) -> Mapping[str, str]:
    category = rules.taxonomy.categories.get(form.get("category", ""))
    salutations = rules.organisation.salutations
    salutation, name = salutations.address(
        form.get("customer.name", ""), form.get("customer.salutation", "")
    )
    subject = category.spoken(language) if category else ""
    return {
        "time_of_day": greeting(rules, branch_id, now, language),
        "csr_name": person.name,
        "salutation": salutation,
        "salutation_short": salutations.short(salutation),
        "customer_name": name,
        "complaint_subject": subject or rules.scripts.default("complaint_subject", language),
        "reason_for_leaving": rules.scripts.default("reason_for_leaving", language),
        "summary": form.get("confirmation.summary", "").strip(),
    }


def _pieces(template: str, values: Mapping[str, str]) -> list[Piece]:
    """The fixed words and the slots of a template in turn, without empty pieces."""
    parts = re.split(r"\{([a-z_]+)\}", template)
    words = [("", each) for each in parts[::2]]
    slots = [(name, values.get(name) or GAP) for name in parts[1::2]]
    pairs = zip_longest(words, slots, fillvalue=("", ""))
    return [piece for pair in pairs for piece in pair if piece[1]]

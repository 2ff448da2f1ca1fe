"""The short end of a contact: answered, done, noted by its unit, or passed on with thanks."""

from dataclasses import dataclass
from typing import Any

from complaints.domain.errors import N_, Invalid
from complaints.domain.other_contacts.acts import ContactAct, ContactState
from complaints.domain.other_contacts.ending import End, require_end
from complaints.domain.permissions import Permission, require
from complaints.domain.taxonomy.items import ShortEnd
from complaints.domain.words.substance import require_substance
from complaints.models import OtherContact, User
from complaints.outbox.queue import letter_row, queue_letters
from complaints.people.colleagues import colleague_named
from complaints.people.customers import check_length
from complaints.steps.other_contacts.record import (
    ContactCase,
    note_act,
    require_open,
    tell_person,
    tell_team,
)

#: By which means somebody is answered or thanked.
MEANS = ("spoken", "phone", "email", "message", "letter")


@dataclass(frozen=True, slots=True)
class Ending:
    """How it ended: the words said and by which means, the unit and the person who have it now."""

    words: str = ""
    method: str = ""
    team: str = ""
    person: str = ""
    reference: str = ""


def hand_over(case: ContactCase, *, team: str, note: str = "", reference: str = "") -> None:
    """Give the contact to a unit, which hears of it and sees it from now on.

    `reference` is the number under which the unit has it.
    """
    require(case.by, Permission.HANDLE)
    require_open(case)
    if not team.strip():
        raise Invalid(N_("Choose the unit."), field="team")
    contact, unit = case.contact, case.rules.team_by_code(team.strip())
    if unit.id == contact.team_id and reference.strip() == contact.reference:
        raise Invalid(N_("This unit has it already."), field="team")
    check_length("reference", reference, OtherContact.reference)
    contact.team_id, contact.handed_at = unit.id, case.at
    contact.reference = reference.strip() or contact.reference
    detail = {"team": unit.code, "text": note.strip(), "reference": reference.strip()}
    note_act(case, ContactAct.HAND_OVER, detail)
    tell_team(case, unit.id, "contact_handed")


def note_on(case: ContactCase, *, text: str) -> None:
    """Keep what became known, for whoever goes on with it."""
    require(case.by, Permission.NOTE)
    require_substance(text, N_("Enter the note in a few words."), field="text")
    note_act(case, ContactAct.NOTE, {"text": text.strip()})


def end_contact(case: ContactCase, ending: Ending) -> None:
    """End it as its kind ends.

    Words by e-mail leave as a letter. The unit, or whoever is praised, hears of it.
    """
    require(case.by, Permission.HANDLE)
    require_open(case)
    contact, kind = case.contact, case.kind
    unit = case.rules.team_by_code(ending.team.strip()) if ending.team.strip() else None
    person = _praised(case, ending.person)
    if ending.method and ending.method not in MEANS:
        raise Invalid(N_("Choose how the customer was answered."), field="method")
    has_unit = unit is not None or contact.team_id is not None
    words = ending.words.strip()
    require_end(kind.ending, End(words, ending.method, has_unit, person is not None))
    check_length("reference", ending.reference, OtherContact.reference)
    letter = _write(case, words) if words and ending.method == "email" else None
    if unit is not None:
        contact.team_id, contact.handed_at = unit.id, case.at
    contact.person_id = person.id if person else None
    contact.reference = ending.reference.strip() or contact.reference
    contact.state = ContactState.ENDED.value
    contact.ended_at, contact.ended_by_id = case.at, case.by.id
    contact.ended_by_name = case.by.name
    contact.end_words, contact.end_method, contact.letter_key = words, ending.method, letter
    detail = {
        "text": words,
        "method": ending.method,
        "team": unit.code if unit else "",
        "person": person.name if person else "",
        "reference": ending.reference.strip(),
    }
    note_act(case, ContactAct.END, detail)
    told = "contact_praise" if kind.ending is ShortEnd.PASSED_ON else "contact_noted"
    if unit is not None:
        tell_team(case, unit.id, told)
    if person is not None:
        tell_person(case, person.id, told)


def _praised(case: ContactCase, said: str) -> User | None:
    if not said.strip():
        return None
    found = colleague_named(case.session, said)
    if found is None:
        raise Invalid(
            N_("Nobody with an account is called %(name)s. Choose the unit instead."),
            field="person",
            name=said.strip()[:60],
        )
    return found


def _write(case: ContactCase, words: str) -> str:
    """Queue the answer as a letter; returns its key."""
    contact = case.contact
    if not contact.customer_email:
        raise Invalid(
            N_("No email address was told. Choose another way to answer."), field="method"
        )
    key = f"contact_answer:{contact.id}:{contact.history_seq + 1}"
    facts = {**letter_facts(case), "text": words}
    row = letter_row(
        "contact_answer",
        key,
        to=contact.customer_email,
        language=contact.language,
        complaint_id=None,
        facts=facts,
        at=case.at,
    )
    queue_letters(case.session, [row])
    return key


def letter_facts(case: ContactCase) -> dict[str, Any]:
    """What every letter about a contact needs."""
    contact, rules = case.contact, case.rules
    salutation, name = rules.organisation.salutations.known(
        contact.customer_name, contact.customer_salutation
    )
    return {
        "number": case.number,
        "name": name,
        "salutation": salutation,
        "zone": str(rules.calendar_of(contact.branch_id).value.tz),
        "counter": rules.branches[contact.branch_id].address,
        "ending": case.kind.ending.value,
        "received_at": contact.received_at.isoformat(),
    }

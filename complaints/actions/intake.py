"""Intake: the complaint and as many of the first acts as the conversation came to.

One transaction: everything is recorded or nothing. The edge commits.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from complaints.actions.bodies import Spoken
from complaints.actions.new_complaint import ComplaintBody
from complaints.actions.reading import read_body
from complaints.actions.recording import ActGiven, naming_act, parse_body, take_act
from complaints.actions.registry import find_act
from complaints.contacts import normalise_email, normalise_phone
from complaints.domain.errors import N_, GateRefused, Invalid
from complaints.domain.permissions import Actor
from complaints.queries.lists.customers import find_contacts
from complaints.rulebook import RuleBook
from complaints.steps.advance import mandatory_gaps
from complaints.steps.amend import Amendment, amend_record
from complaints.steps.case import Case
from complaints.steps.receive import receive_complaint


@dataclass(frozen=True, slots=True, kw_only=True)
class Intake:
    """What a first conversation came to: the complaint as told, then the acts in their order.

    `complaint` is what a `ComplaintBody` reads. `known` is the key of a customer chosen among
    those already known; what was told of them today still stands in `complaint`.
    """

    complaint: Mapping[str, Any]
    known: str = ""
    acts: Sequence[ActGiven] = ()


class RecordIncomplete(GateRefused):
    """Registration refused; `gaps` are the mandatory fields of the record still empty."""

    def __init__(self, refusal: GateRefused, gaps: Sequence[str]) -> None:
        super().__init__(refusal.sentence, refusal.missing, refusal.because, **refusal.params)
        self.gaps = tuple(gaps)


def record_intake(
    session: Session, rules: RuleBook, intake: Intake, *, branch: str, by: Actor, now: datetime
) -> Case:
    """Receive the complaint and take the acts, all now; returns the case.

    1. the complaint is received; phone and e-mail told today win over those known;
    2. each act is taken in order, by the means of the channel where it names none; nobody attests
       having listened on a written channel, so that act falls away there.

    `branch` is the code of the branch where none was told. What one act is refused for carries
    its `index` and `noun`; a refused registration is a RecordIncomplete. Raises Refused in its
    many forms; then nothing may be committed.
    """
    case = _receive(session, rules, intake, branch=branch, by=by, now=now)
    channel = rules.taxonomy.channels[case.complaint.channel]
    means = _means(case)
    for index, act in enumerate(intake.acts):
        if act.noun == "attestation" and not channel.oral:
            continue
        with naming_act(index, act.noun):
            _take(case, act, means)
    return case


def _means(case: Case) -> str:
    """By which means we answer; who complained on a website may have left no e-mail address."""
    channel = case.rules.taxonomy.channels[case.complaint.channel]
    return channel.method if case.complaint.customer.email else channel.fallback


def _receive(
    session: Session, rules: RuleBook, intake: Intake, *, branch: str, by: Actor, now: datetime
) -> Case:
    told = intake.complaint
    typed: Mapping[str, Any] = told.get("customer") or {}
    if intake.known:
        told = {**told, "customer": {**typed, **_known(session, intake.known)}}
    body = read_body(ComplaintBody, told)
    complaint = body.given(branch=branch, now=now, source="desk")
    case = receive_complaint(session, rules, complaint, by=by, at=now)
    _correct_contacts(case, typed)
    return case


def _known(session: Session, key: str) -> dict[str, str]:
    """What tells the chosen customer from all others, so that receiving finds them again."""
    contacts = find_contacts(session, key)
    if contacts is None:
        raise Invalid(
            N_("This customer is not there any more. Search again."), field="customer.known"
        )
    phone = contacts.phone and f"+{contacts.phone}"
    found = {
        "name": contacts.name,
        "number": contacts.number,
        # What was taken before contacts were read strictly must not keep the customer out.
        "phone": phone if normalise_phone(phone) else "",
        "email": contacts.email if normalise_email(contacts.email) else "",
    }
    return {name: value for name, value in found.items() if value}


def _correct_contacts(case: Case, typed: Mapping[str, Any]) -> None:
    """A phone or address told today that differs from the one known wins, and is kept as such."""
    customer = case.complaint.customer
    phone, email = str(typed.get("phone", "")), str(typed.get("email", ""))
    change = Amendment(
        phone=phone if phone.strip() and normalise_phone(phone) != customer.phone else None,
        email=email if email.strip() and normalise_email(email) != customer.email else None,
    )
    if change.phone or change.email:
        try:
            amend_record(case, change)
        except Invalid as error:
            raise Invalid(error.sentence, field=f"customer.{error.field}", **error.params) from None


def _take(case: Case, act: ActGiven, means: str) -> None:
    given = dict(act.given)
    if issubclass(find_act(act.noun).body, Spoken):
        given.setdefault("method", "print" if act.noun == "receipt" else means)
    try:
        take_act(case, act.noun, parse_body(act.noun, given))
    except GateRefused as refusal:
        raise RecordIncomplete(refusal, mandatory_gaps(case)) from None

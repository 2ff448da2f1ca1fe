"""Intake: the complaint and as many of the first acts as the conversation came to.

One transaction: everything is recorded or nothing. The edge commits.
"""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from complaints.actions.bodies import Spoken
from complaints.actions.new_complaint import ComplaintBody
from complaints.actions.reading import BodyErrors, read_body
from complaints.actions.recording import (
    ActGiven,
    naming_act,
    one_of_several,
    parse_body,
    take_act,
)
from complaints.actions.registry import find_act
from complaints.contacts import normalise_email, normalise_phone
from complaints.domain.errors import N_, GateRefused, Invalid, Refused
from complaints.domain.permissions import Actor
from complaints.people.customers import (
    CustomerGiven,
    check_email,
    check_phone,
    part_name,
    speaks_for_themselves,
)
from complaints.queries.lists.customers import Contacts, find_contacts
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


#: The acts that a registration needs whatever the channel, and what each proves.
_FIRST_ACTS = {"confirmation": "020-1.2", "apology": "020-1.3", "promise": "020-1.4"}


class SeveralRefused(Refused):
    """Everything that an intake is refused for, in the order of the conversation."""

    status = 422

    def __init__(self, refusals: Sequence[Refused]) -> None:
        super().__init__(N_("%(count)d fields need correcting."), count=len(refusals))
        self.refusals = list(refusals)


class RecordIncomplete(GateRefused):
    """Registration refused; `gaps` are the mandatory fields of the record still empty."""

    def __init__(self, refusal: GateRefused, gaps: Sequence[str]) -> None:
        super().__init__(refusal.sentence, refusal.missing, refusal.because, **refusal.params)
        self.gaps = tuple(gaps)


def record_intake(
    session: Session, rules: RuleBook, intake: Intake, *, branch: str, by: Actor, now: datetime
) -> Case:
    """Receive the complaint and take the acts, all now; returns the case.

    1. the complaint is received; phone and e-mail told today are kept on it, and on the customer's
       record where that was chosen, or said to be the same person's, and the name agrees;
    2. each act is taken in order, by the means of the channel where it names none; nobody attests
       having listened on a written channel, so that act falls away there.

    `branch` is the code of the branch where none was told. What one act is refused for carries
    its `index` and `noun`; a refused registration is a RecordIncomplete. What can be put right by
    whoever filled the form is gathered, so that all of it is told at once (SeveralRefused). Raises
    Refused in its many forms; then nothing may be committed.
    """
    try:
        case = _receive(session, rules, intake, branch=branch, by=by, now=now)
    except Invalid as refusal:
        raise _with_unread_acts(intake, refusal) from None
    channel = rules.taxonomy.channels[case.complaint.channel]
    means = _means(case)
    refusals: list[Refused] = []
    for index, act in enumerate(intake.acts):
        if act.noun == "attestation" and not channel.oral:
            continue
        try:
            with one_of_several(case, index, act.noun):
                _take(case, act, means)
        except (Invalid, GateRefused) as refusal:
            refusals.append(refusal)
        except SQLAlchemyError:
            if not refusals:
                raise
            break  # a step that was refused has left something half done
    if refusals:
        raise _together(refusals)
    return case


def _with_unread_acts(intake: Intake, refusal: Invalid) -> Refused:
    """What the complaint is refused for, with what is wrong in the acts that were told with it."""
    refusals: list[Refused] = [refusal, *_wrong_contacts(intake, refusal)]
    taken = {act.noun for act in intake.acts}
    if "receipt" in taken:
        refusals += _never_taken(intake, taken)
    for index, act in enumerate(intake.acts):
        try:
            with naming_act(index, act.noun):
                parse_body(act.noun, act.given)
        except Invalid as wrong:
            refusals.append(wrong)
    return _together(refusals)


def _wrong_contacts(intake: Intake, refusal: Invalid) -> list[Refused]:
    """A phone or address that is none, where the complaint was refused before it was read."""
    if not isinstance(refusal, BodyErrors):
        return []
    typed: Mapping[str, Any] = intake.complaint.get("customer") or {}
    found: list[Refused] = []
    for name, check in (("phone", check_phone), ("email", check_email)):
        try:
            check(str(typed.get(name, "")), f"customer.{name}")
        except Invalid as wrong:
            found.append(wrong)
    return found


def _never_taken(intake: Intake, taken: Set[str]) -> list[Refused]:
    """That acts without which nothing is registered were not told of."""
    missing = [key for noun, key in _FIRST_ACTS.items() if noun not in taken]
    if not missing:
        return []
    return [RecordIncomplete(GateRefused(N_("Not possible yet."), missing), ())]


def _together(refusals: Sequence[Refused]) -> Refused:
    return refusals[0] if len(refusals) == 1 else SeveralRefused(refusals)


def _means(case: Case) -> str:
    """By which means we answer; who complained on a website may have left no e-mail address."""
    channel = case.rules.taxonomy.channels[case.complaint.channel]
    return channel.method if case.complaint.contact_email else channel.fallback


def _receive(
    session: Session, rules: RuleBook, intake: Intake, *, branch: str, by: Actor, now: datetime
) -> Case:
    told = intake.complaint
    typed: Mapping[str, Any] = told.get("customer") or {}
    if intake.known:
        chosen = _chosen(session, intake.known)
        name = str(typed.get("name", "")).strip() or chosen.name
        told = {**told, "customer": {**typed, "name": name}}
    body = read_body(ComplaintBody, told)
    complaint = body.given(branch=branch, now=now, source="desk")
    if intake.known:
        customer = replace(complaint.customer, known_id=chosen.id)
        complaint = replace(complaint, customer=customer)
    case = receive_complaint(session, rules, complaint, by=by, at=now)
    if case.complaint.doubted_number is not None:
        raise _whose(case)
    if intake.known or complaint.customer.same_person:
        _correct_record(case, complaint.customer)
    return case


def _chosen(session: Session, key: str) -> Contacts:
    contacts = find_contacts(session, key)
    if contacts is None:
        raise Invalid(
            N_("This customer is not there any more. Search again."), field="customer.known"
        )
    return contacts


def _whose(case: Case) -> Invalid:
    """The question that somebody at the desk can put to the customer before anything is stored."""
    return Invalid(
        N_(
            "Record %(number)s has another name, phone and email than %(name)s gave. Ask the "
            "customer, then choose whose complaint this is."
        ),
        field="customer.same_person",
        number=case.complaint.doubted_number or "",
        name=case.complaint.contact_name,
    )


def _correct_record(case: Case, told: CustomerGiven) -> None:
    """A phone or address that the customer told at the desk is kept on their record as well.

    What somebody else told in their name stays with the complaint.
    """
    customer = case.complaint.customer
    told = part_name(case.rules.organisation.salutations, told)
    if not speaks_for_themselves(customer, told):
        return
    phone, email = normalise_phone(told.phone), normalise_email(told.email)
    change = Amendment(
        phone=told.phone if phone is not None and phone != customer.phone else None,
        email=told.email if email is not None and email != customer.email else None,
        in_record=True,
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

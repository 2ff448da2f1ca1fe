"""Take a contact that is no complaint; where it was answered at once, it is ended as well."""

from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy.orm import Session

from complaints.contacts import normalise_email, normalise_phone
from complaints.domain.errors import N_, Invalid
from complaints.domain.other_contacts.acts import ContactAct
from complaints.domain.other_contacts.ending import require_way_back
from complaints.domain.permissions import Actor, Permission, require
from complaints.domain.words.folding import clean
from complaints.models import OtherContact
from complaints.people.customers import (
    CustomerGiven,
    check_email,
    check_length,
    check_not_ours,
    check_phone,
    find_customer,
    part_name,
)
from complaints.rulebook import RuleBook
from complaints.rulebook.in_use import require_in_use
from complaints.steps.other_contacts.end import Ending, end_contact
from complaints.steps.other_contacts.record import ContactCase, kind_of, note_act
from complaints.steps.receive import MAX_STORY, check_branch


@dataclass(frozen=True, slots=True)
class ContactGiven:
    """What is known of it; only kind, channel and words are sure.

    With an `end` it was answered at once. `is_unchecked` is what nobody of us has seen or heard:
    it is linked to no record. `came_from_id` is the complaint it was recorded as first, for that
    `reason`.
    """

    kind: str
    channel: str
    words: str
    branch: str
    received_at: datetime
    customer: CustomerGiven = field(default_factory=lambda: CustomerGiven(name=""))
    source: str = "desk"
    end: Ending | None = None
    is_unchecked: bool = False
    has_consented: bool = False
    came_from_id: int | None = None
    reason: str = ""


def take_contact(
    session: Session, rules: RuleBook, given: ContactGiven, *, by: Actor, at: datetime
) -> ContactCase:
    """Record a contact and, where it was answered at once, its end.

    Raises Forbidden when the person may record nothing for that branch, and Invalid for an unknown
    kind, channel or branch, a branch that takes nothing new any more, no words or too many, times
    in the future of `at`, and where somebody waits for an answer and told no way to be reached.
    """
    require(by, Permission.INTAKE)
    kind = kind_of(rules, given.kind)
    customer = part_name(rules.organisation.salutations, given.customer)
    given = replace(given, customer=customer)
    _check(rules, given, at)
    check_branch(rules, given.branch, by)
    if not given.is_unchecked and given.came_from_id is None:
        # What customers send themselves, or said before as a complaint, is never turned away.
        rules.branch_in_use(given.branch)
    if given.end is None and given.came_from_id is None:
        require_way_back(
            kind.ending, name=customer.name, phone=customer.phone, email=customer.email
        )
    branch = rules.branch_by_code(given.branch)
    zone = rules.calendar_of(branch.id).value.tz
    contact = OtherContact(
        year=given.received_at.astimezone(zone).year,
        kind=kind.id,
        branch_id=branch.id,
        channel=given.channel,
        source=given.source,
        words=given.words.strip(),
        received_at=given.received_at.replace(microsecond=0),
        taken_at=at.replace(microsecond=0),
        taken_by_id=by.id,
        taken_by_name=by.name,
        customer_id=_known(session, given),
        customer_name=customer.name,
        customer_salutation=customer.salutation,
        customer_number=clean(customer.number),
        customer_phone=normalise_phone(customer.phone),
        customer_email=normalise_email(customer.email),
        language=customer.language or "id",
        came_from_id=given.came_from_id,
        reason=given.reason,
        history_seq=0,
        history_hash="",
    )
    session.add(contact)
    session.flush()
    case = ContactCase(session, rules, contact, by, at)
    came_from = given.came_from_id is not None and given.reason
    detail = {"kind": kind.id, "channel": given.channel, "source": given.source}
    consent = {"consent": True} if given.has_consented else {}
    note_act(case, ContactAct.TAKE, {**detail, **consent, "reason": came_from or ""})
    if given.end is not None:
        end_contact(case, given.end)
    return case


def _known(session: Session, given: ContactGiven) -> int | None:
    """The customer whom the contacts fit; nobody becomes one by asking a question."""
    customer = given.customer
    told = customer.number or customer.phone or customer.email or customer.known_id
    if given.is_unchecked or not told:
        return None
    found = find_customer(session, customer).customer
    return found.id if found is not None else None


def _check(rules: RuleBook, given: ContactGiven, at: datetime) -> None:
    """Raise Invalid for the first thing that cannot be recorded as given."""
    if not given.words.strip():
        raise Invalid(N_("Write down what the customer said first."), field="words")
    if len(given.words) > MAX_STORY:
        raise Invalid(
            N_("This text is too long (%(length)d characters; at most %(most)d). Shorten it."),
            field="words",
            length=len(given.words),
            most=MAX_STORY,
        )
    channel = rules.taxonomy.channels.get(given.channel)
    if channel is None:
        raise Invalid(N_("There is no channel %(code)s."), field="channel", code=given.channel[:40])
    require_in_use("channel", given.channel, channel)
    if given.received_at > at:
        raise Invalid(N_("The time of receipt cannot be in the future."), field="received_at")
    customer = given.customer
    check_length("source", given.source, OtherContact.source)
    check_length("customer.name", customer.name, OtherContact.customer_name)
    check_length("customer.salutation", customer.salutation, OtherContact.customer_salutation)
    check_length("customer.number", customer.number, OtherContact.customer_number)
    check_length("customer.email", customer.email, OtherContact.customer_email)
    check_phone(customer.phone, "customer.phone")
    check_email(customer.email, "customer.email")
    check_not_ours(rules, customer.email, "customer.email")

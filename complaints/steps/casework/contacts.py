"""Where a complaint's letters go: changed, told to whom it went before, the old link void.

A complaint keeps the name and contacts of its own. The customer's record is shared by all branches;
what is changed there through one complaint leads the letters of no other one away.
"""

import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import update

from complaints.domain.lifecycle import Action
from complaints.domain.words.folding import fold
from complaints.models import Customer, OutboxMessage
from complaints.outbox.queue import queue_letters
from complaints.people.customer_facts import note_facts, note_own
from complaints.people.customers import lock_customer
from complaints.rows import Written, note_written
from complaints.steps.advance import advance
from complaints.steps.case import Case
from complaints.steps.notify import customer_letter, letter_to_customer


@dataclass(frozen=True, slots=True)
class Changed:
    """Which fields changed, with what may be said of before, and the addresses used till now."""

    fields: Mapping[str, str] = field(default_factory=dict)
    addresses: Collection[str] = ()
    has_new_link: bool = False


def change_contacts(
    case: Case, told: Mapping[str, str | None], *, in_record: bool | None
) -> Changed:
    """Set name, salutation, phone and e-mail of the complaint, and of the record if that is meant.

    `told` are the fields that were told, as they are stored; `in_record` None changes the record
    where it says the same as the complaint. A contact that is told as None is none any more. Old
    values stay in the customer's own history.
    """
    complaint = case.complaint
    own, shared = _differing(case, told, in_record)
    customer = lock_customer(case.session, complaint.customer_id) if shared else complaint.customer
    addresses = {complaint.contact_email} if "email" in own else set()
    if "email" in shared:
        addresses.add(customer.email)
    has_new_link = "email" in own and bool(complaint.contact_email)
    if has_new_link:
        _lead_on(case, complaint.contact_email or "", own["email"])
        void_link(case)
    said_before = complaint.contact_salutation
    _keep_own(case, {name: own[name] for name in own if name not in shared})
    for name, value in own.items():
        setattr(complaint, f"contact_{name}", value)
    _set_record(case, customer, shared)
    left = {each for each in addresses if each and each != told.get("email")}
    # Contacts stay out of the history; that they changed is enough there.
    fields = dict.fromkeys([*own, *shared], "")
    if "salutation" in fields:
        fields["salutation"] = said_before
    return Changed(fields, sorted(left), has_new_link)


def tell_of_change(case: Case, changed: Changed, *, is_silent: bool = False) -> None:
    """Write to each address that is no longer used, and send the new link, else on paper.

    `is_silent` writes to none of the former addresses.
    """
    complaint = case.complaint
    facts = {} if complaint.contact_email else {"is_removed": True}
    letters = [
        customer_letter(
            case,
            "address_changed",
            f"address_changed:{complaint.id}:{complaint.history_seq}:{position}",
            facts=facts,
            via="email",
            to=address,
        )
        for position, address in enumerate(() if is_silent else changed.addresses)
    ]
    if letters:
        queue_letters(case.session, letters)
    if changed.has_new_link:
        letter_to_customer(case, "new_link", facts={}, or_paper=True)


def renew_link(case: Case) -> None:
    """Void the customer's secret link at once and send a new one, on paper without an address."""
    void_link(case)
    advance(case, Action.RENEW_LINK)
    letter_to_customer(case, "new_link", facts={}, or_paper=True)


def void_link(case: Case) -> None:
    """Make the customer's link void; the one that works from now on is given now."""
    case.complaint.follow_nonce = secrets.token_hex(16)
    case.complaint.link_given_at = case.at


def _differing(
    case: Case, told: Mapping[str, str | None], in_record: bool | None
) -> tuple[dict[str, str | None], dict[str, str | None]]:
    """What is new on the complaint, and what on the record."""
    complaint, customer = case.complaint, case.complaint.customer
    own: dict[str, str | None] = {}
    shared: dict[str, str | None] = {}
    for name, value in told.items():
        before, on_record = getattr(complaint, f"contact_{name}"), getattr(customer, name)
        if value != before:
            own[name] = value
        follows = (before or "") == (on_record or "") if in_record is None else in_record
        if follows and value != on_record:
            shared[name] = value
    return own, shared


def _set_record(case: Case, customer: Customer, shared: Mapping[str, Any]) -> None:
    before = {name: getattr(customer, name) for name in shared}
    for name, value in shared.items():
        setattr(customer, name, value)
    if "name" in shared:
        customer.name_key = fold(customer.name)[: Customer.name_key.type.length]
    now = case.recorded_at or case.at
    note_facts(case.session, customer, before, by=case.by, at=now, source="complaint")


def _keep_own(case: Case, told: Mapping[str, Any]) -> None:
    """Keep what stood on this complaint alone, beside what stood in the record."""
    for name, value in told.items():
        before = getattr(case.complaint, f"contact_{name}")
        now = case.recorded_at or case.at
        note_own(case.session, case.complaint, name, value, before, by=case.by, at=now)


def _lead_on(case: Case, old: str, new: str | None) -> None:
    """Letters that still wait go to the new address, or on paper: they carry the new link."""
    instead = {"to_address": new} if new else {"to_address": "", "via": "letter"}
    if not new:
        instead["state"] = "to_print"
    statement = (
        update(OutboxMessage)
        .where(
            OutboxMessage.complaint_id == case.complaint.id,
            OutboxMessage.state == "queued",
            OutboxMessage.to_address == old,
        )
        .values(**instead)
        .returning(OutboxMessage.id)
    )
    ids = case.session.scalars(statement).all()
    note_written(case.session, Written(OutboxMessage, ids=ids))

"""Complete or correct the written record; the story itself is never overwritten."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from complaints.contacts import normalise_email, normalise_phone
from complaints.domain.errors import N_, Invalid
from complaints.domain.lifecycle import Action
from complaints.domain.short_reason import require_reason
from complaints.domain.words.exits import Unable
from complaints.domain.words.folding import clean
from complaints.models import Customer
from complaints.people.customers import (
    check_email,
    check_length,
    check_needs,
    check_not_ours,
    check_phone,
)
from complaints.queries.complaint.proofs import judged_by
from complaints.rulebook.in_use import require_in_use
from complaints.steps.advance import Proven, advance, evidence, mandatory_gaps
from complaints.steps.case import Case
from complaints.steps.casework.contacts import change_contacts, tell_of_change
from complaints.steps.casework.customer_weight import CustomerWeight, note_lighter
from complaints.steps.commitments.bring import note_brought
from complaints.steps.commitments.undertake import said_of
from complaints.steps.prioritise import follow_customer
from complaints.steps.receive import check_category


@dataclass(frozen=True, slots=True)
class Amendment:
    """What to change; None leaves a field as it is."""

    category: str | None = None
    product: str | None = None
    remedy_wanted: str | None = None
    incident_at: datetime | None = None
    name: str | None = None
    phone: str | None = None
    email: str | None = None
    salutation: str | None = None
    needs: tuple[str, ...] | None = None
    #: Whether name and contacts are changed on the customer's record as well; None does so where
    #: the record says the same as the complaint.
    in_record: bool | None = None
    #: Contacts that are none any more, ``phone`` or ``email``, and why.
    cleared: tuple[str, ...] = ()
    reason: str = ""
    #: Whether an address that is no longer used hears nothing of it.
    no_letter: bool = False


def amend_record(case: Case, change: Amendment, *, unable: Unable | None = None) -> None:
    """Amend the record and keep what stood there before in the history.

    Name and contacts are those of this complaint, whatever the customer's other ones go on with; an
    address that is replaced or cleared gets a letter that says so, or the history says that it must
    not, and its link is void. Letters that wait for an address that was cleared are printed.

    What the customer promised to bring is there once the record says it.

    Where nobody signed that the record had to stay incomplete (020-1.6), what completes it proves
    the criterion, and `unable` excuses it anew.

    A new category sets the provisional priority and the clocks anew; once 020-2.4 is set the matrix
    decides again, unless a supervisor has: a correction is no way round the priority.
    """
    if change.category is not None and change.category != case.complaint.category:
        check_category(case.rules, change.category)
        chosen = case.rules.taxonomy.categories[change.category]
        require_in_use("category", chosen.id, chosen)
    check_needs(case.rules, change.needs or (), "needs")
    check_phone(change.phone or "", "phone")
    check_email(change.email or "", "email")
    check_not_ours(case.rules, change.email or "", "email")
    for field, column in (("name", Customer.name), ("salutation", Customer.salutation)):
        check_length(field, getattr(change, field) or "", column)
    if change.incident_at is not None and change.incident_at > case.at:
        raise Invalid(N_("The time of the incident cannot be in the future."), field="incident_at")
    reason = _reason_to_clear(case, change)
    before: dict[str, Any] = {}
    complaint, customer = case.complaint, case.complaint.customer
    weighed = CustomerWeight.of(customer)
    changed = change_contacts(case, _contacts(case, change), in_record=change.in_record)
    before.update(changed.fields)
    if reason and not (complaint.contact_phone or complaint.contact_email or customer.number):
        customer.no_contact_reason = reason[: Customer.no_contact_reason.type.length]
    for row, name, value in (
        (complaint, "category", change.category),
        (complaint, "product", change.product),
        (complaint, "remedy_wanted", change.remedy_wanted),
        (complaint, "incident_at", change.incident_at),
        (customer, "needs", list(change.needs) if change.needs is not None else None),
    ):
        old = getattr(row, name)
        if value is not None and value != old:
            before[name] = str(old or "")
            setattr(row, name, value)
    proven = _record_made_up_for(case, unable)
    if not before and not proven:
        raise Invalid(N_("Nothing was changed."))
    was = complaint.priority
    priority = follow_customer(case) if {"category", "needs"} & set(before) else []
    note_lighter(case, weighed)
    brought = note_brought(case, before)
    unwritten = len(changed.addresses) if change.no_letter else 0
    advance(
        case,
        Action.AMEND,
        proven=[*proven, *priority],
        detail={
            "changed": sorted(before),
            "before": before,
            **({"reason": reason} if reason else {}),
            **({"unwritten": unwritten} if unwritten else {}),
            **({"priority": complaint.priority, "priority_before": was} if priority else {}),
            **({"done": said_of(brought)} if brought else {}),
        },
        keep=lambda clocks: clocks.recompute(case.at, "record amended"),
    )
    tell_of_change(case, changed, is_silent=change.no_letter)


def _cleared(case: Case, change: Amendment) -> list[str]:
    """The contacts to take away that this complaint has."""
    return [each for each in change.cleared if getattr(case.complaint, f"contact_{each}")]


def _reason_to_clear(case: Case, change: Amendment) -> str:
    """Why a contact is taken away, "" where none is; Invalid without a reason.

    Invalid as well where the same contact is told anew and taken away.
    """
    for name in change.cleared:
        if getattr(change, name):
            raise Invalid(N_("Enter a new contact, or remove it; not both."), field=name)
    if not _cleared(case, change):
        return ""
    return require_reason(change.reason, N_("Enter why the phone number or email is removed."))


def _contacts(case: Case, change: Amendment) -> dict[str, str | None]:
    """What is told of name and contacts, as it is stored."""
    told: dict[str, str | None] = {
        "salutation": change.salutation,
        "phone": normalise_phone(change.phone or ""),
        "email": normalise_email(change.email or ""),
    }
    if clean(change.name or ""):
        spoken, told["name"] = case.rules.organisation.salutations.part(clean(change.name or ""))
        told["salutation"] = change.salutation or spoken or None
    known = {name: value for name, value in told.items() if value is not None}
    return {**known, **dict.fromkeys(_cleared(case, change))}


def _record_made_up_for(case: Case, unable: Unable | None) -> list[Proven]:
    """The record as its exit came back unsigned: complete by now, or excused once more."""
    if unable is None and not case.complaint.record_gaps:
        return []
    items = evidence(case.session, case.rules, case.complaint)
    is_returned = any(each.criterion == "020-1.6" and each.is_undone for each in items)
    if not is_returned:
        if unable is not None:
            raise Invalid(N_("The written record is not awaited here."), field="unable")
        return []
    if unable is not None:
        return [Proven("020-1.6", method="print", unable=unable, detail=judged_by(case.complaint))]
    case.complaint.record_gaps = {}
    if mandatory_gaps(case):
        return []
    return [Proven("020-1.6", method="print", detail=judged_by(case.complaint))]

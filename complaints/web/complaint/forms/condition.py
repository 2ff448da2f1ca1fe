"""What is known of a customer: to be ticked in the review (020-2.3), to be corrected, contacts."""

from collections.abc import Mapping
from datetime import date, datetime, tzinfo
from typing import Any

from flask_babel import gettext

from complaints.domain.errors import N_
from complaints.formatting import say_date
from complaints.models import Complaint, Customer
from complaints.models.customer import CONTACTS
from complaints.people.customer_facts import facts_stated, latest_of
from complaints.queries.complaint.condition import Condition, read_condition
from complaints.queries.complaint.dossier import Dossier
from complaints.steps.case import Case
from complaints.steps.casework.customer import called
from complaints.steps.casework.unmerge import merge_to_undo, numbers_of
from complaints.web.frame.choices import product_choices
from complaints.web.frame.filters import label, money
from complaints.web.frame.translations import lang

_CALLED = {
    "number": N_("Customer number"),
    "name": N_("Name"),
    "salutation": N_("Form of address"),
    "phone": N_("Phone"),
    "email": N_("Email"),
}


def known_of_customer(case: Case, products: Mapping[str, str], now: datetime) -> list[str]:
    """One sentence for each thing known, in the page's language; `products` are words by code."""
    customer, taxonomy = case.complaint.customer, case.rules.taxonomy
    known = read_condition(case.session, case.complaint, now)
    zone = case.rules.calendar_of(case.complaint.branch_id).value.tz
    items: list[str] = []
    if customer.tier in taxonomy.tiers:
        tier = gettext("Customer type: %(words)s", words=label(taxonomy.tiers[customer.tier]))
        items.append(_dated(tier, known, "tier", zone))
    items += [label(taxonomy.needs[each]) for each in customer.needs if each in taxonomy.needs]
    items += _stated(known, products, zone)
    if customer.created_at < case.complaint.received_at:
        since = say_date(customer.created_at.astimezone(zone).date(), lang())
        items.append(gettext("Known to us since %(date)s", date=since))
    if known.products:
        names = ", ".join(products.get(each, each) for each in known.products)
        items.append(gettext("Products: %(names)s", names=names))
    for count, words in (
        (known.open_complaints, N_("Other open complaints: %(count)s")),
        (known.earlier_complaints, N_("Earlier complaints: %(count)s")),
        (known.same_matter, N_("Earlier complaints of the same: %(count)s")),
        (
            known.around,
            N_("Same complaint by others here in the last 24 hours: %(count)s"),
        ),
    ):
        if count:
            items.append(gettext(words, count=count))
    if customer.language == "en":
        items.append(gettext("Speaks English"))
    if not (case.complaint.contact_phone or case.complaint.contact_email):
        items.append(gettext("Cannot be reached by phone or email"))
    return items


def facts_to_correct(case: Case, dossier: Dossier, stage: str, now: datetime) -> dict[str, Any]:
    """The facts to be corrected, and by whom each was stated last."""
    customer, rules = case.complaint.customer, case.rules
    zone = rules.calendar_of(case.complaint.branch_id).value.tz
    stated = latest_of(facts_stated(case.session, customer.id))
    products = product_choices(rules, customer.products)
    others = [each for each in customer.products if each not in rules.organisation.products]
    return {
        "tiers": [(each.id, label(each)) for each in rules.taxonomy.tiers.values()],
        "products": [*products, *((each, each) for each in others)],
        "stated": {
            fact: gettext(
                "Stated on %(date)s by %(name)s",
                date=say_date(each.at.astimezone(zone).date(), lang()),
                name=each.by_name,
            )
            for fact, each in stated.items()
        },
        "proposed": {
            "tier": customer.tier,
            "since": customer.since.isoformat() if customer.since else "",
            "products": list(customer.products),
            "arrears": "" if customer.arrears is None else str(customer.arrears),
            "notes": customer.notes,
        },
    }


def _stated(known: Condition, products: Mapping[str, str], zone: tzinfo) -> list[str]:
    """What was stated of the customer, each with its date."""
    told: list[tuple[str, str]] = []
    if known.since:
        day = say_date(date.fromisoformat(known.since), lang())
        told.append(("since", gettext("Customer since %(date)s", date=day)))
    if known.contract:
        names = ", ".join(products.get(each, each) for each in known.contract)
        told.append(("products", gettext("Has by contract: %(names)s", names=names)))
    if known.arrears:
        amount = money(known.arrears)
        told.append(("arrears", gettext("Arrears: %(amount)s", amount=amount)))
    elif known.arrears is not None:
        told.append(("arrears", gettext("No arrears")))
    if known.notes:
        told.append(("notes", gettext("Note: %(text)s", text=" ".join(known.notes.split()))))
    return [_dated(words, known, fact, zone) for fact, words in told]


def _dated(words: str, known: Condition, fact: str, zone: tzinfo) -> str:
    """The words with the day on which the fact was stated; as they are where nobody stated it."""
    if fact not in known.as_of:
        return words
    day = say_date(datetime.fromisoformat(known.as_of[fact]).astimezone(zone).date(), lang())
    return gettext("%(fact)s (as of %(date)s)", fact=words, date=day)


def contacts_agree(complaint: Complaint, customer: Customer) -> bool:
    """Whether the customer's record has the name and contacts of this complaint."""
    return not record_differs(complaint, customer)


def record_differs(complaint: Complaint, customer: Customer) -> list[tuple[str, str]]:
    """What the record has otherwise than the complaint: the field, and what stands there."""
    pairs = (
        ("name", complaint.contact_name, customer.name),
        ("phone", complaint.contact_phone, customer.phone and f"+{customer.phone}"),
        ("email", complaint.contact_email, customer.email),
    )
    return [
        (gettext(_CALLED[name]), noted or "–")
        for name, told, noted in pairs
        if (told or "") != (noted or "").removeprefix("+" if name == "phone" else "")
    ]


def contacts_before(case: Case) -> list[str]:
    """What stood in the customer's record before, each with day and person, latest first."""
    zone = case.rules.calendar_of(case.complaint.branch_id).value.tz
    stated = facts_stated(case.session, case.complaint.customer_id, 20, of=CONTACTS)
    return [
        gettext(
            "%(field)s: %(before)s, until %(day)s (%(by)s)",
            field=gettext(_CALLED[each.fact]),
            before=each.before or "–",
            day=say_date(each.at.astimezone(zone), lang()),
            by=each.by_name,
        )
        for each in stated
    ]


def merging_facts(case: Case, dossier: Dossier, stage: str, now: datetime) -> dict[str, Any]:
    """The merging that would be undone: by whom, when, which record, which complaints."""
    merged = merge_to_undo(case.session, case.complaint.customer_id)
    if merged is None:
        return {"merged": None}
    gone = case.session.get_one(Customer, merged.gone_id)
    numbers = numbers_of(case, merged.moved)
    said = {"by": merged.by, "at": merged.at, "gone": called(gone)}
    return {"merged": {**said, "numbers": ", ".join(numbers)}}

"""Whoever complains: told of themselves, found again by number, phone or e-mail, or noted anew."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import and_, bindparam, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from complaints.contacts import is_shortened, normalise_email, normalise_phone
from complaints.db import take_turns
from complaints.domain.errors import N_, Invalid
from complaints.domain.scripts import part_salutation
from complaints.domain.taxonomy import Taxonomy
from complaints.domain.words.folding import clean, fold
from complaints.models import Customer
from complaints.rulebook import RuleBook

#: A customer, or a row with what tells one from another.
Known = TypeVar("Known", bound=Any)


@dataclass(frozen=True, slots=True)
class CustomerGiven:
    """What the customer told of themselves; contacts as typed."""

    name: str
    salutation: str = ""
    phone: str = ""
    email: str = ""
    number: str = ""
    tier: str = ""
    needs: tuple[str, ...] = ()
    language: str = ""
    no_contact_reason: str = ""


def check_length(field: str, text: str, column: InstrumentedAttribute[Any]) -> None:
    """Raise Invalid for a text that its column cannot hold; SQLite would not say so."""
    most = column.type.length
    if len(text.strip()) > most:
        raise Invalid(
            N_("This text is too long (%(length)d characters; at most %(most)d). Shorten it."),
            field=field,
            length=len(text.strip()),
            most=most,
        )


def check_customer(rules: RuleBook, given: CustomerGiven) -> None:
    """Raise Invalid for the first thing about a customer that cannot be recorded as given."""
    if not clean(given.name):
        raise Invalid(N_("The customer's name is missing."), field="customer.name")
    check_length("customer.name", given.name, Customer.name)
    check_length("customer.salutation", given.salutation, Customer.salutation)
    check_length("customer.email", given.email, Customer.email)
    check_length("customer.number", given.number, Customer.number)
    check_phone(given.phone, "customer.phone")
    check_email(given.email, "customer.email")
    reachable = clean(given.phone) or clean(given.email) or clean(given.number)
    if not reachable and not given.no_contact_reason.strip():
        raise Invalid(
            N_("Enter at least one: phone, email or customer number. If there is none, say why."),
            field="customer.contact",
        )
    if given.tier and given.tier not in rules.taxonomy.tiers:
        raise Invalid(
            N_("There is no customer type %(code)s."), field="customer.tier", code=given.tier[:40]
        )
    check_needs(rules, given.needs, "customer.needs")


def check_phone(typed: str, field: str) -> None:
    """Raise Invalid when something was typed that can be no telephone number."""
    if not clean(typed) or normalise_phone(typed) is not None:
        return
    if is_shortened(typed):
        raise Invalid(
            N_(
                "A spreadsheet has shortened this number to %(typed)s; its last digits are lost. "
                "Enter the whole number."
            ),
            field=field,
            typed=clean(typed),
        )
    raise Invalid(N_("Enter a valid phone number, such as 0812 3456 7890."), field=field)


def check_email(typed: str, field: str) -> None:
    """Raise Invalid when something was typed that no letter can ever reach."""
    if clean(typed) and normalise_email(typed) is None:
        raise Invalid(N_("Enter a valid email address, such as name@example.com."), field=field)


def check_needs(rules: RuleBook, needs: Iterable[str], field: str) -> None:
    """Raise Invalid for the first need that the taxonomy does not hold."""
    for code in needs:
        if code not in rules.taxonomy.needs:
            raise Invalid(N_("There is no special need %(code)s."), field=field, code=code[:40])


#: Whoever may be the same person. A contact that was not given equals nobody's.
_CANDIDATES = select(
    Customer.id, Customer.number_key, Customer.name_key, Customer.phone, Customer.email
).where(
    or_(
        and_(
            Customer.name_key == bindparam("name_key"),
            or_(Customer.phone == bindparam("phone"), Customer.email == bindparam("email")),
        ),
        Customer.number_key == bindparam("number"),
    )
)


def find_customer(session: Session, given: CustomerGiven) -> Customer | None:
    """A known customer with the same number, else phone, else e-mail; None when all are new."""
    number, phone, email = contacts_of(given)
    if number is None and phone is None and email is None:
        return None
    told = {"number": number, "phone": phone, "email": email, "name_key": name_key_of(given)}
    session.flush()
    # Most who complain are new, and plain rows come quicker than objects.
    found = pick_customer(session.connection().execute(_CANDIDATES, told), given)
    return session.get(Customer, found.id) if found else None


def await_turn(session: Session, given: CustomerGiven) -> None:
    """Wait while somebody else records a first contact told with the same number, phone or e-mail.

    Whoever comes second then finds the customer whom the first one noted. In a fixed order, so that
    two never wait for each other.
    """
    told = zip(("number", "phone", "email"), contacts_of(given), strict=True)
    for name, value in sorted((name, value) for name, value in told if value is not None):
        take_turns(session, f"customer {name} {value}")


def pick_customer(candidates: Iterable[Known], given: CustomerGiven) -> Known | None:
    """The one of these customers who is the same person, the longest known first, or None.

    A shared phone or address (a family, an office) counts only when the name agrees as well, and
    never against a customer number of its own.
    """
    number, phone, email = contacts_of(given)
    known = sorted(candidates, key=lambda each: (each.id is None, each.id or 0))
    for each in known:
        if number is not None and each.number_key == number:
            return each
    name_key = name_key_of(given)
    for name, value in (("phone", phone), ("email", email)):
        for each in known:
            has_other_number = number is not None and each.number_key is not None
            is_same = each.name_key == name_key and getattr(each, name) == value
            if value is not None and is_same and not has_other_number:
                return each
    return None


def new_customer(taxonomy: Taxonomy, given: CustomerGiven, at: datetime) -> Customer:
    """A customer as told, contacts normalised; not yet stored."""
    number_key, phone, email = contacts_of(given)
    salutation, name = address_of(given)
    return Customer(
        number=clean(given.number) or None,
        number_key=number_key,
        name=name,
        name_key=name_key_of(given),
        salutation=salutation,
        phone=phone,
        email=email,
        tier=given.tier or taxonomy.default_tier.id,
        needs=list(given.needs),
        language=given.language or "id",
        no_contact_reason=given.no_contact_reason.strip(),
        created_at=at,
    )


def fill_gaps(customer: Customer, given: CustomerGiven) -> None:
    """Add what was told today to what is known; except for the salutation nothing is replaced."""
    number_key, phone, email = contacts_of(given)
    if not customer.number:
        customer.number, customer.number_key = clean(given.number) or None, number_key
    customer.salutation = address_of(given)[0] or customer.salutation
    customer.phone = customer.phone or phone
    customer.email = customer.email or email
    if set(given.needs) - set(customer.needs):
        customer.needs = sorted({*customer.needs, *given.needs})


def contacts_of(given: CustomerGiven) -> tuple[str | None, str | None, str | None]:
    """Number as it is compared, phone and e-mail as they are stored; None where there is none."""
    return number_key_of(given.number), normalise_phone(given.phone), normalise_email(given.email)


def number_key_of(number: str) -> str | None:
    """A customer number as it is compared; None when there is none."""
    return fold(number)[: Customer.number_key.type.length] or None


def name_key_of(given: CustomerGiven) -> str:
    """The name as it is compared."""
    # Folding can lengthen a name ("ß" becomes "ss"), and the column ends.
    return fold(address_of(given)[1])[: Customer.name_key.type.length]


def address_of(given: CustomerGiven) -> tuple[str, str]:
    """Form of address and name as they are stored: "Bu Rahma" is Rahma, addressed as Ibu."""
    spoken, name = part_salutation(clean(given.name))
    return clean(given.salutation) or spoken, name

"""Whoever complains: told of themselves, found again by number, phone or e-mail, or noted anew."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Generic, TypeVar

from sqlalchemy import and_, bindparam, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from complaints.contacts import is_shortened, normalise_email, normalise_phone
from complaints.db import take_turns
from complaints.domain.config.salutations import Salutations
from complaints.domain.errors import N_, Invalid
from complaints.domain.taxonomy import Taxonomy
from complaints.domain.words.folding import clean, fold
from complaints.domain.words.names import is_same_name
from complaints.models import Customer
from complaints.models.customer import customer_with_any
from complaints.rulebook import RuleBook

#: A customer, or a row with what tells one from another.
Known = TypeVar("Known", bound=Any)


@dataclass(frozen=True, slots=True)
class CustomerGiven:
    """What the customer told of themselves, as typed; `part_name` takes the form off the name."""

    name: str
    salutation: str = ""
    phone: str = ""
    email: str = ""
    number: str = ""
    tier: str = ""
    needs: tuple[str, ...] = ()
    language: str = ""
    no_contact_reason: str = ""
    #: The name stands for one that was not told.
    is_nameless: bool = False
    #: The customer chosen by hand among those known, who is not looked for then.
    known_id: int | None = None
    #: Whether somebody with another name and other contacts is the customer of the number that
    #: they tell, or of the record chosen; None where nobody asked them.
    same_person: bool | None = None


@dataclass(frozen=True, slots=True)
class CustomerMatch(Generic[Known]):
    """Whose complaint it is: a known customer, or None for a new one.

    `given` is what is to be noted. With `rival` a number was told, or a record chosen, that is
    somebody else's as far as name and contacts tell, and nobody has said otherwise; the number is
    left out of `given` then.
    """

    customer: Known | None
    given: CustomerGiven
    rival: Known | None = None


def part_name(salutations: Salutations, given: CustomerGiven) -> CustomerGiven:
    """The same with form of address and name as they are stored: "Bu Rahma" is Rahma, an Ibu."""
    spoken, name = salutations.part(clean(given.name))
    return replace(given, name=name, salutation=clean(given.salutation) or spoken)


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
    check_not_ours(rules, given.email, "customer.email")
    reachable = clean(given.phone) or clean(given.email) or clean(given.number) or given.known_id
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


def check_not_ours(rules: RuleBook, typed: str, field: str) -> None:
    """Raise Invalid for an address that is ours: letters to the customer would come to us.

    What comes to us is read as a customer's word, so that we would answer ourselves.
    """
    ours = (rules.organisation.email, *rules.mailboxes.addresses)
    if clean(typed) and normalise_email(typed) in map(normalise_email, ours):
        raise Invalid(
            N_("This email address is our own. Enter the address at which you reach the customer."),
            field=field,
        )


def check_needs(rules: RuleBook, needs: Iterable[str], field: str) -> None:
    """Raise Invalid for the first need that the taxonomy does not hold."""
    for code in needs:
        if code not in rules.taxonomy.needs:
            raise Invalid(N_("There is no special need %(code)s."), field=field, code=code[:40])


#: Whoever may be the same person. A contact that was not given equals nobody's.
_CANDIDATES = select(
    Customer.id,
    Customer.number_key,
    Customer.name_key,
    Customer.phone,
    Customer.email,
    Customer.merged_into_id,
).where(
    customer_with_any(
        Customer.id == bindparam("known_id"),
        and_(
            Customer.name_key == bindparam("name_key"),
            or_(Customer.phone == bindparam("phone"), Customer.email == bindparam("email")),
        ),
        Customer.number_key == bindparam("number"),
    )
)


def find_customer(session: Session, given: CustomerGiven) -> CustomerMatch[Customer]:
    """Whose complaint it is: the customer chosen, else of the same number, else phone, else e-mail.

    Raises Invalid when a customer was chosen who is not there.
    """
    number, phone, email = contacts_of(given)
    if number is None and phone is None and email is None and given.known_id is None:
        return CustomerMatch(None, given)
    told = {"number": number, "phone": phone, "email": email, "name_key": name_key_of(given)}
    session.flush()
    # Most who complain are new, and plain rows come quicker than objects.
    rows = session.connection().execute(_CANDIDATES, {**told, "known_id": given.known_id}).all()
    if given.known_id is not None and all(row.id != given.known_id for row in rows):
        raise Invalid(
            N_("This customer is not there any more. Search again."), field="customer.known"
        )
    found = pick_customer(rows, given)
    return CustomerMatch(
        _standing(session, found.customer), found.given, _standing(session, found.rival)
    )


def _standing(session: Session, row: Any) -> Customer | None:
    """The customer of a row, or whoever goes on for them since two records were merged."""
    return session.get(Customer, row.merged_into_id or row.id) if row is not None else None


def lock_customer(session: Session, customer_id: int) -> Customer:
    """The customer's record, locked and read anew; whoever needs a complaint locks that first."""
    query = select(Customer).where(Customer.id == customer_id).with_for_update()
    return session.scalars(query.execution_options(populate_existing=True)).one()


#: Whose turn it is to look for customers: one after the other by their contacts, or many at once.
_MANY = "many customers"


def await_turn_of_many(session: Session) -> None:
    """Wait while anybody records a first contact: for a batch, which has too many to wait for."""
    take_turns(session, _MANY)


def await_turn(session: Session, *everybody: CustomerGiven) -> None:
    """Wait while somebody records a first contact with the same number, phone or e-mail, or merges.

    Whoever comes second then finds the customer whom the first one noted. In a fixed order, so that
    two never wait for each other.
    """
    take_turns(session, _MANY, is_shared=True)
    told = set()
    for given in everybody:
        contacts = (str(given.known_id or "") or None, *contacts_of(given))
        told |= set(zip(("id", "number", "phone", "email"), contacts, strict=True))
    for name, value in sorted((name, value) for name, value in told if value is not None):
        take_turns(session, f"customer {name} {value}")


def pick_customer(candidates: Iterable[Known], given: CustomerGiven) -> CustomerMatch[Known]:
    """The one of these customers who is the same person, the longest known first.

    A number, or a record chosen by hand, counts unless both name and contacts are somebody else's.
    A shared phone or address (a family, an office) counts only when the name agrees as well, and
    never against a customer number of its own.
    """
    number = number_key_of(given.number)
    known = sorted(candidates, key=lambda each: (each.id is None, each.id or 0))
    chosen = _first(known, "id", given.known_id)
    holder = _first(known, "number_key", number)
    claimed = chosen or holder
    if claimed is not None and _is_them(claimed, given):
        is_others = holder is not None and holder is not claimed
        return CustomerMatch(claimed, replace(given, number="") if is_others else given)
    rival = claimed if given.same_person is None else None
    if claimed is not None:
        # The number told is another's, so that it says nothing against a record found by phone.
        given = replace(given, number="", known_id=None)
    return CustomerMatch(_by_contact(known, given), given, rival)


def _first(known: Sequence[Known], name: str, value: object) -> Known | None:
    """The first who has this; nobody has None."""
    return next((each for each in known if value and getattr(each, name) == value), None)


def _by_contact(known: Sequence[Known], given: CustomerGiven) -> Known | None:
    number, phone, email = contacts_of(given)
    name_key = name_key_of(given)
    for name, value in (("phone", phone), ("email", email)):
        for each in known:
            has_other_number = number is not None and each.number_key is not None
            is_same = each.name_key == name_key and getattr(each, name) == value
            if value is not None and is_same and not has_other_number:
                return each
    return None


def _is_them(known: Any, given: CustomerGiven) -> bool:
    """Whether somebody may be who they say: by their own word, else by the name or one contact."""
    if given.same_person is not None:
        return given.same_person
    if given.is_nameless:
        return True
    _, phone, email = contacts_of(given)
    has_contact = any(
        told is not None and told == noted
        for told, noted in ((phone, known.phone), (email, known.email))
    )
    return has_contact or is_same_name(known.name_key, name_key_of(given))


def new_customer(taxonomy: Taxonomy, given: CustomerGiven, at: datetime) -> Customer:
    """A customer as told, contacts normalised; not yet stored."""
    number_key, phone, email = contacts_of(given)
    return Customer(
        number=clean(given.number) or None,
        number_key=number_key,
        name=given.name,
        name_key=name_key_of(given),
        salutation=given.salutation,
        phone=phone,
        email=email,
        tier=given.tier or taxonomy.default_tier.id,
        needs=list(given.needs),
        language=given.language or "id",
        no_contact_reason=given.no_contact_reason.strip(),
        created_at=at,
    )


def fill_gaps(customer: Customer, given: CustomerGiven) -> dict[str, str]:
    """Add what was told today to what is known; returns the contacts that were added.

    Nothing is replaced but the salutation, and that only where the name is the same. What somebody
    with another name told, such as a relative, says nothing of how the customer is reached.
    """
    is_theirs = speaks_for_themselves(customer, given)
    number_key, phone, email = contacts_of(given)
    added: dict[str, str] = {}
    if not customer.number and number_key is not None:
        customer.number, customer.number_key = clean(given.number), number_key
        added["number"] = customer.number
    if customer.name_key == name_key_of(given):
        customer.salutation = given.salutation or customer.salutation
    for name, value in (("phone", phone), ("email", email)):
        if is_theirs and value is not None and not getattr(customer, name):
            setattr(customer, name, value)
            added[name] = value
    if set(given.needs) - set(customer.needs):
        customer.needs = sorted({*customer.needs, *given.needs})
    return added


def speaks_for_themselves(customer: Customer, given: CustomerGiven) -> bool:
    """Whether who told this is the customer: by their own word, else by the name."""
    if given.same_person is not None:
        return given.same_person
    return given.is_nameless or is_same_name(customer.name_key, name_key_of(given))


def contact_columns(
    customer: Customer, given: CustomerGiven, *, is_unchecked: bool = False
) -> dict[str, str | None]:
    """Who complained and where their letters go: as told, and from the record what was not told.

    Of somebody who is `is_unchecked`, whom nobody has seen or heard, nothing comes from the record.
    """
    _, phone, email = contacts_of(given)
    if is_unchecked:
        return {
            "contact_name": given.name,
            "contact_salutation": given.salutation,
            "contact_phone": phone,
            "contact_email": email,
        }
    is_theirs = given.is_nameless or is_same_name(customer.name_key, name_key_of(given))
    return {
        "contact_name": customer.name if given.is_nameless else given.name,
        "contact_salutation": given.salutation or (customer.salutation if is_theirs else ""),
        "contact_phone": phone or customer.phone,
        "contact_email": email or customer.email,
    }


def contacts_of(given: CustomerGiven) -> tuple[str | None, str | None, str | None]:
    """Number as it is compared, phone and e-mail as they are stored; None where there is none."""
    return number_key_of(given.number), normalise_phone(given.phone), normalise_email(given.email)


def number_key_of(number: str) -> str | None:
    """A customer number as it is compared; None when there is none."""
    return fold(number)[: Customer.number_key.type.length] or None


def name_key_of(given: CustomerGiven) -> str:
    """The name as it is compared."""
    # Folding can lengthen a name ("ß" becomes "ss"), and the column ends.
    return fold(given.name)[: Customer.name_key.type.length]

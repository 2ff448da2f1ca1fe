"""Recognise the customers of many complaints at once, by the same rule as the desk.

Whoever tells no contact at all cannot be recognised: such rows of one source share one customer.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from complaints.domain.taxonomy import Taxonomy
from complaints.models import Customer
from complaints.models.customer import customer_with_any
from complaints.people.customers import (
    CustomerGiven,
    contacts_of,
    fill_gaps,
    name_key_of,
    new_customer,
    pick_customer,
)

#: A kind of contact and its value.
_Contact = tuple[str, str | None]


class CustomerMatcher:
    """The customers known of those a batch names; grows with those it adds."""

    def __init__(
        self, session: Session, taxonomy: Taxonomy, batch: Sequence[CustomerGiven]
    ) -> None:
        """Read everybody who may be one of the batch, in one query."""
        self._session = session
        self._taxonomy = taxonomy
        self._by_contact: defaultdict[_Contact, list[Customer]] = defaultdict(list)
        self._nobody: dict[tuple[str, str], Customer] = {}
        contacts = [contacts_of(given) for given in batch]
        if not contacts:
            return
        numbers, phones, emails = (
            sorted({value for value in column if value is not None})
            for column in zip(*contacts, strict=True)
        )
        names = sorted({name_key_of(given) for given in batch})
        shared = or_(Customer.phone.in_(phones), Customer.email.in_(emails))
        if numbers or phones or emails:
            same = customer_with_any(
                Customer.number_key.in_(numbers), and_(Customer.name_key.in_(names), shared)
            )
            for customer in session.scalars(select(Customer).where(same)):
                self._note(customer)

    def find_or_add(self, given: CustomerGiven, at: datetime) -> tuple[Customer, bool]:
        """The customer known by number, phone or e-mail, completed, or a new one in the session.

        With them whether the number told is somebody else's.
        """
        candidates = [
            customer
            for contact in zip(("number_key", "phone", "email"), contacts_of(given), strict=True)
            for customer in self._by_contact.get(contact, ())
        ]
        found = pick_customer(candidates, given)
        customer = found.customer
        if customer is None:
            customer = new_customer(self._taxonomy, found.given, at)
            self._session.add(customer)
        else:
            if customer.merged_into_id is not None:
                customer = self._session.get_one(Customer, customer.merged_into_id)
            fill_gaps(customer, found.given)
        self._note(customer)
        return customer, found.rival is not None

    def nobody(self, given: CustomerGiven, at: datetime) -> Customer:
        """The one customer of a type who stands for all who told neither name nor contact."""
        key = (name_key_of(given), given.tier)
        if key not in self._nobody:
            unknown = new_customer(self._taxonomy, given, at)
            query = select(Customer).where(
                Customer.name_key == key[0],
                Customer.tier == unknown.tier,
                Customer.no_contact_reason == given.no_contact_reason,
                Customer.number.is_(None),
                Customer.phone.is_(None),
                Customer.email.is_(None),
            )
            known = self._session.scalar(query.order_by(Customer.id).limit(1))
            if known is None:
                self._session.add(unknown)
            self._nobody[key] = known or unknown
        return self._nobody[key]

    def _note(self, customer: Customer) -> None:
        for name in ("number_key", "phone", "email"):
            value = getattr(customer, name)
            if value is not None:
                self._by_contact[(name, value)].append(customer)

"""Who is the same customer, and who told two complaints: asked by contacts, never by name alone.

Between `told_by_the_same` and `told_by_another` lies doubt: a second record, a complaint without a
contact. Staff may take the doubtful for the same; a page that opens everything never does.
"""

from collections.abc import Collection

from sqlalchemy import ColumnElement, Select, and_, false, or_, select

from complaints.models import Complaint, Customer
from complaints.models.customer import customer_with_any


def same_customer(customer: Customer) -> Select[int]:
    """The ids of the customer and of whoever has the same phone or e-mail address.

    A second record of the same person, made by a slip or on purpose, is no second customer here;
    that a family shares a phone costs a request at most.
    """
    return _alike(customer.id, {customer.phone}, {customer.email})


def customer_with(
    customer_id: int | None, phone: str | None, email: str | None
) -> Select[int] | None:
    """As `same_customer`, of somebody with these contacts; None where nothing is known of them."""
    if customer_id is None and not (phone or email):
        return None
    return _alike(customer_id, {phone}, {email})


def told_by_another(complaint: Complaint) -> ColumnElement[bool]:
    """Whether a complaint, asked of its row, was told by another customer than this one was.

    Of one record are those with a contact in common: a complaint that is moved to the record keeps
    the contacts told of it, and its letters go where they went.
    """
    of_another_record = Complaint.customer_id.not_in(same_customer(complaint.customer))
    if not (complaint.contact_phone or complaint.contact_email):
        return of_another_record
    has_none = and_(Complaint.contact_phone.is_(None), Complaint.contact_email.is_(None))
    return or_(of_another_record, ~or_(has_none, _shares_contact(complaint)))


def told_by_the_same(complaint: Complaint) -> ColumnElement[bool]:
    """Whether a complaint, asked of its row, was told by the customer of this one beyond doubt.

    Both lie in one record, and letters of both go to a contact that they have in common.
    """
    return and_(Complaint.customer_id == complaint.customer_id, _shares_contact(complaint))


def who_receives(complaint: Complaint) -> Select[int]:
    """As `same_customer`, of whoever is given something on a complaint: its contacts count too."""
    return _alike(complaint.customer_id, *contacts_of(complaint))


def contacts_of(complaint: Complaint) -> tuple[set[str], set[str]]:
    """The phones and the addresses of the complaint and of its customer."""
    customer = complaint.customer
    phones, addresses = (
        {each for each in told if each}
        for told in (
            (customer.phone, complaint.contact_phone),
            (customer.email, complaint.contact_email),
        )
    )
    return phones, addresses


def _shares_contact(complaint: Complaint) -> ColumnElement[bool]:
    """Whether a complaint was told with the phone or the address of this one; never unknown."""
    return or_(
        false(),
        *(
            and_(column.is_not(None), column == told)
            for column, told in (
                (Complaint.contact_phone, complaint.contact_phone),
                (Complaint.contact_email, complaint.contact_email),
            )
            if told
        ),
    )


def _alike(
    customer_id: int | None, phones: Collection[str | None], addresses: Collection[str | None]
) -> Select[int]:
    alike = [] if customer_id is None else [Customer.id == customer_id]
    alike += [Customer.phone == each for each in sorted(filter(None, phones))]
    alike += [Customer.email == each for each in sorted(filter(None, addresses))]
    return select(Customer.id).where(customer_with_any(*alike)).order_by(Customer.id)

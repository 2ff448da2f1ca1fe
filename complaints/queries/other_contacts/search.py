"""Finding contacts that are no complaint by what somebody types: a number, a phone, a name, words.

As complaints are found (`lists/search.py`): words cut alike, the newest first.
"""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from complaints.contacts import normalise_email
from complaints.domain.permissions import Actor
from complaints.models import OtherContact
from complaints.queries.lists.search import CONTACTS, find_words, read_query
from complaints.queries.other_contacts.scope import contacts_in_scope
from complaints.rulebook import current_rules


def find_contacts_by(
    session: Session, typed: str, conditions: Sequence[ColumnElement[bool]], *, limit: int
) -> list[int]:
    """Ids of the newest contacts that have the words, the name, the phone, the address or number.

    The conditions hold the reader's scope.
    """
    asked = read_query(typed, session)
    if not asked.words:
        return []
    # A number typed in pieces is one in the index, and an amount stands in the words as written.
    ways = dict.fromkeys((asked.groups, asked.of_customer))
    found = {
        each
        for groups in ways
        for each in find_words(session, groups, conditions, limit=limit, of=CONTACTS)
    }
    for exactly in _exactly(session, typed, asked.text):
        query = select(OtherContact.id).where(exactly, *conditions)
        found |= set(session.scalars(query.order_by(OtherContact.id.desc()).limit(limit)))
    return sorted(found, reverse=True)[:limit]


def find_contact_number(session: Session, actor: Actor, typed: str) -> str | None:
    """The number of the contact whose whole number was typed, when the person may see it."""
    form = current_rules(session).numbers.of_contacts
    number = form.recognise(typed) if typed[:1].isalpha() else None
    if number is None:
        return None
    year, contact_id = number
    query = select(OtherContact.id).where(
        OtherContact.id == contact_id, OtherContact.year == year, contacts_in_scope(actor)
    )
    found = session.scalar(query)
    return form.write(year or 0, found) if found is not None else None


def _exactly(session: Session, typed: str, text: str) -> list[ColumnElement[bool]]:
    wanted: list[ColumnElement[bool]] = []
    email = normalise_email(text) if "@" in text else None
    if email:
        wanted.append(OtherContact.customer_email == email)
    form = current_rules(session).numbers.of_contacts
    number = form.recognise(typed) or form.find(text)
    if number is not None:
        year, contact_id = number
        is_meant = OtherContact.id == contact_id
        wanted.append(is_meant & (OtherContact.year == year) if year is not None else is_meant)
    return wanted

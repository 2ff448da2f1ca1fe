"""The list of contacts, the newest first, narrowed by what can be asked for."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from complaints.domain.permissions import Actor
from complaints.models import OtherContact
from complaints.queries.other_contacts.scope import contacts_in_scope
from complaints.queries.other_contacts.search import find_contacts_by
from complaints.queries.paging import LARGEST_ID, at_most
from complaints.queries.reports.period import Period
from complaints.rows import among
from complaints.rulebook import RuleBook

#: So many characters of the words stand in a list.
SHOWN = 160


@dataclass(frozen=True, slots=True)
class Asked:
    """What the list is narrowed by; None for all."""

    kind: str | None = None
    state: str | None = None
    branch_id: int | None = None
    team_id: int | None = None
    channel: str | None = None
    period: Period | None = None
    #: What was typed to find one.
    q: str | None = None


@dataclass(frozen=True, slots=True)
class ContactLine:
    """A contact in a list; `words` is their beginning."""

    id: int
    number: str
    kind: str
    state: str
    branch_id: int
    channel: str
    words: str
    received_at: datetime
    customer_name: str
    team_id: int | None
    taken_by: str
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class ContactPage:
    """A page of them; `older` is the cursor of the next one, None at the end."""

    items: Sequence[ContactLine]
    older: int | None


_LINE = (
    OtherContact.id,
    OtherContact.year,
    OtherContact.kind,
    OtherContact.state,
    OtherContact.branch_id,
    OtherContact.channel,
    func.substr(OtherContact.words, 1, SHOWN).label("words"),
    OtherContact.received_at,
    OtherContact.customer_name,
    OtherContact.team_id,
    OtherContact.taken_by_name,
    OtherContact.ended_at,
)


def list_contacts(
    session: Session,
    rules: RuleBook,
    actor: Actor,
    asked: Asked,
    *,
    limit: int,
    before: int | None = None,
) -> ContactPage:
    """The contacts within the person's scope, the newest first; one query, a few with words."""
    conditions = [contacts_in_scope(actor), *_conditions(asked)]
    if before is not None:
        conditions.append(OtherContact.id < min(before, LARGEST_ID))
    if asked.q is not None:
        ids = find_contacts_by(session, asked.q, conditions, limit=limit + 1)
        conditions = [among(session, OtherContact.id, ids)]
    query = select(*_LINE).where(*conditions)
    query = query.order_by(OtherContact.id.desc()).limit(at_most(limit + 1))
    rows = session.execute(query).all()
    form = rules.numbers.of_contacts
    items = [
        ContactLine(
            id=row.id,
            number=form.write(row.year, row.id),
            kind=row.kind,
            state=row.state,
            branch_id=row.branch_id,
            channel=row.channel,
            words=row.words,
            received_at=row.received_at,
            customer_name=row.customer_name,
            team_id=row.team_id,
            taken_by=row.taken_by_name,
            ended_at=row.ended_at,
        )
        for row in rows[:limit]
    ]
    return ContactPage(items, items[-1].id if len(rows) > limit else None)


def _conditions(asked: Asked) -> Iterator[ColumnElement[bool]]:
    for column, value in (
        (OtherContact.kind, asked.kind),
        (OtherContact.state, asked.state),
        (OtherContact.branch_id, asked.branch_id),
        (OtherContact.team_id, asked.team_id),
        (OtherContact.channel, asked.channel),
    ):
        if value is not None:
            yield column == value
    if asked.period is not None:
        yield asked.period.holds(OtherContact.received_at, OtherContact.branch_id)

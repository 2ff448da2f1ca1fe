"""What is known of a customer from elsewhere (020-2.3): stated, checked, kept with its history."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from complaints.domain.errors import N_, Invalid
from complaints.domain.permissions import Actor
from complaints.domain.taxonomy import Taxonomy
from complaints.models import Complaint, Customer, CustomerFact
from complaints.models.customer import FACTS

#: Those of which it may be said that they are not known any more, and what stands then.
NOT_KNOWN: dict[str, Any] = {"since": None, "arrears": None, "notes": ""}

#: Where a contact comes from that one complaint alone has; the record says nothing of it.
OWN = "own"

#: Nobody has been a customer for longer.
EARLIEST = date(1900, 1, 1)


@dataclass(frozen=True, slots=True)
class FactsGiven:
    """What is stated; None leaves a fact as it is, those in `unknown` are known no more."""

    tier: str | None = None
    since: date | None = None
    products: tuple[str, ...] | None = None
    arrears: int | None = None
    notes: str | None = None
    unknown: tuple[str, ...] = ()

    def stated(self) -> dict[str, Any]:
        """Fact → what is said of it."""
        told = {
            "tier": self.tier,
            "since": self.since,
            "products": None
            if self.products is None
            else list(dict.fromkeys(each.strip() for each in self.products if each.strip())),
            "arrears": self.arrears,
            "notes": None if self.notes is None else self.notes.strip(),
        }
        known = {fact: value for fact, value in told.items() if value is not None}
        return {**{fact: NOT_KNOWN[fact] for fact in self.unknown}, **known}


def check_facts(taxonomy: Taxonomy, given: FactsGiven, today: date) -> None:
    """Raise Invalid for the first fact that cannot be: a type that is not ours, a date ahead."""
    if given.tier is not None and given.tier not in taxonomy.tiers:
        raise Invalid(N_("There is no customer type %(code)s."), field="tier", code=given.tier[:40])
    if given.since is not None and given.since > today:
        raise Invalid(N_("Nobody can be a customer from a day still ahead."), field="since")
    if given.since is not None and given.since < EARLIEST:
        raise Invalid(N_("This date is too far away."), field="since")


def keep_facts(
    session: Session, customer: Customer, given: FactsGiven, *, by: Actor, at: datetime, source: str
) -> dict[str, Any]:
    """Set what differs on the locked customer, a row for each; returns fact → what stood before."""
    before: dict[str, Any] = {}
    for fact, value in given.stated().items():
        old = getattr(customer, fact)
        if value == old:
            continue
        before[fact] = old
        setattr(customer, fact, value)
    note_facts(session, customer, before, by=by, at=at, source=source)
    session.flush()
    return before


def note_facts(
    session: Session,
    customer: Customer,
    before: Mapping[str, Any],
    *,
    by: Actor,
    at: datetime,
    source: str,
) -> None:
    """A row for each fact or contact as it is now; `before` is what stood there."""
    for fact, old in before.items():
        session.add(
            CustomerFact(
                customer_id=customer.id,
                fact=fact,
                value=_as_json(getattr(customer, fact)),
                before=_as_json(old),
                source=source[:12],
                at=at,
                by_id=by.id,
                by_name=by.name,
            )
        )


def note_own(
    session: Session,
    complaint: Complaint,
    name: str,
    value: str | None,
    before: str | None,
    *,
    by: Actor,
    at: datetime,
) -> None:
    """A row for a contact that one complaint alone had, with what it has now."""
    session.add(
        CustomerFact(
            customer_id=complaint.customer_id,
            fact=name,
            value=value,
            before=before,
            source=OWN,
            at=at,
            by_id=by.id,
            by_name=by.name,
        )
    )


def note_merge(
    session: Session,
    kept: Customer,
    gone: Customer,
    moved: Sequence[int],
    *,
    by: Actor,
    at: datetime,
    fact: str = "merged",
    **more: Any,
) -> None:
    """Two records became one, or two again (``unmerged``); both keep which complaints moved.

    `more` is what undoing it would need.
    """
    stated = {"kept": kept.id, "gone": gone.id, "complaints": list(moved), **more}
    for customer in (kept, gone):
        session.add(
            CustomerFact(
                customer_id=customer.id,
                fact=fact,
                value=stated,
                before=None,
                source="complaint",
                at=at,
                by_id=by.id,
                by_name=by.name,
            )
        )


def facts_stated(
    session: Session, customer_id: int, most: int = 100, of: Sequence[str] = FACTS
) -> Sequence[CustomerFact]:
    """What was stated of a customer, the latest first; contacts are asked for by `of`."""
    query = select(CustomerFact).where(
        CustomerFact.customer_id == customer_id, CustomerFact.fact.in_(of)
    )
    return session.scalars(query.order_by(CustomerFact.id.desc()).limit(most)).all()


def latest_of(stated: Sequence[CustomerFact]) -> dict[str, CustomerFact]:
    """Fact → how it was stated last, from rows of which the latest come first."""
    return {each.fact: each for each in reversed(stated)}


def _as_json(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value

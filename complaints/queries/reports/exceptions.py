"""Every exception of a period: what was moved, stopped, skipped, overridden or dated back, by whom.

A percentage can be kept clean in many ways, and each of them is counted here under the name of who
took it. The figures count and the list shows what `exceptions_union` puts together, so that the two
cannot disagree.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Subquery, func, select
from sqlalchemy.orm import Session, aliased

from complaints.domain.commitments.rules import OwnerKind
from complaints.domain.permissions import CUSTOMER, SYSTEM, Actor
from complaints.models import Deadline, User
from complaints.queries.reports.exceptions_union import KINDS, all_exceptions
from complaints.queries.reports.period import Period
from complaints.queries.reports.words import PAST_DUE
from complaints.rulebook import RuleBook

PAGE = 50  # Lists show so many at once.
#: The key of what customers did on their own pages, beside the addresses of accounts.
BY_CUSTOMERS = OwnerKind.CUSTOMER.value


def person_key(email: str | None, by_customer: bool) -> str:
    """Whose line an exception stands in: an address, ``customer``, or empty for Tanggap itself."""
    return email or (BY_CUSTOMERS if by_customer else "")


def person_name(name: str | None, key: str) -> str:
    """Who stands under a key, as the history names them."""
    return name or (CUSTOMER if key == BY_CUSTOMERS else SYSTEM).name


class ExceptionRow(NamedTuple):
    """One of them: `reason` in the words of who took it, `signed_by` who let them.

    `returned_by` is who refused the signature, so that the step had to be done all the same.
    `by` is None for Tanggap itself; a customer on their own page is no account and `by_customer`.
    `past_kind` and `past_due_at` name the deadline that a dated entry went back past.
    """

    kind: str
    complaint_id: int
    year: int
    branch_id: int
    at: datetime
    by: str | None
    by_email: str | None
    criterion: str
    code: str
    reason: str
    signed_by: str | None
    signed_at: datetime | None
    amount: int | None
    past_kind: str | None = None
    past_due_at: datetime | None = None
    by_customer: bool = False
    returned_by: str | None = None

    @property
    def by_key(self) -> str:
        """Whose line it stands in."""
        return person_key(self.by_email, self.by_customer)


@dataclass(frozen=True, slots=True)
class Asked:
    """Which of them to list; None leaves open. `kind` may be `past_due`, a part of `backdated`.

    `handler` is an e-mail address, ``customer`` or, for Tanggap itself, ``none``;
    `stood` is how the promise stood at a withdrawal, or ``over`` for pauses that have ended.
    """

    kind: str | None = None
    handler: str | None = None
    criterion: str | None = None
    code: str | None = None
    branch: str | None = None
    stood: str | None = None


@dataclass(slots=True)
class PersonLine:
    """What one person took, by kind; customers have one line together, Tanggap itself has one.

    `key` is an e-mail address, ``customer``, or empty for Tanggap.
    """

    name: str
    key: str
    counts: dict[str, int] = field(default_factory=dict)

    @property
    def by_customer(self) -> bool:
        """Whether it is what customers did on their own pages."""
        return self.key == BY_CUSTOMERS

    @property
    def email(self) -> str:
        """The address of one of us; empty for customers and for Tanggap."""
        return "" if self.by_customer else self.key

    @property
    def total(self) -> int:
        """How many in all."""
        return sum(self.counts.get(kind, 0) for kind in KINDS)


@dataclass(frozen=True, slots=True)
class Exceptions:
    """The figures: by kind, and by person and kind; `past_due` is a part of `backdated`."""

    counts: Mapping[str, int]
    people: Sequence[PersonLine]

    def as_json(self) -> list[dict[str, Any]]:
        """A line per kind with the people behind it, the most first."""
        return [
            {
                "kind": kind,
                "count": self.counts[kind],
                "past_due": self.counts[PAST_DUE] if kind == "backdated" else 0,
                "people": [
                    {
                        "key": each.key,
                        "email": each.email,
                        "name": each.name,
                        "count": each.counts[kind],
                        "past_due": each.counts.get(PAST_DUE, 0) if kind == "backdated" else 0,
                    }
                    for each in sorted(self.people, key=lambda each: -each.counts.get(kind, 0))
                    if each.counts.get(kind)
                ],
            }
            for kind in KINDS
        ]

    @property
    def total(self) -> int:
        """How many in all."""
        return sum(self.counts[kind] for kind in KINDS)


def read_exceptions(session: Session, actor: Actor, period: Period) -> Exceptions:
    """Count them by kind and person; one query."""
    acts, person = all_exceptions(actor, period), aliased(User)
    query = (
        select(
            acts.c.kind,
            person.name,
            person.email,
            acts.c.by_customer,
            func.count().label("number"),
            func.count(acts.c.past_id).label("past"),
        )
        .outerjoin(person, person.id == acts.c.by_id)
        .group_by(acts.c.kind, person.name, person.email, acts.c.by_customer)
    )
    return gather_exceptions(session.execute(query))


def gather_exceptions(rows: Iterable[Any]) -> Exceptions:
    """Put counts into lines: kind, name, address, whether it was a customer, number, past due."""
    counts = dict.fromkeys((*KINDS, PAST_DUE), 0)
    people: dict[str, PersonLine] = {}
    for kind, name, email, by_customer, number, past in rows:
        counts[kind] += number
        counts[PAST_DUE] += past
        key = person_key(email, bool(by_customer))
        line = people.setdefault(key, PersonLine(person_name(name, key), key))
        line.counts[kind] = number
        if past:
            line.counts[PAST_DUE] = past
    lines = sorted(people.values(), key=lambda each: (-each.total, each.name))
    return Exceptions(counts, lines)


def list_exceptions(
    session: Session,
    actor: Actor,
    period: Period,
    rules: RuleBook,
    asked: Asked,
    *,
    limit: int = PAGE,
    offset: int = 0,
) -> list[ExceptionRow]:
    """Those that were asked for, the latest first."""
    acts, by = all_exceptions(actor, period), aliased(User)
    signer, returner = aliased(User), aliased(User)
    columns = acts.c
    query = (
        select(
            columns.kind,
            columns.complaint_id,
            columns.year,
            columns.branch_id,
            columns.at,
            by.name.label("by"),
            by.email,
            columns.criterion,
            columns.code,
            columns.reason,
            signer.name.label("signed_by"),
            columns.signed_at,
            columns.amount,
            Deadline.kind.label("past_kind"),
            Deadline.due_at.label("past_due_at"),
            columns.by_customer,
            returner.name.label("returned_by"),
        )
        .outerjoin(by, by.id == columns.by_id)
        .outerjoin(signer, signer.id == columns.signed_by_id)
        .outerjoin(returner, returner.id == columns.returned_by_id)
        .outerjoin(Deadline, Deadline.id == columns.past_id)
        .where(*_conditions(acts, by, rules, asked))
        .order_by(columns.at.desc(), columns.complaint_id.desc(), columns.kind, columns.act_id)
        .limit(limit)
        .offset(offset)
    )
    found = (ExceptionRow(*row) for row in session.execute(query))
    return [row._replace(by_customer=bool(row.by_customer)) for row in found]


def count_listed(
    session: Session, actor: Actor, period: Period, rules: RuleBook, asked: Asked
) -> int:
    """How many the list has; the figure itself."""
    acts, by = all_exceptions(actor, period), aliased(User)
    query = (
        select(func.count())
        .select_from(acts)
        .outerjoin(by, by.id == acts.c.by_id)
        .where(*_conditions(acts, by, rules, asked))
    )
    return session.scalar(query) or 0


def _conditions(
    acts: Subquery, by: Any, rules: RuleBook, asked: Asked
) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if asked.kind == PAST_DUE:
        found.append(acts.c.past_id.is_not(None))
    elif asked.kind:
        found.append(acts.c.kind == asked.kind)
    if asked.handler in ("none", BY_CUSTOMERS):
        is_customers = int(asked.handler == BY_CUSTOMERS)
        found += [by.email.is_(None), acts.c.by_customer == is_customers]
    elif asked.handler:
        found.append(by.email == asked.handler)
    if asked.criterion:
        found.append(acts.c.criterion == ("" if asked.criterion == "none" else asked.criterion))
    if asked.code:
        found.append(acts.c.code == ("" if asked.code == "none" else asked.code))
    if asked.branch:
        branch = rules.branches_by_code.get(asked.branch)
        found.append(acts.c.branch_id == (branch.id if branch else 0))
    if asked.stood:
        found.append(acts.c.stood == asked.stood)
    return found

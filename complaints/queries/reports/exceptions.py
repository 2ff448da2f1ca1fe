"""Every exception of a period: what was moved, stopped, skipped, overridden or dated back, by whom.

A percentage can be kept clean in many ways, and each of them is counted here under the name of who
took it. The figures count and the list shows what `exceptions_union` puts together, so that the two
cannot disagree.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Subquery, func, select
from sqlalchemy.orm import Session, aliased

from complaints.domain.permissions import Actor
from complaints.models import Deadline, User
from complaints.queries.reports.exceptions_union import KINDS, all_exceptions
from complaints.queries.reports.period import Period
from complaints.queries.reports.words import PAST_DUE
from complaints.rulebook import RuleBook

PAGE = 50  # Lists show so many at once.


class ExceptionRow(NamedTuple):
    """One of them: `reason` in the words of who took it, `signed_by` who let them.

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


@dataclass(frozen=True, slots=True)
class Asked:
    """Which of them to list; None leaves open. `kind` may be `past_due`, a part of `backdated`.

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
    """What one person took, by kind; `email` is None for nobody and for the system."""

    name: str
    email: str | None
    counts: dict[str, int] = field(default_factory=dict)

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
                        "email": each.email or "",
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
            func.count().label("number"),
            func.count(acts.c.past_id).label("past"),
        )
        .outerjoin(person, person.id == acts.c.by_id)
        .group_by(acts.c.kind, person.name, person.email)
    )
    counts = dict.fromkeys((*KINDS, PAST_DUE), 0)
    people: dict[str | None, PersonLine] = {}
    for row in session.execute(query):
        counts[row.kind] += row.number
        counts[PAST_DUE] += row.past
        line = people.setdefault(row.email, PersonLine(row.name or "Tanggap", row.email))
        line.counts[row.kind] = row.number
        if row.past:
            line.counts[PAST_DUE] = row.past
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
    acts, by, signer = all_exceptions(actor, period), aliased(User), aliased(User)
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
        )
        .outerjoin(by, by.id == columns.by_id)
        .outerjoin(signer, signer.id == columns.signed_by_id)
        .outerjoin(Deadline, Deadline.id == columns.past_id)
        .where(*_conditions(acts, by, rules, asked))
        .order_by(columns.at.desc(), columns.complaint_id.desc(), columns.kind, columns.act_id)
        .limit(limit)
        .offset(offset)
    )
    return [ExceptionRow(*row) for row in session.execute(query)]


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
    if asked.handler:
        found.append(by.email.is_(None) if asked.handler == "none" else by.email == asked.handler)
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

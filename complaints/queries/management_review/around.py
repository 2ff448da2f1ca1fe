"""Beside complaint handling: who handles complaints, and which rules changed in the period."""

from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from complaints.domain.errors import N_
from complaints.domain.permissions import PERMISSIONS, Permission
from complaints.domain.policies.whatif import RuleKind
from complaints.models import RuleVersion, User
from complaints.queries.reports.outcomes.sections import Column, Line, Section
from complaints.queries.reports.period import instants_of
from complaints.rulebook import RuleBook
from complaints.rulebook.read import PLANNED

_HANDLING = [role.value for role, held in PERMISSIONS.items() if Permission.HANDLE in held]
_KINDS = {
    RuleKind.POLICY.value: N_("Changes of deadline policies"),
    RuleKind.CALENDAR.value: N_("Changes of working calendars"),
    RuleKind.LADDER.value: N_("Changes of escalation ladders"),
}
_OTHERS = N_("Changes of other rules")


def read_around(
    session: Session, rules: RuleBook, branch_id: int | None, from_on: date, to_on: date
) -> Section:
    """Accounts as they are now, and versions of rules of the period; two queries."""
    accounts = select(func.count()).where(User.is_active.is_(True), User.role.in_(_HANDLING))
    if branch_id is not None:
        accounts = accounts.where(User.branch_id == branch_id)
    zone = rules.home_zone
    since, until = instants_of(from_on, to_on, zone)
    query = (
        select(RuleVersion.kind, func.count().label("times"))
        .where(
            RuleVersion.loaded_at >= since,
            RuleVersion.loaded_at < until,
            # The first of each was no change, and what is planned is none yet.
            RuleVersion.version > 1,
            RuleVersion.kind != PLANNED,
        )
        .group_by(RuleVersion.kind)
    )
    found = {row.kind: row.times for row in session.execute(query)}
    lines = [
        Line(
            "accounts",
            {"count": session.scalar(accounts)},
            N_("Active accounts of officers who handle complaints, when the figures were read"),
        ),
        *(Line(kind, {"count": found.pop(kind, 0)}, name) for kind, name in _KINDS.items()),
    ]
    lines.append(Line("others", {"count": sum(found.values())}, _OTHERS))
    return Section(
        "around",
        N_("Staff and rules"),
        N_("Who handles complaints, and which rules changed in the period."),
        N_("What"),
        [Column("count", N_("Count"))],
        lines,
    )

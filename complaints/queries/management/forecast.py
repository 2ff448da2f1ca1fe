"""Which open promises are likely to be missed: the curves that the worker keeps, asked of each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from complaints.domain.permissions import Actor
from complaints.domain.reporting.forecast import Curve, Risk, curve_keys, risk_of
from complaints.models import Complaint, Deadline, RiskCurve
from complaints.queries.management.lasting import steps_entered
from complaints.queries.reports.counting import is_outcome, runs_on
from complaints.queries.reports.period import Period
from complaints.queries.scope import in_scope
from complaints.rulebook import RuleBook

#: So many promises are asked about, those that fall due first.
MOST_ASKED = 500


@dataclass(frozen=True, slots=True)
class Forecast:
    """The risks of the promises due soon, the greatest first, by id of the deadline.

    `unknown` are those of whose kind too few were settled, `left_out` those beyond MOST_ASKED.
    """

    risks: Sequence[tuple[int, Risk]]
    unknown: int
    left_out: int

    @property
    def missed(self) -> float:
        """How many of them are missed by this forecast."""
        return sum(risk.share for _, risk in self.risks)


def read_forecast(
    session: Session,
    actor: Actor,
    rules: RuleBook,
    days: tuple[date, date],
    *,
    now: datetime,
    count: int,
) -> Forecast:
    """The forecast of `count` promises that run and fall due on these days; three queries."""
    rows = session.execute(_due(actor, Period.of(*days, rules), now)).all()
    entered = steps_entered(session, {row.complaint_id for row in rows}, now) if rows else {}
    asked: list[tuple[Any, list[str], int]] = []
    for row in rows:
        team = rules.teams.get(row.team_id)
        keys = curve_keys(row.status, row.category, team.code if team else None)
        own = [at for at, status in entered.get(row.complaint_id, ()) if status == row.status]
        first = min((at for at in own if at >= row.started_at), default=row.started_at)
        calendar = rules.calendar_of(row.branch_id).value
        asked.append((row, keys, calendar.between(first, now)))
    curves = _curves(session, {key for _, keys, _ in asked for key in keys})
    risks = []
    for row, keys, stayed in asked:
        left = rules.calendar_of(row.branch_id).value.between(now, row.due_at)
        risk = risk_of(curves, keys, stayed, left)
        if risk is not None:
            risks.append((row.id, risk))
    # Of two that are as likely the one that falls due first stands first.
    risks.sort(key=lambda each: -each[1].share)
    return Forecast(risks, len(rows) - len(risks), max(count - len(rows), 0))


def forecast_made_at(session: Session) -> datetime | None:
    """When the curves were estimated; None where there are none."""
    return session.scalar(select(func.max(RiskCurve.made_at)))


def _due(actor: Actor, period: Period, now: datetime) -> Any:
    return (
        select(
            Deadline.id,
            Deadline.complaint_id,
            Deadline.started_at,
            Deadline.due_at,
            Complaint.branch_id,
            Complaint.category,
            Complaint.team_id,
            Complaint.status,
        )
        .join(Complaint, Complaint.id == Deadline.complaint_id)
        .where(period.holds(Deadline.due_at), is_outcome(), runs_on(now), in_scope(actor))
        .order_by(Deadline.due_at, Deadline.id)
        .limit(MOST_ASKED)
    )


def _curves(session: Session, keys: set[str]) -> dict[str, Curve]:
    if not keys:
        return {}
    query = select(RiskCurve.key, RiskCurve.body).where(RiskCurve.key.in_(sorted(keys)))
    return {row.key: Curve(**row.body) for row in session.execute(query)}

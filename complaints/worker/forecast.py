"""How long complaints last, estimated anew every hour for the forecast of missed promises."""

import json
from datetime import datetime
from typing import Any

from sqlalchemy import delete
from sqlalchemy.orm import Session

from complaints.models import RiskCurve
from complaints.queries.management.lasting import how_long_they_lasted
from complaints.rows import insert_rows
from complaints.rulebook import current_rules
from complaints.worker.learning_apart import learn_apart
from complaints.worker.sweeps import JobResult, WorkerContext, reading


def estimate_risks(context: WorkerContext, at: datetime) -> JobResult:
    """Read how long the complaints of a year lasted, and keep the curves of the kinds known."""
    with reading(context.sessions) as session:
        groups = how_long_they_lasted(session, current_rules(session), now=at)
    curves = _estimate(context, json.dumps(groups)) if groups else {}
    if curves is None:
        return JobResult()
    with context.sessions.begin() as session:
        store_curves(session, curves, at)
    return JobResult(handled=len(curves))


def store_curves(session: Session, curves: dict[str, Any], at: datetime) -> None:
    """Put these in the place of those that were there; a group that is thin now has none."""
    session.execute(delete(RiskCurve))
    rows = [{"key": key, "made_at": at, "body": body} for key, body in sorted(curves.items())]
    if rows:
        insert_rows(session, RiskCurve, rows)


def _estimate(context: WorkerContext, told: str) -> dict[str, Any] | None:
    return learn_apart(context, "complaints.learning.survival", told)

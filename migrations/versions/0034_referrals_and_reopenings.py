"""What was referred or opened again before, to be counted among the ways round.

Each keeps how its promise stood, as the clocks of its cycle tell: a complaint that missed one and
was opened again stays among the missed. No clock says so where only a date was told; there the
state stays open.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

JSON = sa.JSON(none_as_null=True).with_variant(
    postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), "postgresql"
)
INSTANT = sa.DateTime(timezone=True)
#: So many complaints are read and written at once.
BATCH = 1_000
KINDS = {"reopen": "reopening", "refer": "referral"}

history = sa.table(
    "history",
    sa.column("complaint_id", sa.Integer),
    sa.column("seq", sa.Integer),
    sa.column("what", sa.String),
    sa.column("at", INSTANT),
    sa.column("recorded_at", INSTANT),
    sa.column("by_id", sa.Integer),
    sa.column("by_name", sa.String),
    sa.column("detail", JSON),
)
complaints = sa.table("complaints", sa.column("id", sa.Integer), sa.column("branch_id", sa.Integer))
records = sa.table(
    "step_records", sa.column("complaint_id", sa.Integer), sa.column("record", sa.String)
)
deadlines = sa.table(
    "deadlines",
    sa.column("complaint_id", sa.Integer),
    sa.column("cycle", sa.Integer),
    sa.column("kind", sa.String),
    sa.column("state", sa.String),
)
exits = sa.table(
    "exits",
    *(
        sa.column(name, kind)
        for kind, names in (
            (sa.Integer, ("complaint_id", "cycle", "by_id", "branch_id", "paused_seconds")),
            (sa.String, ("kind", "criterion", "code", "reason", "method", "by_name", "state")),
            (sa.String, ("answered_by_name", "answer_reason", "promise_state")),
            (INSTANT, ("at", "recorded_at")),
            (sa.Boolean, ("is_earlier",)),
            (JSON, ("detail",)),
        )
        for name in names
    ),
)


def upgrade() -> None:
    _keep(op.get_bind())


def _keep(connection: sa.Connection) -> None:
    last = 0
    wanted = sa.select(history.c.complaint_id).where(history.c.what.in_(tuple(KINDS))).distinct()
    while True:
        query = wanted.where(history.c.complaint_id > last).order_by(history.c.complaint_id)
        ids = connection.scalars(query.limit(BATCH)).all()
        if not ids:
            return
        last = ids[-1]
        states = _states(connection, ids)
        entries = (
            sa.select(history, complaints.c.branch_id)
            .join(complaints, complaints.c.id == history.c.complaint_id)
            .where(history.c.complaint_id.in_(ids), history.c.what.in_(tuple(KINDS)))
            .order_by(history.c.complaint_id, history.c.seq)
        )
        cycles: dict[int, int] = {}
        made = []
        for row in connection.execute(entries).all():
            cycle = cycles.setdefault(row.complaint_id, 1)
            made.append(_exit_of(row, cycle, states.get((row.complaint_id, cycle), "none")))
            if row.what == "reopen":
                cycles[row.complaint_id] += 1
        connection.execute(exits.insert(), made)


def _states(connection: sa.Connection, ids: Any) -> dict[tuple[int, int], str]:
    """Complaint and cycle → how its promise stood; what another system had ended has none."""
    clocks = sa.select(deadlines).where(
        deadlines.c.complaint_id.in_(ids), deadlines.c.kind.in_(("resolve", "legal"))
    )
    said = {"breached": "missed", "met": "kept"}
    found: dict[tuple[int, int], str] = {}
    for row in connection.execute(clocks):
        key = (row.complaint_id, row.cycle)
        if row.state in said and found.get(key) != "missed":
            found[key] = said[row.state]
    taken_over = sa.select(records.c.complaint_id).where(
        records.c.complaint_id.in_(ids), records.c.record == "take-over"
    )
    for complaint_id in connection.scalars(taken_over):
        found.pop((complaint_id, 1), None)
    return found


def _exit_of(row: Any, cycle: int, state: str) -> dict[str, Any]:
    detail = row.detail or {}
    return {
        "complaint_id": row.complaint_id,
        "cycle": cycle,
        "kind": KINDS[row.what],
        "criterion": "",
        "code": str(detail.get("outcome", "")) if row.what == "refer" else "",
        "reason": str(detail.get("reason", "")),
        "method": "",
        "at": row.at,
        "recorded_at": row.recorded_at or row.at,
        "by_id": row.by_id,
        "by_name": row.by_name,
        "branch_id": row.branch_id,
        "state": "",
        "answered_by_name": "",
        "answer_reason": "",
        "paused_seconds": 0,
        "promise_state": state,
        "is_earlier": True,
        "detail": {},
    }


def downgrade() -> None:
    op.execute("DELETE FROM exits WHERE kind IN ('referral', 'reopening')")

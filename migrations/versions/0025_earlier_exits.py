"""What was excused, paused or withdrawn before there was a list of reasons, to be counted as such.

It stays what it was: `is_earlier`, without a code, and needs nobody's signature.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

JSON = sa.JSON(none_as_null=True).with_variant(
    postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), "postgresql"
)
INSTANT = sa.DateTime(timezone=True)
#: So many rows are read and written at once.
BATCH = 1_000

history = sa.table(
    "history",
    sa.column("id", sa.Integer),
    sa.column("complaint_id", sa.Integer),
    sa.column("seq", sa.Integer),
    sa.column("what", sa.String),
    sa.column("at", INSTANT),
    sa.column("by_id", sa.Integer),
    sa.column("by_name", sa.String),
    sa.column("detail", JSON),
)
complaints = sa.table(
    "complaints",
    sa.column("id", sa.Integer),
    sa.column("branch_id", sa.Integer),
    sa.column("waiting_customer", sa.Boolean),
)
exits = sa.table(
    "exits",
    *(
        sa.column(name, kind)
        for kind, names in (
            (sa.Integer, ("complaint_id", "cycle", "by_id", "branch_id", "paused_seconds")),
            (sa.String, ("kind", "criterion", "code", "reason", "method", "by_name", "state")),
            (sa.String, ("answered_by_name", "answer_reason", "promise_state")),
            (INSTANT, ("at", "recorded_at", "until_at", "ended_at")),
            (sa.Boolean, ("is_earlier",)),
            (JSON, ("detail",)),
        )
        for name in names
    ),
)


def upgrade() -> None:
    op.execute(
        """
        INSERT INTO exits (complaint_id, cycle, kind, criterion, code, reason, method, at,
            recorded_at, by_id, by_name, branch_id, record_id, state, answered_by_name,
            answer_reason, paused_seconds, promise_state, is_earlier, detail)
        SELECT r.complaint_id, r.cycle, 'unable', r.criterion, '', r.reason, r.method, r.at,
            r.at, r.by_id, r.by_name, c.branch_id, r.id, '', '',
            '', 0, '', TRUE, '{}'
        FROM step_records r JOIN complaints c ON c.id = r.complaint_id
        WHERE r.is_unable AND r.record <> 'take-over'
        ORDER BY r.id
        """
    )
    _keep_pauses_and_withdrawals(op.get_bind())


def _keep_pauses_and_withdrawals(connection: sa.Connection) -> None:
    """From the history: a pause ended with the entry that resumed it, or is the present one."""
    kept: list[dict[str, Any]] = []
    for entries in _by_complaint(connection):
        paused: dict[str, Any] | None = None
        cycle = 1
        for row in entries:
            if row.what == "reopen":
                cycle += 1
            if paused is not None and _resumes(row):
                paused["ended_at"] = row.at
                paused = None
            if row.what in ("pause", "withdraw"):
                made = _exit_of(row, cycle)
                paused = made if row.what == "pause" else paused
                kept.append(made)
        if paused is not None and not entries[0].waiting_customer:
            paused["ended_at"] = paused["until_at"]
        if len(kept) >= BATCH:
            connection.execute(exits.insert(), kept)
            kept = []
    if kept:
        connection.execute(exits.insert(), kept)


def _by_complaint(connection: sa.Connection) -> Iterator[list[Any]]:
    """The complaints that were ever paused or withdrawn, with their history, a batch at a time."""
    wanted = sa.select(history.c.complaint_id).where(history.c.what.in_(("pause", "withdraw")))
    last = 0
    while True:
        after = wanted.where(history.c.complaint_id > last).distinct()
        ids = connection.scalars(after.order_by(history.c.complaint_id).limit(BATCH)).all()
        if not ids:
            return
        last = ids[-1]
        query = (
            sa.select(history, complaints.c.branch_id, complaints.c.waiting_customer)
            .join(complaints, complaints.c.id == history.c.complaint_id)
            .where(history.c.complaint_id.in_(ids))
            .order_by(history.c.complaint_id, history.c.seq)
        )
        entries: list[Any] = []
        for row in connection.execute(query).all():
            if entries and entries[0].complaint_id != row.complaint_id:
                yield entries
                entries = []
            entries.append(row)
        yield entries


def _resumes(row: Any) -> bool:
    is_heard = row.what == "message" and (row.detail or {}).get("direction") == "in"
    return is_heard or row.what in ("resume", "close", "refer", "withdraw", "accept", "refuse")


def _exit_of(row: Any, cycle: int) -> dict[str, Any]:
    detail = row.detail or {}
    until = detail.get("until")
    return {
        "complaint_id": row.complaint_id,
        "cycle": cycle,
        "kind": "pause" if row.what == "pause" else "withdrawal",
        "criterion": "",
        "code": "",
        "reason": str(detail.get("reason", "")),
        "method": "",
        "at": row.at,
        "recorded_at": row.at,
        "by_id": row.by_id,
        "by_name": row.by_name,
        "branch_id": row.branch_id,
        "state": "",
        "answered_by_name": "",
        "answer_reason": "",
        "until_at": datetime.fromisoformat(until).astimezone(UTC) if until else None,
        "ended_at": None,
        "paused_seconds": 0,
        "promise_state": "",
        "is_earlier": True,
        "detail": {},
    }


def downgrade() -> None:
    op.execute("DELETE FROM exits WHERE is_earlier")

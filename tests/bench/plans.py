"""What PostgreSQL does for each statement of a reading: which tables it scans, rows read."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from psycopg import sql
from sqlalchemy import Connection, Engine, event

from complaints.statement_plans import ONCE

#: Tables that grow with the complaints; to read one from end to end is never right for a page.
LARGE = {
    "answers",
    "causes",
    "commitments",
    "complaints",
    "customers",
    "deadline_entries",
    "deadlines",
    "escalations",
    "exits",
    "extensions",
    "history",
    "history_seals",
    "inbound_messages",
    "notes",
    "notices",
    "offers",
    "outbox",
    "parties",
    "step_records",
    "timers",
    "webhook_attempts",
    "webhook_deliveries",
    "webhook_events",
}
#: A value's place in a statement as SQLAlchemy sends it.
_NAMED = re.compile(r"%\((\w+)\)s")
#: A table with fewer rows may be read as it pleases.
SMALL = 3000


@dataclass(frozen=True, slots=True)
class Plan:
    """One statement: the large tables it reads from end to end, rows it touched, milliseconds."""

    statement: str
    scanned: frozenset[str]
    rows: int
    milliseconds: float
    tree: Mapping[str, Any]


@contextmanager
def explaining(engine: Engine) -> Iterator[list[Plan]]:
    """Explain every SELECT that is sent meanwhile, with the values it was sent with."""
    plans: list[Plan] = []
    is_explaining = False

    def explain(connection: Connection, cursor: Any, statement: str, values: Any, *_: Any) -> None:
        nonlocal is_explaining
        if is_explaining or not statement.lstrip().upper().startswith(("SELECT", "WITH")):
            return
        is_explaining = True
        try:
            asking = connection.connection.cursor()
            (told,) = _explain(asking, statement, values) or ([],)
            found = (json.loads(told) if isinstance(told, str) else told)[0]
            tree = found["Plan"]
            plans.append(
                Plan(statement, _scanned(tree), _rows(tree), found["Execution Time"], tree)
            )
        finally:
            is_explaining = False

    event.listen(engine, "before_cursor_execute", explain)
    try:
        yield plans
    finally:
        event.remove(engine, "before_cursor_execute", explain)


def _explain(asking: Any, statement: str, values: Mapping[str, Any]) -> Any:
    """The plan of these values, or for all of them, as the connection says (`plan_cache_mode`)."""
    asking.execute("SHOW plan_cache_mode")
    if asking.fetchone() != (ONCE,):
        return asking.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}", values).fetchone()
    names = list(dict.fromkeys(_NAMED.findall(statement)))
    numbered = _NAMED.sub(lambda found: f"${names.index(found[1]) + 1}", statement)
    given = [sql.Literal(values[name]) for name in names]
    asked = sql.SQL(" ({})").format(sql.SQL(", ").join(given)) if given else sql.SQL("")
    asking.execute("PREPARE explained AS " + numbered.replace("%%", "%"))
    try:
        asking.execute(sql.SQL("EXPLAIN (ANALYZE, FORMAT JSON) EXECUTE explained") + asked)
        return asking.fetchone()
    finally:
        asking.execute("DEALLOCATE explained")


def nodes_of(tree: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Every node of a plan, from the top down."""
    yield tree
    for each in tree.get("Plans", ()):
        yield from nodes_of(each)


def _scanned(tree: Mapping[str, Any]) -> frozenset[str]:
    return frozenset(
        node["Relation Name"]
        for node in nodes_of(tree)
        if node["Node Type"] == "Seq Scan"
        and node["Relation Name"] in LARGE
        and node["Actual Rows"] + node.get("Rows Removed by Filter", 0) > SMALL
    )


def _rows(tree: Mapping[str, Any]) -> int:
    """Rows that the scans of tables and indexes looked at, those thrown away again included."""
    total = 0.0
    for node in nodes_of(tree):
        if "Scan" in node["Node Type"] and ("Relation Name" in node or "Index Name" in node):
            seen = node["Actual Rows"] + node.get("Rows Removed by Filter", 0)
            seen += node.get("Rows Removed by Index Recheck", 0)
            total += seen * node["Actual Loops"]
    return round(total)

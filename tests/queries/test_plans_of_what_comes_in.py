"""Lists of mail and of calls to webhooks follow their indexes over 20,000 rows of each.

PostgreSQL knows the rows from an ANALYZE; SQLite has never been told of any, as in most offices.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from sqlalchemy import Connection, Engine, event, text
from sqlalchemy.orm import Session

from complaints.db import make_engine
from complaints.domain.permissions import Actor
from complaints.models import User
from complaints.queries.engine.webhooks import deliveries_of, list_webhooks
from complaints.queries.lists.worklist import list_untaken
from complaints.queries.mail.sorting import list_to_sort, list_unassigned
from complaints.queries.people.drafts import own_drafts
from complaints.rulebook import current_rules
from tests.bench.plans import explaining
from tests.conftest import NOW
from tests.databases import Databases
from tests.office import staff

ROWS = 20_000
#: Lines of a page, and what it may look at for them.
LIMIT, MOST_ROWS = 20, 500
NUMBERS = f"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {ROWS})"
#: Mostly an endpoint that is told much, and one that is told little.
FILL = (
    """INSERT INTO inbound_messages (id, source, fingerprint, sha256, size, message_id, from_name,
    from_address, recipients, subject, sent_text, received_at, taken_at, text, kind, action,
    reason, branch_id, language, reviewed_by_name, decision, decision_reason, reviewed_at)
    {numbers} SELECT i, 'pipe', 'f' || i, '', 1, '', '', '', '[]', 'Tagihan', '', {now}, {now}, '',
    'person', CASE WHEN i % 100 = 7 THEN 'quarantined' ELSE 'ignored' END, 'unknown',
    CASE WHEN i % 400 = 7 THEN {branch} END, 'id', '', '', '',
    CASE WHEN i % 1000 = 7 THEN {now} END FROM n""",
    """INSERT INTO webhooks (id, url, events, nonce, created_at, changed_at)
    SELECT i, 'https://x.example/', '[]', '', {now}, {now} FROM (SELECT 1 AS i UNION SELECT 2) w""",
    """INSERT INTO webhook_events (id, name, kind, body, created_at)
    {numbers} SELECT i, 'msg_' || i, 'complaint.receive', '', {now} FROM n""",
    """INSERT INTO webhook_deliveries
    (id, webhook_id, event_id, state, attempts, queued_at, next_try_at)
    {numbers} SELECT i, CASE WHEN i % 500 = 7 THEN 2 ELSE 1 END, i,
    CASE WHEN i % 1000 = 7 THEN 'queued' ELSE 'sent' END, 0, {now}, {now} FROM n""",
    """INSERT INTO drafts (id, owner_id, act, key, fields, version, began_at, saved_at)
    {numbers} SELECT i, CASE WHEN i % 700 = 7 THEN {me} ELSE {other} END, 'complaints/new',
    'k' || i, '[]', 1, {now}, {now} FROM n""",
    """INSERT INTO webhook_attempts (id, delivery_id, at, why, milliseconds)
    {numbers} SELECT i, i, {now}, 'answered', 1 FROM n""",
)
TABLES = ("drafts", "inbound_messages", "webhook_attempts", "webhook_deliveries", "webhook_events")


@dataclass(frozen=True, slots=True)
class Filled:
    """The filled database; somebody who sees all branches, and somebody of one."""

    session: Session
    office: Actor
    branch: Actor

    def steps(self, read: Callable[[], object]) -> list[str]:
        """The steps of SQLite, without the sorting of lines that are all shown anyway."""
        asked, engine, steps = [], self.session.get_bind(), []

        def note(_c: Connection, _cursor: object, statement: str, values: object, *_: object):
            asked.append((statement, values))

        event.listen(engine, "before_cursor_execute", note)
        read()
        event.remove(engine, "before_cursor_execute", note)
        for statement, values in asked:
            explain = f"EXPLAIN QUERY PLAN {statement}"
            plan = self.session.connection().exec_driver_sql(explain, values).all()
            # Each arm of a list yields no more than a page, which is then put in order.
            arms = {at for at, _, _, step in plan if step.startswith("CO-ROUTINE")}
            sorted_too = arms or ({0} if " LIMIT " in statement else set())
            steps += [
                step
                for _, within, _, step in plan
                if (within in sorted_too or "TEMP B-TREE" not in step)
                and not step.startswith("SCAN anon_")
            ]
        return steps


@pytest.fixture(scope="module")
def filled(databases: Databases) -> Iterator[Filled]:
    url = databases.fresh(staff)
    engine = make_engine(url)
    with Session(engine) as session:
        people = {
            name: session.query(User).filter_by(email=f"{name}@tanggap.example").one().actor
            for name in ("supervisor", "csr")
        }
        me, branch = people["supervisor"], people["csr"]
        office = Actor(me.id, me.name, me.role, None, None)
        now = f"'{NOW:%Y-%m-%d %H:%M:%S.000000}'"
        if engine.dialect.name == "postgresql":
            now = f"CAST({now} AS timestamptz)"
        for statement in FILL:
            session.execute(
                text(
                    statement.format(
                        numbers=NUMBERS, now=now, branch=branch.branch_id, me=branch.id, other=me.id
                    )
                )
            )
        session.commit()
        if engine.dialect.name == "postgresql":
            for table in TABLES:
                session.execute(text(f"ANALYZE {table}"))
            session.commit()
        yield Filled(session, office, branch)
    engine.dispose()
    databases.drop(url)


READINGS: dict[str, Callable[[Filled], object]] = (
    {
        f"{name} of {whose}{', older' if before else ''}": (
            lambda f, read=read, whose=whose, before=before: read(
                f.session, getattr(f, whose), limit=LIMIT, before=before
            ).items[LIMIT - 1]
        )
        for name, read in (("mail to sort", list_to_sort), ("mail of nothing", list_unassigned))
        for whose in ("office", "branch")
        for before in (None, 15_000)
    }
    | {
        "drafts of the busy one": lambda f: own_drafts(f.session, f.office)[LIMIT],
        "drafts of the other": lambda f: own_drafts(f.session, f.branch)[LIMIT],
    }
    | {
        "deliveries of the busy one": lambda f: deliveries_of(f.session, 1, limit=LIMIT).items[-1],
        "deliveries of the other": lambda f: deliveries_of(f.session, 2, limit=LIMIT).items[-1],
        "older deliveries": lambda f: deliveries_of(
            f.session, 1, limit=LIMIT, cursor=deliveries_of(f.session, 1, limit=LIMIT).next
        ).items[-1],
    }
    | {
        f"not taken of {whose}": (
            lambda f, whose=whose: list_untaken(
                f.session, getattr(f, whose), now=NOW, limit=LIMIT, rules=current_rules(f.session)
            )
        )
        for whose in ("office", "branch")
    }
)


@pytest.mark.parametrize("name", READINGS)
def test_a_list_follows_an_index_in_its_order(filled: Filled, name: str):
    engine = filled.session.get_bind()
    assert isinstance(engine, Engine)
    if name.startswith("not taken") and engine.dialect.name == "postgresql":
        pytest.skip("test_plans.py asks PostgreSQL, over complaints")
    READINGS[name](filled)
    if engine.dialect.name == "postgresql":
        with explaining(engine) as plans:
            READINGS[name](filled)
        assert not frozenset().union(*(plan.scanned for plan in plans))
        assert sum(plan.rows for plan in plans) <= MOST_ROWS, [plan.tree for plan in plans]
    else:
        steps = filled.steps(lambda: READINGS[name](filled))
        assert steps
        # A table by the order of its rows, down from a place in it, is read to its end as well.
        dear = ("SCAN", "TEMP B-TREE", "(rowid<?)")
        assert [step for step in steps if any(each in step for each in dear)] == []


def test_the_endpoints_and_how_they_do_are_four_statements(filled: Filled):
    engine, said = filled.session.get_bind(), []

    def hear(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        said.append(statement)

    event.listen(engine, "before_cursor_execute", hear)
    newest, other = list_webhooks(filled.session)
    event.remove(engine, "before_cursor_execute", hear)
    assert len(said) == 4
    assert newest.last is not None
    assert other.last is not None
    assert (newest.webhook.id, newest.waiting, newest.last.id) == (2, 20, 19_507)
    assert (other.webhook.id, other.waiting, other.last.id) == (1, 0, ROWS)

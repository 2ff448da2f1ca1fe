"""What every page asks of a person on SQLite: none of it walks over all complaints.

SQLite is told that there are many, as after an ANALYZE of an office that never extends a date.
"""

import pytest
from sqlalchemy import Connection, event
from sqlalchemy.orm import Session

from complaints.models import User
from complaints.queries.lists.board import read_board
from complaints.queries.people.session_user import find_session_user
from complaints.rulebook import current_rules
from tests.conftest import NOW


@pytest.mark.parametrize("what", ["counts", "board"])
def test_no_statement_scans_the_complaints(session: Session, what: str) -> None:
    if session.get_bind().dialect.name != "sqlite":
        pytest.skip("test_plans.py asks PostgreSQL")
    supervisor = session.query(User).filter_by(email="supervisor@tanggap.example").one()
    rules, asked = current_rules(session), []
    connection = session.connection()
    connection.exec_driver_sql("ANALYZE")
    connection.exec_driver_sql("DELETE FROM sqlite_stat1 WHERE tbl IN ('complaints', 'extensions')")
    connection.exec_driver_sql(
        "INSERT INTO sqlite_stat1 VALUES ('complaints', 'ix_complaints_received', '20000 1 1 1')"
    )
    connection.exec_driver_sql("ANALYZE sqlite_schema")

    def note(connection: Connection, cursor, statement: str, values, *_: object) -> None:
        asked.append((statement, values))

    event.listen(session.get_bind(), "before_cursor_execute", note)
    if what == "counts":
        find_session_user(session, supervisor.id)
    else:
        read_board(session, rules, supervisor.actor, now=NOW)
    event.remove(session.get_bind(), "before_cursor_execute", note)
    steps = [
        row[-1]
        for statement, values in asked
        for row in session.connection().exec_driver_sql("EXPLAIN QUERY PLAN " + statement, values)
    ]
    assert any("complaints" in step for step in steps)
    assert [step for step in steps if step.startswith("SCAN complaints")] == []

"""What is asked often on SQLite: none of it walks over all complaints, or all customers.

SQLite is told that there are many, as after an ANALYZE of an office that never extends a date and
gives its customers no numbers.
"""

import pytest
from sqlalchemy import Connection, event
from sqlalchemy.orm import Session

from complaints.models import User
from complaints.people.customers import CustomerGiven, find_customer
from complaints.queries.lists.board import read_board
from complaints.queries.lists.search import find_customers
from complaints.queries.people.session_user import find_session_user
from complaints.rulebook import current_rules
from tests.conftest import NOW

TOLD = CustomerGiven("Rahmawati", phone="081200034567", email="r@example.org", number="K-17")
OF_MANY = (
    ("complaints", "ix_complaints_received", "20000 1 1 1"),
    ("customers", "ix_customers_number_key", "12000 12000"),
    ("customers", "sqlite_autoindex_customers_1", "12000 12000"),
    ("customers", "ix_customers_phone", "12000 1"),
    ("customers", "ix_customers_email", "12000 12000"),
    ("customers", "ix_customers_name_key", "12000 1"),
)


@pytest.mark.parametrize(
    ("what", "table"),
    [
        ("counts", "complaints"),
        ("board", "complaints"),
        ("whose complaint", "customers"),
        ("search", "customers"),
    ],
)
def test_no_statement_scans_a_large_table(session: Session, what: str, table: str) -> None:
    if session.get_bind().dialect.name != "sqlite":
        pytest.skip("test_plans.py asks PostgreSQL")
    supervisor = session.query(User).filter_by(email="supervisor@tanggap.example").one()
    rules, asked = current_rules(session), []
    connection = session.connection()
    connection.exec_driver_sql("ANALYZE")
    connection.exec_driver_sql(
        "DELETE FROM sqlite_stat1 WHERE tbl IN ('complaints', 'extensions', 'customers')"
    )
    for of_many in OF_MANY:
        connection.exec_driver_sql("INSERT INTO sqlite_stat1 VALUES (?, ?, ?)", of_many)
    connection.exec_driver_sql("ANALYZE sqlite_schema")

    def note(connection: Connection, cursor, statement: str, values, *_: object) -> None:
        asked.append((statement, values))

    event.listen(session.get_bind(), "before_cursor_execute", note)
    if what == "counts":
        find_session_user(session, supervisor.id)
    elif what == "board":
        read_board(session, rules, supervisor.actor, now=NOW)
    elif what == "whose complaint":
        find_customer(session, TOLD)
    else:
        find_customers(session, TOLD.phone)
    event.remove(session.get_bind(), "before_cursor_execute", note)
    steps = [
        row[-1]
        for statement, values in asked
        for row in session.connection().exec_driver_sql("EXPLAIN QUERY PLAN " + statement, values)
    ]
    assert any(table in step for step in steps)
    assert [step for step in steps if step.split()[:2] == ["SCAN", table]] == []

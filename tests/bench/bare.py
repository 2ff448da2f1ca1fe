"""The bare acts ours are measured against: a Flask page of fifty rows, and two inserts.

The page shows as many rows and columns as a page of our list, from a template that is compiled
once, over connections that are kept and used just as ours are: same pool, same options, no
transaction around a reading. One insert stores a complaint as it was told, in the table where
complaints are; the other a row of two columns in a table that nothing else knows of.
"""

import os
from datetime import UTC, datetime

from flask import Flask, render_template, request
from jinja2 import DictLoader
from sqlalchemy import create_engine, text

from complaints.db import STATEMENT_SECONDS, engine_options

PAGE = """<!doctype html><html lang="en"><head><title>Rows</title></head><body><h1>Rows</h1><table>
{% for row in rows %}<tr><td>{{ row.id }}</td><td>{{ row.year }}</td><td>{{ row.priority }}</td>
<td>{{ row.contact_name }}</td><td>{{ row.category }}</td><td>{{ row.story }}</td>
<td>{{ row.next_due_at }}</td><td>{{ row.status }}</td><td>{{ row.handler }}</td>
<td>{{ row.branch_id }}</td></tr>
{% endfor %}</table></body></html>"""

READ = text(
    "SELECT c.id, c.year, c.priority, c.contact_name, c.category, substr(c.story, 1, 160) AS story,"
    " c.next_due_at, c.status, u.name AS handler, c.branch_id"
    " FROM complaints c LEFT JOIN users u ON u.id = c.handler_id ORDER BY c.id DESC LIMIT 50"
)
INSERT_COMPLAINT = text(
    """
    INSERT INTO complaints (year, source, branch_id, customer_id, channel, category, story, summary,
        product, remedy_wanted, received_at, record_gaps, status, waiting_customer, cycle, severity,
        priority, priority_reason, escalation_level, follow_nonce, history_seq, history_hash,
        version)
    VALUES (2026, 'bare', :branch, :customer, :channel, :category, :story, '', '', '', :at, '{}',
        'received', false, 1, 2, 'P2', '{}', 0, '', 0, '', 1)
    """
)
INSERT_ROW = text("INSERT INTO bare_rows (story) VALUES (:story)")


def create_bare_app() -> Flask:
    """An app that does nothing but read and render, or insert and commit."""
    app = Flask(__name__)
    app.jinja_env.loader = DictLoader({"rows.html": PAGE})
    url = os.environ["DATABASE_URL"]
    engine = create_engine(url, **engine_options(url, STATEMENT_SECONDS))
    is_sqlite = engine.dialect.name == "sqlite"
    # As `db.begin_reading`.
    reading = {"writes": False} if is_sqlite else {"isolation_level": "AUTOCOMMIT"}
    reader = engine.execution_options(**reading)

    @app.get("/rows")
    def rows() -> str:
        with reader.connect() as connection:
            return render_template("rows.html", rows=connection.execute(READ).all())

    with reader.connect() as connection:
        known = connection.execute(
            text("SELECT (SELECT min(id) FROM branches), (SELECT min(id) FROM customers)")
        ).one()

    @app.post("/complaint")
    def insert_complaint() -> str:
        told = request.get_json()
        values = {name: told[name] for name in ("channel", "category", "story")}
        at = f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S}.000000"
        values |= {"branch": known[0], "customer": known[1], "at": at}
        with engine.begin() as connection:
            connection.execute(INSERT_COMPLAINT, values)
        return "ok"

    @app.post("/row")
    def insert_row() -> str:
        with engine.begin() as connection:
            connection.execute(INSERT_ROW, {"story": request.get_json()["story"]})
        return "ok"

    return app

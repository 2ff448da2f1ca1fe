"""The bare acts ours are measured against: a Flask page of fifty rows, and two inserts.

One insert stores a complaint as it was told, in the table where complaints are; the other a row
of two columns in a table that nothing else knows of.
"""

import os
from datetime import UTC, datetime

from flask import Flask, render_template_string, request
from sqlalchemy import create_engine, text

from complaints.db import engine_options

PAGE = """<!doctype html><html lang="en"><head><title>Rows</title></head><body><h1>Rows</h1><table>
{% for row in rows %}<tr><td>{{ row.id }}</td><td>{{ row.story }}</td><td>{{ row.status }}</td>
<td>{{ row.priority }}</td><td>{{ row.next_due_at }}</td></tr>
{% endfor %}</table></body></html>"""

READ = text(
    "SELECT id, story, status, priority, next_due_at FROM complaints ORDER BY id DESC LIMIT 50"
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
    url = os.environ["DATABASE_URL"]
    engine = create_engine(url, **engine_options(url))

    @app.get("/rows")
    def rows() -> str:
        with engine.connect() as connection:
            return render_template_string(PAGE, rows=connection.execute(READ).all())

    with engine.connect() as connection:
        known = connection.execute(
            text("SELECT (SELECT min(id) FROM branches), (SELECT min(id) FROM customers)")
        ).one()

    @app.post("/complaint")
    def insert_complaint() -> str:
        told = request.get_json()
        values = {name: told[name] for name in ("channel", "category", "story")}
        values |= {"branch": known[0], "customer": known[1], "at": datetime.now(UTC)}
        with engine.begin() as connection:
            connection.execute(INSERT_COMPLAINT, values)
        return "ok"

    @app.post("/row")
    def insert_row() -> str:
        with engine.begin() as connection:
            connection.execute(INSERT_ROW, {"story": request.get_json()["story"]})
        return "ok"

    return app

"""The bare acts our pages are measured against: one Flask page of fifty rows, one insert."""

import os

from flask import Flask, render_template_string
from sqlalchemy import create_engine, text

from complaints.db import engine_options

PAGE = """<!doctype html><html lang="en"><head><title>Rows</title></head><body><h1>Rows</h1><table>
{% for row in rows %}<tr><td>{{ row.id }}</td><td>{{ row.story }}</td><td>{{ row.status }}</td>
<td>{{ row.priority }}</td><td>{{ row.next_due_at }}</td></tr>
{% endfor %}</table></body></html>"""

READ = text(
    "SELECT id, story, status, priority, next_due_at FROM complaints ORDER BY id DESC LIMIT 50"
)
WRITE = text("INSERT INTO bare_rows (story) VALUES (:story)")


def create_bare_app() -> Flask:
    """An app that does nothing but read and render, or insert and commit."""
    app = Flask(__name__)
    url = os.environ["DATABASE_URL"]
    engine = create_engine(url, **engine_options(url))

    @app.get("/rows")
    def rows() -> str:
        with engine.connect() as connection:
            return render_template_string(PAGE, rows=connection.execute(READ).all())

    @app.post("/insert")
    def insert() -> str:
        with engine.begin() as connection:
            connection.execute(WRITE, {"story": "Internet mati sejak kemarin sore"})
        return "ok"

    return app

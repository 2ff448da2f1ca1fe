"""Starting the programme: the web server, the worker, or both under one roof."""

import gc
import socket
import threading
from functools import partial

from flask import Flask
from sqlalchemy.orm import Session

from complaints.commands.supervise import Part, stopping_on_signals, supervise
from complaints.commands.webserver import WebServer, open_listener
from complaints.settings import Settings


def serve_web(settings: Settings, host: str, port: int, workers: int) -> None:
    """Serve the application until stopped."""
    check_database(settings)
    with open_listener(host, port) as listener:
        supervise(_web_parts(listener, workers))


def serve_worker(settings: Settings) -> None:
    """Fire deadlines and deliver messages until SIGTERM or Ctrl-C."""
    check_database(settings)
    stopping_on_signals(lambda stop: _work(settings, stop))


def run_both(settings: Settings, host: str, port: int, workers: int) -> None:
    """Run web and worker under one supervisor, which starts again what dies."""
    check_database(settings)
    with open_listener(host, port) as listener:

        def work(stop: threading.Event) -> None:
            # Only web processes keep the port.
            listener.close()
            _work(settings, stop)

        parts = [*_web_parts(listener, workers), Part("worker", work)]
        _greet(settings, host, port)
        supervise(parts)


def check_database(settings: Settings) -> None:
    """Look before anything starts, at the key that signs mail as well; raises what the operator can
    mend: ValueError, Refused or the database's own error.
    """
    from complaints.db import make_engine
    from complaints.migrate import is_at_head
    from complaints.rulebook import current_rules
    from complaints.worker.sending import delivery_of

    delivery_of(settings)
    engine = make_engine(settings.database_url)
    try:
        with engine.connect() as connection:
            if not is_at_head(connection):
                raise ValueError(
                    "The database is not migrated to this version; run `complaints init` first."
                )
        with Session(engine) as session:
            current_rules(session)
    finally:
        engine.dispose()


def watchful_app() -> Flask:
    """The web application of one process, which also watches whether a worker runs."""
    from complaints.app import create_app

    app = create_app()
    _watch(app)
    return app


def _web_parts(listener: socket.socket, workers: int) -> list[Part]:
    """The web processes; the application is made once, and forked with the memory it takes."""
    from complaints.app import create_app
    from complaints.web.frame.access import counts_of

    app = create_app()
    counts = counts_of(app)
    counts.spread(workers)

    def answer(stop: threading.Event, number: int) -> None:
        counts.take_slot(number)
        _watch(app)
        WebServer(app, listener).serve_until(stop)

    gc.collect()
    gc.freeze()
    # A page makes thousands of objects and hardly a circle: looking for those ten times a page
    # took a twentieth of its time.
    gc.set_threshold(50_000, 20, 50)
    return [Part(f"web {number + 1}", partial(answer, number=number)) for number in range(workers)]


def _watch(app: Flask) -> None:
    from complaints.db import make_engine
    from complaints.worker.watch import start_watch

    settings: Settings = app.config["SETTINGS"]
    start_watch(settings, make_engine(settings.database_url))


def _work(settings: Settings, stop: threading.Event) -> None:
    from complaints.db import make_engine
    from complaints.worker.schedule import run_worker

    run_worker(settings, make_engine(settings.database_url), stop)


def _greet(settings: Settings, host: str, port: int) -> None:
    """Say where it is and, in the demonstration, who may log in."""
    from complaints.db import make_engine
    from complaints.seed import PASSWORD, demonstration_logins

    lines = [f"Tanggap is on http://{host}:{port}"]
    engine = make_engine(settings.database_url)
    with Session(engine) as session:
        logins = demonstration_logins(session)
    engine.dispose()
    if logins:
        lines.append(f"Logins of the demonstration, password {PASSWORD}:")
        lines += [f"  {email:<34}{role}" for email, role in logins]
    lines.append("Ctrl-C stops it.")
    print("\n".join(lines), flush=True)  # noqa: T201

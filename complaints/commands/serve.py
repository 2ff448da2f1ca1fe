"""Starting the programme: the web server, the worker, or both under one roof."""

import signal
import subprocess
import sys
import threading
from types import FrameType

from flask import Flask
from granian import Granian
from granian.constants import Interfaces
from sqlalchemy import Engine

from complaints.settings import Settings

#: Threads per web process; each may hold one database connection.
THREADS = 4
#: How long a part may take to stop before it is ended.
PATIENCE_SECONDS = 15


def serve_web(host: str, port: int, workers: int) -> None:
    """Serve the application until stopped."""
    server = Granian(
        "complaints.commands.serve:watchful_app",
        factory=True,
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=THREADS,
        respawn_failed_workers=True,
        log_access=False,
    )
    server.serve()


def watchful_app() -> Flask:
    """The web application of one process, which also watches whether a worker runs."""
    from complaints.app import create_app
    from complaints.db import make_engine
    from complaints.worker.watch import start_watch

    app = create_app()
    settings: Settings = app.config["SETTINGS"]
    start_watch(settings, make_engine(settings.database_url))
    return app


def serve_worker(settings: Settings, engine: Engine) -> None:
    """Fire deadlines and deliver messages until SIGTERM or Ctrl-C."""
    from complaints.worker.schedule import run_worker

    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    run_worker(settings, engine, stop)


def run_both(settings: Settings, host: str, port: int, workers: int) -> int:
    """Run web and worker as two processes; when one ends, the other is stopped as well."""
    programme = [sys.executable, "-m", "complaints"]
    web = [*programme, "web", "--host", host, "--port", str(port), "--workers", str(workers)]
    parts = [subprocess.Popen(web), subprocess.Popen([*programme, "worker"])]
    ended = threading.Event()
    asked = threading.Event()

    def stop(_: int, __: FrameType | None) -> None:
        asked.set()
        ended.set()

    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, stop)
    for part in parts:
        threading.Thread(target=_tell_when_ended, args=(part, ended), daemon=True).start()
    _greet(settings, host, port)
    ended.wait()
    for part in parts:
        if part.poll() is None:
            part.terminate()
    for part in parts:
        try:
            part.wait(PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            part.kill()
            part.wait()
    return 0 if asked.is_set() else 1


def _tell_when_ended(part: subprocess.Popen[bytes], ended: threading.Event) -> None:
    part.wait()
    ended.set()


def _greet(settings: Settings, host: str, port: int) -> None:
    """Say where it is and, in the demonstration, who may log in."""
    from sqlalchemy.orm import Session

    from complaints.db import make_engine
    from complaints.seed import PASSWORD, demonstration_logins

    lines = [f"Tanggap is on http://{host}:{port}"]
    engine = make_engine(settings.database_url)
    with Session(engine) as session:
        logins = demonstration_logins(session)
    engine.dispose()
    if logins:
        lines.append(f"Logins of the demonstration, password {PASSWORD}:")
        lines += [f"  {email:<30}{role}" for email, role in logins]
    lines.append("Ctrl-C stops it.")
    print("\n".join(lines), flush=True)  # noqa: T201

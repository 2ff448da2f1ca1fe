"""The Flask extensions, made once and bound to an app in `create_app`."""

from collections.abc import Iterator
from contextlib import contextmanager
from inspect import iscoroutinefunction

from flask.sansio.app import App
from flask_babel import Babel
from flask_login import LoginManager
from flask_sqlalchemy_lite import SQLAlchemy
from flask_wtf import CSRFProtect
from sqlalchemy.orm import Session

from complaints.db import share_time
from complaints.statement_plans import planned_by_values


class Database(SQLAlchemy):
    """One session per request on the engines of this app."""

    def init_app(self, app: App) -> None:
        """Bind to an app whose requests have one time each, without the closing of async sessions.

        We have none of them, and Flask would start a thread at the end of every request to look.
        """
        super().init_app(app)
        app.teardown_appcontext_funcs = [
            each for each in app.teardown_appcontext_funcs if not iscoroutinefunction(each)
        ]
        with app.app_context():  # type: ignore[attr-defined]
            for engine in self.engines.values():
                share_time(engine)

    @contextmanager
    def reports(self) -> Iterator[Session]:
        """A session for report queries: on a replica where there is one, with a time of its own.

        Whatever page asks them, they are planned by their values.
        """
        engine = self.engines.get("reports")
        if engine is None:
            yield self.session
            return
        with planned_by_values(), Session(engine) as session:
            yield session


db = Database(session_options={"expire_on_commit": False})
babel = Babel()
login_manager = LoginManager()
csrf = CSRFProtect()

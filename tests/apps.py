"""The whole app, made once in a process and given to one test after the other.

To register some three hundred addresses and to run the code of the templates was a third of what a
test of a page took. What requests and tests leave in an app is taken back before the next one has
it: settings, engines, counts, limits, remembered answers. An app that got other addresses, hooks,
handlers or templates than it was made with is not used again.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Flask

from complaints.app import configuration, create_app
from complaints.channels.api.bearer import LIMITS
from complaints.channels.call_limits import CallLimits
from complaints.extensions import db
from complaints.files.in_use import use_files
from complaints.settings import read_settings
from complaints.signing import use_history_keys
from complaints.web.frame.access import counts_of
from complaints.web.frame.changes import Changes
from complaints.web.frame.unchanged import Unchanged
from tests.compiled import TEMPLATES


class Apps:
    """The app that waits for its next test, if there is one."""

    def __init__(self) -> None:
        self._ready: _Kept | None = None

    def take(self, config: Mapping[str, Any]) -> Flask:
        """An app with these settings, as good as new."""
        kept = self._ready
        if kept is not None and kept.is_whole():
            kept.begin(config)
        else:
            app = create_app(config)
            app.jinja_env.bytecode_cache = TEMPLATES
            kept = self._ready = _Kept(app)
        return kept.app

    def close(self, app: Flask) -> None:
        """Let go of what the app holds open."""
        with app.app_context():
            for engine in db.engines.values():
                engine.dispose()


class _Kept:
    def __init__(self, app: Flask) -> None:
        self.app = app
        self._config = dict(app.config)
        self._extensions = dict(app.extensions)
        self._teardown = list(app.teardown_appcontext_funcs)
        self._shell = list(app.shell_context_processors)
        self._shape = self._read_shape()

    def is_whole(self) -> bool:
        """Whether it is made as it was; settings and what requests leave aside."""
        return self._read_shape() == self._shape

    def begin(self, config: Mapping[str, Any]) -> None:
        """Take everything back that the last test left."""
        app, settings = self.app, read_settings(config)
        use_history_keys(settings.history_keys)
        use_files(settings.files)
        app._got_first_request = False
        app.config.clear()
        app.config.update({**self._config, **configuration(settings), **config})
        app.extensions = dict(self._extensions)
        app.extensions[LIMITS] = CallLimits(settings.api_calls_per_minute)
        counts_of(app).spread(1)
        unchanged: Unchanged = app.extensions["unchanged"]
        unchanged.changes, unchanged._reader = Changes(), None
        unchanged._kept.clear()
        del app.extensions["sqlalchemy"]
        db.init_app(app)
        app.teardown_appcontext_funcs = list(self._teardown)
        app.shell_context_processors = list(self._shell)

    def _read_shape(self) -> tuple[Any, ...]:
        app = self.app
        hooks = (
            app.before_request_funcs,
            app.after_request_funcs,
            app.teardown_request_funcs,
            app.template_context_processors,
            app.error_handler_spec,
        )
        return (
            dict(app.view_functions),
            [{key: list(each) for key, each in sorted(hook.items(), key=str)} for hook in hooks],
            app.wsgi_app,
            app.session_interface,
            app.request_class,
            app.jinja_env.loader,
            app.jinja_env.bytecode_cache,
            dict(app.jinja_env.globals),
            dict(app.jinja_env.filters),
        )

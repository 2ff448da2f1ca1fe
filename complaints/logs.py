"""Logs: one JSON object a line, with the request's id, never a customer's words or contacts."""

import logging
import sys
import threading
import traceback
from collections.abc import MutableMapping
from types import TracebackType
from typing import Any

import structlog

log = structlog.get_logger()


def place_of(error: BaseException) -> str:
    """The kind of an error and the lines it came through; its words may quote a customer.

    Of what it came from the kind is told as well, and the database's own code where there is one.
    """
    places = "".join(traceback.format_tb(error.__traceback__))
    return f"{kinds_of(error)}\n{places}"


def kinds_of(error: BaseException) -> str:
    """The kind of an error, of the database's error in it with its code, and of what caused it."""
    named, seen = [], set()
    cause: BaseException | None = error
    while cause is not None and id(cause) not in seen:
        seen.add(id(cause))
        code = getattr(cause, "sqlstate", None) or getattr(cause, "sqlite_errorname", None)
        named.append(f"{type(cause).__name__} {code}" if code else type(cause).__name__)
        cause = getattr(cause, "orig", None) or cause.__cause__
    return " < ".join(named)


def start_logs(level: str) -> None:
    """Send structlog and the standard library's loggers to standard error, from this level up.

    What nobody caught is a line as well, without its words.
    """
    threshold = getattr(logging, level.upper())
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _without_words,
    ]
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Discreet(shared))
    logging.basicConfig(handlers=[handler], level=max(threshold, logging.WARNING), force=True)
    structlog.configure(
        processors=[*shared, structlog.processors.JSONRenderer()],
        wrapper_class=structlog.make_filtering_bound_logger(threshold),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    sys.excepthook = _uncaught
    threading.excepthook = _uncaught_in_thread


class _Discreet(logging.Formatter):
    """Lines of other people's loggers: their sentence without what was to be filled in.

    Waitress fills in the address of a request, which may be a customer's key; drivers fill in what
    the database said, which may hold an address.
    """

    def __init__(self, shared: list[structlog.typing.Processor]) -> None:
        super().__init__()
        self._steps: list[Any] = [*shared, structlog.processors.JSONRenderer()]

    def format(self, record: logging.LogRecord) -> str:
        """One JSON object."""
        event: MutableMapping[str, Any] = {"event": str(record.msg), "logger": record.name}
        if record.exc_info:
            event["exc_info"] = record.exc_info
        said: Any = event
        for step in self._steps:
            said = step(None, record.levelname.lower(), said)
        return str(said)


def _without_words(_: object, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Say where an error came from instead of what it says."""
    given = event.pop("exc_info", None)
    error = given[1] if isinstance(given, tuple) else given
    if error is True:
        error = sys.exc_info()[1]
    if isinstance(error, BaseException):
        event["where"] = place_of(error)
    return event


def _uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error, trace)
        return
    log.error("uncaught error", where=place_of(error))


def _uncaught_in_thread(given: threading.ExceptHookArgs) -> None:
    if given.exc_value is not None and not isinstance(given.exc_value, SystemExit):
        name = given.thread.name if given.thread else ""
        log.error("uncaught error", thread=name, where=place_of(given.exc_value))

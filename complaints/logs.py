"""Logs: one JSON object a line, with the request's id, never a customer's words or contacts."""

import logging
import sys
import traceback

import structlog


def place_of(error: BaseException) -> str:
    """The kind of an error and the lines it came through; its words may quote a customer."""
    places = "".join(traceback.format_tb(error.__traceback__))
    return f"{type(error).__name__}\n{places}"


def start_logs(level: str) -> None:
    """Send structlog and the standard library's loggers to standard error, from this level up."""
    threshold = getattr(logging, level.upper())
    logging.basicConfig(
        stream=sys.stderr, level=max(threshold, logging.WARNING), format="%(message)s"
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(threshold),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )

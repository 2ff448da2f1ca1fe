"""The one place where the edge reads the time; steps and rules are told it."""

from datetime import UTC, datetime


def now() -> datetime:
    """This instant, aware, in UTC, whole seconds."""
    return datetime.now(UTC).replace(microsecond=0)

"""The same office at work as in the tests of the steps."""

from __future__ import annotations

from tests.steps.conftest import database_url, office

__all__ = ["database_url", "office"]

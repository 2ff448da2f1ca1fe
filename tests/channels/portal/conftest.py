"""The same doors open as in the tests of the pages."""

from __future__ import annotations

from tests.web.conftest import at_desk, counted, database_url, office, visitor, wall

__all__ = ["at_desk", "counted", "database_url", "office", "visitor", "wall"]

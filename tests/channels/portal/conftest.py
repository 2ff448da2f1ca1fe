"""The same doors open as in the tests of the pages."""

from __future__ import annotations

from tests.web.conftest import at_desk, counted, database_url, office, visitor, wall
from tests.which_database import on_either

pytest_itemcollected = on_either("what a customer reads and what they may do")

__all__ = ["at_desk", "counted", "database_url", "office", "visitor", "wall"]

"""The same office at work as in the tests of the steps."""

from __future__ import annotations

from tests.steps.conftest import database_url, office
from tests.which_database import on_either

__all__ = ["database_url", "office"]

pytest_itemcollected = on_either("what a rule takes in and what it refuses")

"""The same office at work as in the tests of the steps."""

from __future__ import annotations

from tests.steps.conftest import database_url, office
from tests.which_database import on_either

pytest_itemcollected = on_either("who stands in, hears and may do what")

__all__ = ["database_url", "office"]

"""The same office at work as in the tests of the steps."""

from __future__ import annotations

from tests.steps.conftest import database_url, office
from tests.which_database import on_either

pytest_itemcollected = on_either(
    "which complaints of another system come in, and with which records"
)

__all__ = ["database_url", "office"]

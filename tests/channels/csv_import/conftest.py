"""What an import makes of a file: each test on one of the databases."""

from __future__ import annotations

from tests.which_database import on_either

pytest_itemcollected = on_either("what an import makes of a file")

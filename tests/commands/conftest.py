"""What a command says and answers with: each test on one of the databases."""

from __future__ import annotations

from tests.which_database import on_either

pytest_itemcollected = on_either("what a command says and answers with")

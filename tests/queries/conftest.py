"""The office with its people, for reading what they have recorded."""

from __future__ import annotations

from tests.steps.conftest import database_url, office

__all__ = ["database_url", "office"]

"""The office with its people, whose reports are summed up."""

from __future__ import annotations

from tests.steps.conftest import database_url, office

__all__ = ["database_url", "office"]

"""What tests of pages that keep themselves up to date share."""

from __future__ import annotations

import pytest

from complaints.web.frame.changes import LOOK_AGAIN_SECONDS
from complaints.web.frame.unchanged import Unchanged


@pytest.fixture
def look_at_once(app):
    """Without waiting a second between two looks of the process at what is new."""
    unchanged: Unchanged = app.extensions["unchanged"]

    def look() -> None:
        unchanged.changes._looked = -LOOK_AGAIN_SECONDS

    return look

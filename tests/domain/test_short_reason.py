"""A reason: short, but in words; spaces around it say nothing."""

from __future__ import annotations

import pytest

from complaints.domain.errors import Invalid
from complaints.domain.short_reason import is_reason, require_reason


@pytest.mark.parametrize("text", ["", "x", "ok", "   ", "\n..\n", "xxx", "ada", "xxx xxx"])
def test_a_keystroke_is_no_reason(text):
    assert not is_reason(text)
    with pytest.raises(Invalid, match="Say what is missing") as refusal:
        require_reason(text, "Say what is missing.", field="unable.reason")
    assert refusal.value.field == "unable.reason"


def test_a_reason_is_kept_without_the_spaces_around_it():
    assert is_reason(" rusak lagi ")
    assert require_reason("\n rusak lagi ") == "rusak lagi"


def test_unless_said_otherwise_the_reason_itself_is_asked_for():
    with pytest.raises(Invalid, match="Enter the reason in a few words") as refusal:
        require_reason("")
    assert refusal.value.field == "reason"

"""The tables of the reports on A4: heads do not run into each other."""

from __future__ import annotations

import pytest

from complaints.documents.reporting.paper_parts import ESCALATION_HEADS
from complaints.outbox.mail.letters import translations

#: Millimetres of the form: what a bold letter takes on average, and the room at both sides.
LETTER, ROOM, PAGE = 1.65, 2.4, 178


@pytest.mark.parametrize("lang", ["id", "en"])
def test_the_heads_of_the_escalations_have_room_for_their_words(lang: str):
    say = translations(lang).gettext
    for head, width in ESCALATION_HEADS.items():
        longest = max(len(word) for word in say(head).split())
        left = width or PAGE - sum(ESCALATION_HEADS.values())
        assert longest * LETTER + ROOM <= left, head

"""What the reports say on paper and page: heads with room, sentences that say what they count."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from complaints.documents.reporting.paper_parts import ESCALATION_HEADS
from complaints.documents.reporting.words import ReportWords
from complaints.outbox.mail.letters import translations
from complaints.queries.reports.compared import Comparison, Stretch
from complaints.queries.reports.rows import Figures

#: Millimetres of the form: what a bold letter takes on average, and the room at both sides.
LETTER, ROOM, PAGE = 1.65, 2.4, 178


@pytest.mark.parametrize("lang", ["id", "en"])
def test_the_heads_of_the_escalations_have_room_for_their_words(lang: str):
    say = translations(lang).gettext
    for head, width in ESCALATION_HEADS.items():
        longest = max(len(word) for word in say(head).split())
        left = width or PAGE - sum(ESCALATION_HEADS.values())
        assert longest * LETTER + ROOM <= left, head


@pytest.mark.parametrize(
    ("last", "begins"),
    [
        (19, "Only until 19 Nov 2026, compared with the same days before, 1 Oct 2026 –"),
        (30, "Compared with 1 Oct 2026 –"),
    ],
)
def test_a_comparison_of_fewer_days_than_the_figures_above_begins_with_it(last: int, begins: str):
    here = Stretch(date(2026, 11, 1), date(2026, 11, last), 13, Figures())
    before = Stretch(date(2026, 10, 1), date(2026, 10, last), 13, Figures())
    report: Any = SimpleNamespace(
        to_on=date(2026, 11, 30), compared=Comparison(here=here, before=before)
    )
    rules: Any = None
    assert ReportWords(rules, str, "en").compared(report).startswith(begins)

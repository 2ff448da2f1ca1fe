"""A table of the report with many lines shows the first, and says how many more there are."""

from __future__ import annotations

import pytest

from complaints.web.reports import deadlines
from tests.office import Office


def test_a_long_table_says_what_it_leaves_out(
    at_desk, office: Office, monkeypatch: pytest.MonkeyPatch
):
    for category in ("GGN_MATI", "GGN_LAMBAT", "TAG_TELAT"):
        office.receive(category=category)
    office.session.commit()
    monkeypatch.setattr(deadlines, "MOST_LINES", 2)
    manager = at_desk("manager")
    page = manager.get("/reports/deadlines?by=category")
    assert len(page.all("#where tbody tr")) == 2
    assert "Tampilkan 1 baris lainnya" in page.text
    whole = manager.get(page.link("Tampilkan 1 baris lainnya"))
    assert len(whole.all("#where tbody tr")) == 3
    assert "baris lainnya" not in whole.text

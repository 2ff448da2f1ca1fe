"""Every report begins with the same days, and has the usual ones one click away."""

from __future__ import annotations

import pytest

from tests.office import Office

REPORTS = ("/reports/deadlines", "/reports/outcomes", "/reports/exits", "/reports/competence")


@pytest.mark.parametrize("report", REPORTS)
def test_this_month_and_the_two_before_by_default(at_desk, office: Office, wall, report: str):
    wall.at = office.at
    page = at_desk("manager").get(report)
    days = [page.one(f"[name='{name}']")["value"] for name in ("from", "to")]
    assert days == ["2026-09-01", "2026-11-30"]


@pytest.mark.parametrize("report", REPORTS[:2])
def test_the_usual_periods_say_which_is_shown(at_desk, office: Office, wall, report: str):
    wall.at = office.at
    manager = at_desk("manager")
    page = manager.get(report)
    periods = page.all("nav[aria-label='Periode'] a")
    assert len(periods) == 4
    for link in periods:
        shown = manager.get(str(link["href"]))
        here = shown.one("nav[aria-label='Periode'] [aria-current]")
        assert here.get_text() == link.get_text()

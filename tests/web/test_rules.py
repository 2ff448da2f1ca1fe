"""The pages of the rules: read by those who lead, edited with foresight by administrators."""

from __future__ import annotations

from tests.house import House

FRONT_DESK = "id-default-front-desk"
LAW = "id-telco-jartaplok-perdirjen7-2024"
PAGES = (
    "/admin/rules/",
    f"/admin/rules/policies/{FRONT_DESK}",
    f"/admin/rules/policies/{LAW}",
    "/admin/rules/ladders/default",
    "/admin/calendars/",
    "/admin/calendars/jakarta",
)


def test_pages_open(house: House, at_desk):
    for name in ("admin", "manager"):
        for lang in ("id", "en"):
            desk = at_desk(name, lang)
            for path in PAGES:
                desk.get(path)

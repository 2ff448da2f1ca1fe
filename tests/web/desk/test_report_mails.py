"""The page on which one chooses which reports come by email."""

from __future__ import annotations

import pytest


def test_a_reader_chooses_sees_when_it_comes_and_switches_it_off(at_desk):
    manager = at_desk("manager", "en")
    page = manager.get("/notices/reports")
    shown = manager.follow(
        manager.submit(page, "/notices/reports", 303, monthly="1", **{"monthly-day": "31"})
    )
    assert "Next: " in shown.one("form.box").get_text()
    assert shown.one("#f-monthly").has_attr("checked")
    assert not shown.one("#f-weekly").has_attr("checked")
    assert not shown.one("#f-monthly-outcomes").has_attr("checked")
    enclosed = manager.submit(shown, "/notices/reports", 303, **{"monthly-outcomes": "1"})
    shown = manager.follow(enclosed)
    assert shown.one("#f-monthly-outcomes").has_attr("checked")
    assert not shown.one("#f-weekly-outcomes").has_attr("checked")
    off = manager.submit(shown, "/notices/reports", 303, monthly=None)
    assert "Next: " not in manager.follow(off).one("form.box").get_text()


def test_who_leads_opens_the_page_of_their_people(at_desk):
    manager = at_desk("manager", "en")
    page = manager.get("/notices/reports")
    (link,) = [each for each in page.all("a") if each.get_text(strip=True) == "Supervisor"]
    theirs = manager.get(link["href"])
    done = manager.follow(manager.submit(theirs, link["href"], 303, weekly="1"))
    assert done.one("#f-weekly").has_attr("checked")
    own = at_desk("supervisor", "en").get("/notices/reports")
    assert "Chosen by Manager." in own.one("form.box").get_text()


def test_nobody_opens_the_page_of_somebody_they_do_not_lead(at_desk, office):
    manager = office.actor("manager").id
    assert at_desk("supervisor").client.get(f"/notices/reports?person={manager}").status_code == 404


@pytest.mark.parametrize("person", ["abc", "-1", "0", "", "9" * 20])
def test_what_is_no_number_of_a_person_is_not_oneself(at_desk, person):
    manager = at_desk("manager")
    token = manager.get("/notices/reports").all("[name=csrf_token]")[0]["value"]
    sent = {"csrf_token": token, "weekly": "1", "weekly-division": "branch"}
    answer = manager.client.post(f"/notices/reports?person={person}", data=sent)
    assert answer.status_code == 404
    assert not manager.get("/notices/reports").one("#f-weekly").has_attr("checked")


@pytest.mark.parametrize(
    ("rhythm", "day"),
    [("weekly", "-1"), ("weekly", "9"), ("monthly", "abc"), ("monthly", "1" * 300)],
)
def test_what_is_no_day_is_refused_and_not_taken_for_the_first(at_desk, rhythm, day):
    manager = at_desk("manager")
    page = manager.get("/notices/reports")
    manager.submit(page, "/notices/reports", 422, **{rhythm: "1", f"{rhythm}-day": day})
    assert not manager.get("/notices/reports").one(f"#f-{rhythm}").has_attr("checked")


def test_who_reads_no_reports_has_no_such_page(at_desk):
    assert at_desk("csr").client.get("/notices/reports").status_code == 403

"""Corrective actions on pages: raised from the report, done on the desk, seen by management."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from complaints.steps.improvement.finish import finish_action
from complaints.steps.improvement.record import open_action
from complaints.steps.improvement.remind import remind_of_actions
from tests.office import Office
from tests.web.page import Page, Visitor

AtDesk = Callable[..., Visitor]
PATH = "/corrective-actions/TPB-2026-000001"
NEW = "/corrective-actions/new?subject=category&code=GGN_MATI"
SHOWN = "Prosedur baru ditandatangani dan dibagikan"
WHAT = "Periksa kabel setiap bulan"


def raise_one(desk: Visitor, status: int = 303, **typed: str) -> Page:
    said = {
        "code": "GGN_MATI",
        "what": WHAT,
        "why": "Kabel tua sering putus",
        "owner": "csr@tanggap.example",
        "due_on": "2026-11-27",
        **typed,
    }
    return desk.submit(desk.get(NEW), "/corrective-actions/new", status, **said)


def act(desk: Visitor, name: str, status: int = 303, **typed: str) -> Page:
    return desk.submit(desk.get(PATH), f"{PATH}/{name}", status, **typed)


def test_a_line_of_the_report_leads_to_the_form_filled_in(office: Office, at_desk: AtDesk):
    office.receive(at=office.at)
    report = at_desk("supervisor").get(
        "/reports/deadlines?by=category&from=2026-11-01&to=2026-11-30"
    )
    (link,) = report.all("a.line-act")
    form = at_desk("supervisor").get(link["href"])
    assert form.all("option[value='GGN_MATI'][selected]")
    auditor = at_desk("auditor").get("/reports/deadlines?by=category&from=2026-11-01&to=2026-11-30")
    assert not auditor.all("a.line-act")


def test_it_is_raised_once_carried_out_and_verified(office: Office, at_desk: AtDesk, wall):
    lead = at_desk("supervisor")
    assert raise_one(lead).response.headers["Location"] == PATH
    assert lead.get("/corrective-actions").link("TPB-2026-000001") == PATH
    csr = at_desk("csr")
    assert csr.get("/").all("section[aria-labelledby='actions'] li")
    assert WHAT in csr.get("/corrective-actions?mine=yes").main
    act(csr, "done", evidence=SHOWN)
    assert not csr.get("/").all("section[aria-labelledby='actions']")
    act(lead, "whys", cause="JARINGAN_KABEL", **{"why-1": "Kabel sudah tua"})
    early = lead.get(PATH)
    assert [each["value"] for each in early.all("[name=effective]")] == ["no"]
    assert "baru dapat dinilai mulai" in early.main
    wall.at = office.at + timedelta(days=40)
    act(lead, "verification", effective="yes", reason="Laporan menunjukkan keluhan berkurang")
    page = lead.get(PATH)
    assert SHOWN in page.main
    assert "Kabel sudah tua" in page.main
    assert not page.all("form[action$='/verification']")


def test_the_list_says_which_state_it_shows_and_leads_to_the_others(
    office: Office, at_desk: AtDesk
):
    lead = at_desk("supervisor")
    raise_one(lead)
    page = lead.get("/corrective-actions?mine=no")
    (shown,) = page.all(".views [aria-current]")
    assert page.all("tbody tr")
    others = [each["href"] for each in page.all(".views a") if each != shown]
    assert len(others) == 4
    for address in others:
        other = lead.get(address)
        assert not other.all("tbody tr")
        assert other.all(".views [aria-current]") != [shown]


def test_what_did_not_work_leads_to_another_one_against_the_same(office: Office, at_desk: AtDesk):
    lead = at_desk("supervisor")
    raise_one(lead)
    act(at_desk("csr"), "done", evidence=SHOWN)
    act(lead, "verification", effective="no", reason="Kabel putus lagi di tempat yang sama")
    (link,) = lead.get(PATH).all("a[href^='/corrective-actions/new']")
    assert lead.get(link["href"]).all("option[value='GGN_MATI'][selected]")


def test_what_is_typed_stays_and_the_field_says_what_is_wrong(office: Office, at_desk: AtDesk):
    lead = at_desk("supervisor")
    answer = raise_one(lead, 422, due_on="2026-11-22")
    assert answer.all("#f-due_on-error")
    assert WHAT in answer.main or answer.all(f"input[value='{WHAT}']")
    assert not lead.get("/corrective-actions").all("tbody tr")
    raise_one(lead)
    refused = act(at_desk("csr"), "done", 422, evidence="ok", done_on="2026-11-19")
    assert refused.all("#f-evidence-error")


def test_what_was_typed_goes_along_when_something_else_is_chosen(office: Office, at_desk: AtDesk):
    lead = at_desk("manager")
    form = lead.get(f"{NEW}&contact=KTK-2026-000001")
    other = lead.get(form.link("Pilih yang lain"))
    assert all(
        "contact=KTK-2026-000001" in each["href"] for each in other.all("main ul.plain-list a")
    )
    said = {"subject": "cuaca", "code": "GGN_MATI", "what": WHAT, "due_on": "2026-11-27"}
    refused = lead.submit(form, "/corrective-actions/new", 422, **said)
    assert refused.all("[role='alert']")
    assert all("what=Periksa" in each["href"] for each in refused.all("main ul.plain-list a"))
    there = lead.submit(form, "/corrective-actions/new", 422, code="GGN_MATI", branch="MKS")
    people = {each["value"] for each in there.all("select[name='owner'] option")}
    assert "csr2@tanggap.example" in people
    assert "csr@tanggap.example" not in people


def test_those_who_only_read_are_offered_nothing(office: Office, at_desk: AtDesk):
    raise_one(at_desk("supervisor"))
    for name in ("auditor", "admin"):
        page = at_desk(name).get(PATH)
        assert WHAT in page.main
        assert not page.all("main form[method='post']")
    assert "milik cabang lain" in at_desk("csr2").get(PATH, 403).main
    # Whoever works in the same branch is told no tale of another one.
    refused = at_desk("officer", "en").get(PATH, 403).main
    assert "belongs to another branch" not in refused
    assert "whoever carries it out" in refused


def test_management_sees_what_is_late_and_the_notice_leads_to_it(
    office: Office, at_desk: AtDesk, wall
):
    raise_one(at_desk("supervisor"))
    wall.at = office.at = office.at + timedelta(days=10)
    assert remind_of_actions(office.session, at=office.at) != []
    office.session.commit()
    home = at_desk("manager").get("/")
    assert "/corrective-actions?late=yes" in {each.get("href") for each in home.all("main a")}
    assert at_desk("csr").get("/notices").link("Buka TPB-2026-000001") == PATH


def test_the_tree_shows_groups_causes_complaints_and_actions(office: Office, at_desk: AtDesk):
    office.walk(office.receive(at=office.at), to="confirmed")
    lead = at_desk("supervisor")
    raise_one(lead)
    act(lead, "whys", cause="JARINGAN_KABEL", **{"why-1": "Kabel sudah tua"})
    page = at_desk("auditor").get("/reports/causes?from=2026-11-01&to=2026-11-30")
    assert len(page.all("main section.box")) == 10
    assert page.link("TPB-2026-000001") == PATH
    assert "Kabel sudah tua" in page.main
    assert any("cause=JARINGAN&" in (each.get("href") or "") for each in page.all("main a"))
    assert not [each for each in page.all("a") if "/new?subject" in (each.get("href") or "")]


def test_the_history_tells_no_figures_to_who_reads_no_reports(
    office: Office, at_desk: AtDesk, wall
):
    raise_one(at_desk("supervisor"))
    act(at_desk("csr"), "done", evidence=SHOWN)
    wall.at = office.at + timedelta(days=40)
    lead = at_desk("supervisor")
    act(lead, "verification", effective="yes", reason="Laporan menunjukkan keluhan berkurang")
    assert "Sebelum: 0 dari" in lead.get(PATH).main
    assert "Sebelum: 0 dari" not in at_desk("csr").get(PATH).main


@pytest.mark.parametrize("days", ["from=0001-01-01&to=0001-01-02", "to=1899-12-31"])
def test_days_of_long_ago_are_called_far_away_and_not_long_or_reversed(at_desk: AtDesk, days: str):
    refused = at_desk("auditor", "en").get(f"/reports/causes?{days}", 422)
    assert "This date is too far away." in refused.text
    at_desk("auditor").get("/reports/causes?to=1900-01-31")


def test_a_group_of_causes_of_one_branch_opens_no_list_of_all(office: Office, at_desk: AtDesk):
    office.walk(office.receive(at=office.at), to="confirmed")
    group = "/corrective-actions/new?subject=cause&code=JARINGAN"
    said = {"what": WHAT, "why": "Kabel tua", "owner": "csr@tanggap.example"}
    lead = at_desk("supervisor")
    form = lead.get(group)
    lead.submit(form, "/corrective-actions/new", 303, code="JARINGAN", due_on="2026-11-27", **said)
    office.at += timedelta(days=1)
    action = open_action(office.session, PATH[-15:], by=office.actor("csr"), at=office.at)
    finish_action(action, evidence=SHOWN)
    office.session.commit()
    figures = "section[aria-labelledby='effect'] td a"
    assert [each["href"] for each in lead.get(PATH).all(figures)]
    assert not at_desk("manager").get(PATH).all(figures)


def test_a_day_that_was_moved_is_not_late_but_was(office: Office, at_desk: AtDesk, wall):
    raise_one(at_desk("supervisor"))
    wall.at = office.at + timedelta(days=10)
    moved = {"due_on": "2026-12-11", "reason": "Menunggu alat ukur dari pemasok"}
    act(at_desk("supervisor"), "change", **moved)
    page = at_desk("supervisor").get(PATH)
    assert "pernah terlambat" in page.main
    assert "pernah terlambat" in at_desk("supervisor").get("/corrective-actions").main


def test_a_figure_opens_the_complaints_counted(office: Office, at_desk: AtDesk, wall):
    before = office.at
    office.at = before - timedelta(days=9)
    number = office.receive(at=office.at)
    office.at = before
    raise_one(at_desk("supervisor"))
    act(at_desk("csr"), "done", evidence=SHOWN)
    page = at_desk("supervisor").get(PATH)
    (link,) = [each["href"] for each in page.all("section[aria-labelledby='effect'] td a")]
    assert number in at_desk("supervisor").get(link).main
    assert not at_desk("csr").get(PATH).all("section[aria-labelledby='effect']")

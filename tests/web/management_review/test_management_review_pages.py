"""Management reviews on pages: drafted written in one form, concluded, printed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from complaints.domain.management_review.acts import DECISIONS, INPUTS
from tests.documents.pdf_text import close, text_of
from tests.office import Office
from tests.web.page import Page, Visitor

AtDesk = Callable[..., Visitor]
PATH = "/management-reviews/RTM-2026-000001"
NEW = "/management-reviews/new"
SAID = dict.fromkeys(INPUTS, "Tidak ada yang perlu dilaporkan")
WHOLE = {
    **SAID,
    "process": "Balasan pertama pada hari yang sama",
    "chaired_by": "Ratna, Direktur Layanan",
    "participants": "Ratna, Direktur Layanan\nBudi, Penyelia",
    "held_on": "2026-11-19",
    "next_on": "2027-02-18",
}


def draft(desk: Visitor, status: int = 303, **typed: str) -> Page:
    days = {"from": "2026-11-01", "to": "2026-11-18", **typed}
    return desk.submit(desk.get(NEW), NEW, status, **days)


def write(desk: Visitor, status: int = 303, path: str = PATH, do: str = "", **typed: str) -> Page:
    page = desk.get(path)
    form = page.form(f"{path}/change")
    values = {
        str(each["name"]): str(each.get("value") or each.get_text().lstrip("\n"))
        for each in form.select("input[name], textarea[name]")
    }
    sent = {**values, **typed, **({"do": do} if do else {})}
    return desk._page(desk.client.post(f"{path}/change", data=sent), f"{path}/change", status)


def act(desk: Visitor, name: str, status: int = 303, **typed: str) -> Page:
    return desk.submit(desk.get(PATH), f"{PATH}/{name}", status, **typed)


def test_the_quarter_before_this_one_is_proposed(office: Office, at_desk: AtDesk):
    page = at_desk("manager").get(NEW)
    assert (page.one("#f-from")["value"], page.one("#f-to")["value"]) == (
        "2026-07-01",
        "2026-09-30",
    )


def test_it_is_drafted_written_concluded_corrected_and_printed(office: Office, at_desk: AtDesk):
    for _ in range(3):
        office.receive(at=office.at - timedelta(days=3))
    manager = at_desk("manager")
    assert draft(manager).response.headers["Location"] == PATH
    write(manager, **WHOLE, do="conclude")
    page = manager.get(PATH)
    assert not page.all(f"form[action='{PATH}/change']")
    for text in (*WHOLE.values(), "Belum ada tinjauan sebelumnya"):
        for line in text.splitlines():
            assert line in page.main or line.startswith("202")
    act(manager, "correction", text="Budi tidak hadir, yang hadir adalah Sari")
    auditor = at_desk("auditor")
    assert auditor.get("/management-reviews").link("RTM-2026-000001") == PATH
    read = auditor.get(PATH)
    assert "Budi tidak hadir" in read.main
    assert not read.all("main form[method='post']")
    printed = auditor.client.get(f"{PATH}?format=pdf")
    assert printed.mimetype == "application/pdf"
    paper = text_of(printed.data)
    for text in (
        *("Ratna, Direktur Layanan", "Budi tidak hadir, yang hadir adalah Sari"),
        *("Balasan pertama pada hari yang sama", "18 Februari 2027", "Sudah ditutup"),
    ):
        assert close(text) in paper
    for row in read.all("main .figures tbody tr, main .figures tfoot tr"):
        cells = [each.get_text(" ", strip=True) for each in row.select("th, td")]
        assert close(*cells) in paper, cells


def test_a_button_loses_nothing_that_was_typed(office: Office, at_desk: AtDesk):
    manager = at_desk("manager")
    draft(manager)
    refused = write(manager, 422, **{**WHOLE, "chaired_by": ""}, do="conclude")
    assert refused.all("#f-chaired_by-error")
    assert WHOLE["process"] in refused.main
    leads = write(manager, **WHOLE, do="raise")
    asked = leads.response.headers["Location"]
    assert asked.startswith("/corrective-actions/new?review=RTM-2026-000001")
    assert WHOLE["process"] in manager.get(PATH).main
    form = manager.get(asked)
    form = manager.get(str(form.all("main ul.plain-list a")[1]["href"]))
    said = {
        "code": "GGN_MATI",
        "what": "Periksa kabel setiap bulan",
        "why": "Kabel tua sering putus",
        "owner": "csr@tanggap.example",
        "due_on": "2026-11-27",
    }
    raised = manager.submit(form, "/corrective-actions/new", 303, **said)
    assert raised.response.headers["Location"] == PATH
    page = manager.get(PATH)
    assert page.link("TPB-2026-000001") == "/corrective-actions/TPB-2026-000001"
    action = manager.get("/corrective-actions/TPB-2026-000001")
    assert action.link("RTM-2026-000001") == PATH
    write(manager, do="remove/TPB-2026-000001", chaired_by="Wakil Direktur")
    page = manager.get(PATH)
    assert page.one("#f-chaired_by")["value"] == "Wakil Direktur"
    assert page.all("select[name='number'] option[value='TPB-2026-000001']")
    write(manager, do="add", number="TPB-2026-000001")
    write(manager, do="conclude")
    draft(manager)
    later = manager.get("/management-reviews/RTM-2026-000002")
    (before,) = later.all("section[aria-labelledby='before'] tbody tr")
    assert "Periksa kabel setiap bulan" in before.get_text()


def test_a_draft_changed_by_someone_else_is_not_overwritten(office: Office, at_desk: AtDesk):
    manager = at_desk("manager")
    draft(manager)
    write(manager, **WHOLE)
    late = write(manager, 409, seen="1", process="Keputusan yang lain sekali")
    assert "Keputusan yang lain sekali" in late.main
    assert WHOLE["process"] in manager.get(PATH).main


def test_the_figures_can_be_read_again_and_a_draft_dropped(office: Office, at_desk: AtDesk):
    manager = at_desk("manager")
    draft(manager)
    office.receive(at=office.at - timedelta(days=3))
    assert act(manager, "figures", 422, to="2026-11-30").all("#f-to-error")
    act(manager, "figures", to="2026-11-17")
    page = manager.get(PATH)
    assert "17 November 2026" in page.main
    act(manager, "drop", reason="Rapat digabung dengan tinjauan semester")
    assert not manager.get("/management-reviews").all("tbody tr")
    assert manager.get("/management-reviews?state=dropped").all("tbody tr")


def test_a_period_that_is_not_over_keeps_what_was_typed(office: Office, at_desk: AtDesk):
    refused = draft(at_desk("manager"), 422, to="2026-11-30")
    assert refused.one("#f-to")["value"] == "2026-11-30"
    assert refused.all("#f-to-error")


@pytest.mark.parametrize("name", ["supervisor", "auditor", "admin"])
def test_who_only_reads_is_offered_no_draft(office: Office, at_desk: AtDesk, name: str):
    desk = at_desk(name)
    assert not desk.get("/management-reviews").all(f"a[href='{NEW}']")
    desk.get(NEW, 403)


def test_it_reads_in_english_too(office: Office, at_desk: AtDesk):
    office.receive(at=office.at - timedelta(days=3))
    draft(at_desk("manager"))
    write(at_desk("manager"), **WHOLE, do="conclude")
    page = at_desk("auditor", "en").get(PATH)
    for words in (*INPUTS.values(), "Complaints and promises by category", "Concluded"):
        assert words in page.main
    assert DECISIONS["products"] not in page.main


def test_who_chaired_can_be_emptied_again(office: Office, at_desk: AtDesk):
    manager = at_desk("manager")
    draft(manager)
    write(manager, chaired_by="Ratna, Direktur Layanan")
    write(manager, chaired_by=" ")
    assert manager.get(PATH).one("#f-chaired_by").get("value", "") == ""

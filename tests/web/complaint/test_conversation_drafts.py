"""What is typed on the page of a conversation is kept for its writer until it is sent."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from complaints.models import Draft, HistoryEntry
from tests.at_once import at_once
from tests.conftest import NOW
from tests.office import Office
from tests.web.complaint.test_conversations import (
    ANALYSIS,
    CAUSE,
    At,
    analysis,
    in_handling,
    registered,
    resolution,
    send,
)
from tests.web.page import Page, Visitor


def keep(desk: Visitor, page: Page, status: int = 200, **fields: Any) -> Any:
    """What the page sends while somebody types."""
    form = page.one("#open")
    own = {name: form.select_one(f"[name={name}]")["value"] for name in ("csrf_token", "version")}
    data = {
        **own,
        "one_time_key": form.select_one("[name=one_time_key]")["value"],
        "draft_seen": form["data-draft-seen"],
        **fields,
    }
    answer = desk.client.post(str(form["data-draft"]), data=data)
    assert answer.status_code == status, answer.get_data(as_text=True)[:300]
    return answer.get_json(silent=True)


def drafts(office: Office) -> list[Draft]:
    found = list(office.session.query(Draft).execution_options(populate_existing=True))
    office.session.commit()
    return found


def test_a_conversation_goes_on_at_another_machine(at_desk: At, office: Office):
    number = registered(office)
    before = len(office.rows(HistoryEntry, number))
    desk = at_desk("csr")
    kept = keep(desk, desk.get(analysis(number)), **ANALYSIS)
    assert kept == {"kind": "saved", "id": 1, "version": 1, "saved": "09.15 WIB"}
    other = at_desk("csr")
    listed = other.get("/").one("[aria-labelledby=drafts]")
    assert f"{number} · Analisis" in listed.get_text()
    assert "Hanya satu loket dibuka" in listed.get_text()
    assert listed.select_one("a")["href"] == analysis(number)
    page = other.get(analysis(number))
    assert "Draf Anda, tersimpan 09.15 WIB" in page.one("#draft-resumed").get_text()
    assert page.one("[name='cause.text']").get_text().strip() == CAUSE["cause.text"]
    assert page.one("[name='condition.none']").has_attr("checked")
    # A box that was not ticked stays so, although the empty page proposes it.
    assert not page.one("[name='parties.desk']").has_attr("checked")
    assert len(office.rows(HistoryEntry, number)) == before


def test_it_is_its_writers_alone(at_desk: At, office: Office):
    number = registered(office)
    desk = at_desk("csr")
    kept = keep(desk, desk.get(analysis(number)), **ANALYSIS)
    supervisor = at_desk("supervisor")
    page = supervisor.get(analysis(number))
    assert page.all("#draft-resumed") == []
    assert CAUSE["cause.text"] not in page.text
    # What lies untouched at intake may be a complaint; this one is recorded, with its deadlines.
    assert supervisor.get("/").all("[aria-labelledby=drafts-waiting]") == []
    token = page.form("/logout").select_one("[name=csrf_token]")["value"]
    supervisor.post(f"/drafts/{kept['id']}/discard", {"csrf_token": token}, 404)
    assert at_desk("csr2").client.get(analysis(number)).status_code == 403
    assert len(drafts(office)) == 1


def test_sending_ends_it_and_an_old_tab_cannot_bring_it_back(at_desk: At, office: Office, wall):
    number = registered(office)
    desk, old_tab = at_desk("csr"), at_desk("csr")
    keep(desk, desk.get(analysis(number)), **ANALYSIS)
    old_page = old_tab.get(analysis(number))
    send(desk, analysis(number), **ANALYSIS)
    assert drafts(office) == []
    wall.at = NOW + timedelta(minutes=27)
    refused = keep(old_tab, old_page, 409, **ANALYSIS)
    assert refused == {"kind": "already-sent", "sentence": "Sudah dikirim pukul 09.15 WIB."}
    assert drafts(office) == []
    assert desk.get(analysis(number)).all("#draft-resumed") == []


def test_a_refusal_keeps_it_and_goes_on_with_it(at_desk: At, office: Office):
    number = registered(office)
    desk = at_desk("csr")
    keep(desk, desk.get(analysis(number)), **ANALYSIS)
    page = send(desk, analysis(number), 422, **{**ANALYSIS, "cause.code": "TIDAK_ADA"})
    assert keep(desk, page, **ANALYSIS)["version"] == 2
    send(desk, analysis(number), **ANALYSIS)
    assert drafts(office) == []


def test_two_tabs_have_one_draft_and_overwrite_nothing_unseen(at_desk: At, office: Office, wall):
    """The second was opened before anything was kept, so it has a key of its own."""
    number = registered(office)
    desk, other = at_desk("csr"), at_desk("csr")
    first, second = desk.get(analysis(number)), other.get(analysis(number))
    keep(desk, first, **ANALYSIS)
    refused = keep(other, second, 409, **{**ANALYSIS, "cause.text": "Lain sama sekali"})
    assert refused["kind"] == "changed-elsewhere"
    assert refused["href"] == analysis(number)
    assert "pukul 09.15 WIB" in refused["sentence"]
    [kept] = drafts(office)
    assert ["cause.text", CAUSE["cause.text"]] in kept.fields
    # Another conversation and another complaint have drafts of their own.
    elsewhere = in_handling(office)
    keep(desk, desk.get(resolution(elsewhere)), **{"offer.description": "Dilayani sekarang"})
    assert len(drafts(office)) == 2


def test_it_can_be_thrown_away_on_its_page(at_desk: At, office: Office):
    number = registered(office)
    desk = at_desk("csr")
    kept = keep(desk, desk.get(analysis(number)), **ANALYSIS)
    page = desk.get(analysis(number))
    gone = desk.submit(page, f"/drafts/{kept['id']}/discard", 303)
    again = desk.follow(gone)
    assert again.path == analysis(number)
    assert again.all("#draft-resumed") == []
    assert again.one("[name='parties.desk']").has_attr("checked")
    assert drafts(office) == []


def test_a_unit_has_drafts_of_its_findings(at_desk: At, office: Office):
    number = office.receive()
    office.walk(number, to="020-2.1")
    office.session.commit()
    officer = at_desk("officer")
    page = officer.get(f"/complaints/{number}/findings")
    keep(officer, page, **{"cause.text": "Kabel putus oleh galian"})
    listed = officer.get("/").one("[aria-labelledby=drafts]")
    assert f"{number} · Hasil unit" in listed.get_text()


@pytest.mark.both_databases
def test_saving_and_sending_at_once_leave_no_draft(at_desk: At, office: Office):
    number = registered(office)
    waiting = [(at_desk("csr"), n == 0) for n in range(4)]
    pages = [(desk, is_sending, desk.get(analysis(number))) for desk, is_sending in waiting]
    key = pages[0][2].one("#open [name=one_time_key]")["value"]
    statuses: dict[bool, set[int]] = {True: set(), False: set()}

    def act() -> None:
        desk, is_sending, page = pages.pop()
        own = page.one("#open")
        names = ("csrf_token", "version")
        data = {**ANALYSIS, **{n: own.select_one(f"[name={n}]")["value"] for n in names}}
        path = analysis(number) if is_sending else f"{analysis(number)}/draft"
        answer = desk.client.post(path, data={**data, "one_time_key": key})
        statuses[is_sending].add(answer.status_code)

    at_once(4, act)
    assert statuses[True] == {303}
    assert statuses[False] <= {200, 409}
    assert drafts(office) == []


def test_what_was_worked_out_anew_is_kept_without_a_further_key(at_desk: At, office: Office):
    """What was resumed is kept already: keeping it again would turn another tab away."""
    number = registered(office)
    desk = at_desk("csr")
    page = desk.get(analysis(number))
    assert not page.one("#open").has_attr("data-again")
    looked = send(desk, analysis(number), 200, **{**ANALYSIS, "do": "look"})
    assert looked.one("#open").has_attr("data-again")
    keep(desk, looked, **ANALYSIS)
    assert not desk.get(analysis(number)).one("#open").has_attr("data-again")


def test_a_draft_of_a_conversation_stops_no_deadline(at_desk: At, office: Office):
    number = registered(office)
    desk = at_desk("csr")
    keep(desk, desk.get(analysis(number)), **ANALYSIS)
    words = desk.get("/").one("[aria-labelledby=drafts]").get_text()
    assert "Draf dihapus" in words
    assert "tidak ada tenggat" not in words


def press(desk: Visitor, page: Page, status: int, **fields: Any) -> Any:
    """The button that keeps the draft where no script does."""
    form = page.one("#open")
    assert form.select_one("button[name=do][value=keep]").get_text() == "Simpan draf"
    named = ("csrf_token", "version", "one_time_key")
    own = {name: form.select_one(f"[name={name}]")["value"] for name in named}
    answer = desk.client.post(str(form["action"]), data={**own, "do": "keep", **fields})
    assert answer.status_code == status, answer.get_data(as_text=True)[:300]
    return answer


@pytest.mark.parametrize("kind", ["analysis", "resolution"])
def test_without_javascript_a_button_keeps_it_and_the_same_form_goes_on(
    kind: str, at_desk: At, office: Office
):
    number = registered(office) if kind == "analysis" else in_handling(office)
    field = "cause.text"
    before = len(office.rows(HistoryEntry, number))
    desk, path = at_desk("csr"), f"/complaints/{number}/{kind}"
    for words in ("Mungkin kabel yang putus.", "Kabel yang putus di tiang."):
        # Kept twice: the second time in the form that was resumed.
        answer = press(desk, desk.get(path), 303, **{field: words})
        assert answer.location == path
        page = at_desk("csr").get(path)
        assert "Draf Anda, tersimpan 09.15 WIB" in page.one("#draft-resumed").get_text()
        assert page.one(f"[name='{field}']").get_text().strip() == words
    assert len(drafts(office)) == 1
    assert len(office.rows(HistoryEntry, number)) == before


def test_what_another_tab_keeps_is_not_overwritten_by_the_button(at_desk: At, office: Office):
    number = registered(office)
    desk = at_desk("csr")
    first, second = desk.get(analysis(number)), desk.get(analysis(number))
    press(desk, first, 303, **{"cause.text": "Dari tab pertama."})
    refused = press(desk, second, 409, **{"cause.text": "Dari tab kedua."})
    # Nothing typed is lost, and why is said.
    text = refused.get_data(as_text=True)
    assert "Dari tab kedua." in text
    assert "Draf ini diubah" in text
    (kept,) = drafts(office)
    assert ["cause.text", "Dari tab pertama."] in kept.fields


def test_the_button_brings_nothing_back_that_was_sent(at_desk: At, office: Office):
    number = registered(office)
    desk = at_desk("csr")
    page = desk.get(analysis(number))
    send(
        desk,
        analysis(number),
        **ANALYSIS,
        one_time_key=str(page.one("#open [name=one_time_key]")["value"]),
    )
    press(desk, page, 409, **{"cause.text": "Sekali lagi."})
    assert drafts(office) == []

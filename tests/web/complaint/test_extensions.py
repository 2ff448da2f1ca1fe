"""Asking for more time on the page: the rule's conditions to choose from, and told afterwards."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from complaints.models import Extension
from complaints.steps.casework.complete_documents import complete_documents
from complaints.steps.casework.extend import ask_extension
from complaints.steps.casework.pause import pause_clocks
from tests.office import Office

OJK = "id-ojk-pojk22-2023"
EN = "special study of the documents needed"
ID = "penelitian khusus atas dokumen yang diperlukan"


def wib(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-{text.replace(' ', 'T')}+07:00").astimezone(UTC)


def test_the_condition_is_chosen_decided_on_and_told(office: Office, at_desk, wall):
    office.switch_on(OJK)
    number = office.receive(channel="email", at=wib("11-19 09:15"))
    office.take(number, complete_documents, at=wib("11-19 09:15"))
    office.walk(number, to="020-1.6")
    office.session.commit()
    wall.at = office.at
    path = f"/complaints/{number}/extension"
    desk = at_desk("csr")
    form = desk.get(path)
    chosen = [each.get_text() for each in form.tree.select("#f-condition option")]
    assert ID in chosen
    assert len(chosen) == 4
    fields = {"until": "2026-12-10T09:15", "reason": "Menunggu arsip"}
    refused = desk.submit(form, path, 422, **fields)
    assert refused.one("#f-condition-error")
    assert refused.one("#f-reason").get_text().strip() == "Menunggu arsip"
    desk.submit(refused, path, 303, condition=EN, **fields)
    assert office.rows(Extension, number)[0].condition == EN
    superior = at_desk("supervisor")
    decide = superior.get(f"{path}/approval")
    assert ID in decide.main
    superior.follow(superior.submit(decide, f"{path}/approval", 303, answer="approved"))
    assert ID in desk.get(f"/complaints/{number}?view=history").main
    assert ID in desk.get(f"/complaints/{number}/deadlines").main
    assert EN in at_desk("csr", "en").get(f"/complaints/{number}/deadlines").main


def test_where_no_rule_names_conditions_none_is_asked(office: Office, at_desk, wall):
    number = office.receive()
    office.walk(number, to="020-1.6")
    office.session.commit()
    wall.at = office.at
    form = at_desk("csr", "en").get(f"/complaints/{number}/extension")
    assert not form.tree.select("#f-condition")
    assert "subject to your line manager's approval" in form.main


def test_beyond_the_limits_only_a_manager_finds_it_among_what_waits(office: Office, at_desk, wall):
    number = office.receive()
    office.walk(number, to="020-1.6")
    far = office.complaint(number).promised_at + timedelta(days=60)
    office.take(number, ask_extension, until=far, reason="Menunggu suku cadang")
    wall.at = office.at
    path = f"/complaints/{number}/extension/approval"
    seen = at_desk("supervisor").get("/board")
    assert "Melewati batas perpanjangan: manajer yang memutuskan." in seen.main
    on_card = f"/board/{number}/extension/approval"
    assert not seen.all(f"a[href='{on_card}'], a[href='{path}']")
    assert not at_desk("supervisor").get(f"/complaints/{number}").all(f"form[action='{path}']")
    typed = at_desk("supervisor")
    refused = typed.submit(typed.get(path), path, 403, answer="approved")
    assert "Melewati batas perpanjangan: manajer yang memutuskan." in refused.main
    assert "Minta supervisor" not in refused.main
    boss = at_desk("manager")
    assert boss.get("/board").all(f"a[href='{on_card}']")
    form = boss.get(path)
    assert "Melewati batas perpanjangan" in form.main
    boss.submit(form, path, 303, answer="approved")
    assert office.complaint(number).promised_at == far
    assert (
        "Perpanjangan yang sudah disetujui: 1"
        in at_desk("csr").get(f"/complaints/{number}/extension").main
    )


def test_a_limit_that_cannot_be_extended_says_so(office: Office, at_desk, wall):
    office.switch_on(OJK)
    number = office.receive()
    office.walk(number, to="020-1.6")
    office.session.commit()
    wall.at = office.at
    form = at_desk("csr", "en").get(f"/complaints/{number}/extension")
    assert "this limit cannot be extended" in form.main


def test_a_missed_deadline_is_led_to_no_extension(office: Office, at_desk, wall):
    number = office.receive()
    office.walk(number, to="020-1.6")
    due = office.complaint(number).promised_at
    office.session.commit()
    path = f"/complaints/{number}"
    desk = at_desk("csr")
    for wall.at, is_offered in ((due, True), (due + timedelta(minutes=1), False)):
        office.session.commit()
        assert bool(desk.get(path).all(f"a[href='{path}/extension']")) is is_offered


def test_a_paused_deadline_is_offered_an_extension_and_shown_as_it_would_resume(
    office: Office, at_desk, wall
):
    number = office.receive()
    office.walk(number, to="020-1.6")
    due = office.complaint(number).promised_at
    words = {"reason": "Menunggu foto", "awaits": "documents", "until": due + timedelta(days=14)}
    office.take(number, pause_clocks, by="supervisor", at=due - timedelta(hours=2), **words)
    office.session.commit()
    wall.at = due + timedelta(days=4)
    path = f"/complaints/{number}"
    desk = at_desk("csr", "en")
    assert desk.get(path).all(f"a[href='{path}/extension']")
    form = desk.get(f"{path}/extension")
    (said,) = [each for each in form.all("form p") if "If they resumed now" in each.get_text()]
    assert "30 November 2026" in said.get_text()


def test_the_form_of_a_missed_deadline_says_so_and_what_to_do_instead(
    office: Office, at_desk, wall
):
    number = office.receive()
    office.walk(number, to="020-1.6")
    due = office.complaint(number).promised_at
    office.session.commit()
    path = f"/complaints/{number}/extension"
    wall.at = due
    form = at_desk("csr").get(path)
    assert form.form(path)
    assert "jatuh tempo sekarang" in form.one("#form").get_text()
    wall.at = due + timedelta(hours=1)
    for language, said in (("id", "Tenggat sudah terlewat"), ("en", "The deadline was missed")):
        page = at_desk("csr", language).get(path)
        assert not page.all(f"form[action='{path}']")
        words = page.one("#form [role=alert]").get_text()
        assert said in words
        assert ("terlambat 1 jam" if language == "id" else "hour late") in words
    # Neither does the form of the promise name the way that is closed.
    promise = at_desk("csr", "en").get(f"/complaints/{number}/promise").one("#form").get_text()
    assert "It can no longer be moved" in promise
    assert "Ask for an extension" not in promise


def test_a_request_says_when_the_deadline_is_and_that_it_was_missed(office: Office, at_desk, wall):
    number = office.receive()
    office.walk(number, to="020-1.6")
    due = office.complaint(number).promised_at
    later = due + timedelta(days=3)
    office.take(number, ask_extension, until=later, reason="Menunggu suku cadang")
    path = f"/complaints/{number}/extension/approval"
    wall.at = due - timedelta(minutes=30)
    boss = at_desk("supervisor")
    for page in (boss.get("/board"), boss.get("/"), boss.get(path)):
        assert "30 menit kerja lagi" in page.main, page.path
    assert "approved" in str(boss.get(path).form(path))
    wall.at = due + timedelta(minutes=5)
    for page in (boss.get("/board"), boss.get("/"), boss.get(path)):
        assert "terlambat 5 menit" in page.main, page.path
    form = boss.get(path)
    assert "approved" not in str(form.form(path))
    assert "tidak bisa dipindah lagi" in form.one("#form").get_text()
    whole = boss.get(f"/complaints/{number}")
    assert "approved" not in "".join(str(each) for each in whole.all(".decision form"))

"""Files chosen on the composer's page: attached and enclosed with the letter, or neither."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Any

import pytest
from sqlalchemy import select

from complaints.channels.uploads import carry
from complaints.domain.attachments import FileLimits
from complaints.files.in_use import FileSettings, file_settings, use_files
from complaints.files.keep import KeptFile
from complaints.files.store import OBJECTS, open_store
from complaints.models import Attachment, HistoryEntry
from complaints.queries.complaint.seals.history import verify_history
from tests.office import Office
from tests.outbox.test_deliver import Hand, deliver
from tests.steps.files.pictures import PHOTO
from tests.web.complaint.test_composer import letters, opened, path_of, walked, write
from tests.web.page import Page, Visitor

At = Callable[..., Visitor]
PAGES = b"%PDF-1.4\nberita acara"


@pytest.fixture
def number(office: Office, wall) -> str:
    return walked(office, wall, "020-1.6")


@pytest.fixture
def limits() -> Iterator[Callable[[FileLimits], None]]:
    before = file_settings()
    yield lambda limits: use_files(FileSettings(before.url, limits, scan=before.scan))
    use_files(before)


def chosen(*files: tuple[bytes, str]) -> list[tuple[BytesIO, str]]:
    return [(BytesIO(given), name) for given, name in files]


def rows(office: Office) -> list[Attachment]:
    office.session.rollback()
    found = list(office.session.scalars(select(Attachment).order_by(Attachment.id)))
    office.session.commit()
    return found


def history(office: Office) -> list[int]:
    found = list(office.session.scalars(select(HistoryEntry.seq)))
    office.session.commit()
    return found


def carried(page: Page) -> list[str]:
    return page.words("#f-added .tick-line label")


def sent_files(office: Office) -> list[list[tuple[str, bytes]]]:
    hand = Hand()
    deliver(office, hand, office.at)
    return [
        [(each.get_filename(), each.get_payload(decode=True)) for each in mail.iter_attachments()]
        for mail in hand.sent
    ]


def test_what_is_chosen_is_attached_and_leaves_with_the_letter(
    office: Office, at_desk: At, number: str
):
    desk = at_desk("csr")
    files = chosen((PHOTO, "../foto.jpg"), (PAGES, "Berita acara.pdf"))
    write(desk, number, "news", text="Ini fotonya.", files=files)
    first, second = rows(office)
    assert [each.name for each in (first, second)] == ["foto.jpg", "Berita acara.pdf"]
    assert [each.type for each in (first, second)] == ["image/jpeg", "application/pdf"]
    assert all(each.shown_to_customer and each.source == "desk" for each in (first, second))
    assert first.preview == "waiting"
    assert [("foto.jpg", PHOTO), ("Berita acara.pdf", PAGES)] in sent_files(office)
    history = desk.get(f"/complaints/{number}?view=history")
    assert f"disertakan: foto.jpg (SHA-256 {first.sha256})" in history.main
    assert verify_history(office.session)["bad"] == []


@pytest.mark.both_databases
def test_a_preview_attaches_nothing_and_the_form_still_carries_the_files(
    office: Office, at_desk: At, number: str
):
    desk = at_desk("csr")
    files = chosen((PHOTO, "foto.jpg"), (PAGES, "b.pdf"))
    entries = history(office)
    _, page = write(desk, number, "news", 200, text="Fotonya.", preview="1", files=files)
    assert "Lampiran: foto.jpg; b.pdf" in page.one("#preview .letter-text").get_text()
    assert rows(office) == []
    assert history(office) == entries
    assert [each.partition(" (")[0] for each in carried(page)] == ["foto.jpg", "b.pdf"]
    # One is not to go after all, another is chosen besides.
    kept = page.all("input[name=kept]")
    left, more = [kept[0]["value"]], chosen((b"%PDF-1.4\nc", "c.pdf"))
    _, again = page, desk.submit(page, path_of(number), 200, kept=left, files=more, preview="1")
    assert [each.partition(" (")[0] for each in carried(again)] == ["foto.jpg", "c.pdf"]
    both = [each["value"] for each in again.all("input[name=kept]")]
    done = desk.submit(again, path_of(number), 303, kept=both)
    assert [each.name for each in rows(office)] == ["foto.jpg", "c.pdf"]
    # The same form once more is no second letter, and attaches nothing twice.
    desk.submit(again, path_of(number), 303, kept=both)
    assert len(rows(office)) == 2
    assert done.response.location == f"/complaints/{number}"
    assert [name for name, _ in sent_files(office)[-1]] == ["foto.jpg", "c.pdf"]


def test_a_refusal_keeps_words_and_files_and_records_nothing(
    office: Office, at_desk: At, number: str
):
    desk = at_desk("csr")
    count = len(letters(office, number))
    files = chosen((PHOTO, "foto.jpg"))
    _, page = write(desk, number, "news", 422, text="", files=files)
    assert [each.partition(" (")[0] for each in carried(page)] == ["foto.jpg"]
    assert rows(office) == []
    assert len(letters(office, number)) == count
    kept = [each["value"] for each in page.all("input[name=kept]")]
    # Chosen a second time in the browser, it goes once.
    desk.submit(
        page, path_of(number), 303, text="Fotonya.", kept=kept, files=chosen((PHOTO, "foto.jpg"))
    )
    assert [each.name for each in rows(office)] == ["foto.jpg"]


def test_a_file_that_is_refused_says_so_and_that_the_others_were_not_kept(
    office: Office, at_desk: At, number: str, limits
):
    limits(FileLimits(most_bytes=5000))
    desk = at_desk("csr", "en")
    _, page = write(
        desk, number, "news", 200, text="The photo.", preview="1", files=chosen((b"a,b", "a.csv"))
    )
    kept = [each["value"] for each in page.all("input[name=kept]")]
    files = chosen((b"%PDF-1.4\n" + b"x" * 6000, "large.pdf"))
    again = desk.submit(page, path_of(number), 413, kept=kept, files=files)
    assert "large.pdf is too large" in " ".join(again.words("#f-files-error"))
    assert "were not kept. Choose them again" in again.one("#f-added").get_text()
    assert [each.partition(" (")[0] for each in carried(again)] == ["a.csv"]
    assert again.one("textarea[name=text]").get_text() == "The photo."
    assert rows(office) == []


def test_what_a_virus_scan_refuses_neither_stays_nor_goes(
    office: Office, at_desk: At, number: str, tmp_path
):
    before = file_settings()
    scanner = tmp_path / "scan.sh"
    scanner.write_text("#!/bin/sh\nexit 1\n")
    scanner.chmod(0o755)
    use_files(FileSettings(before.url, before.limits, scan=(str(scanner),)))
    try:
        files = chosen((PHOTO, "foto.jpg"))
        _, page = write(at_desk("csr"), number, "news", 422, text="Fotonya.", files=files)
    finally:
        use_files(before)
    assert page.words("#f-files-error")
    assert rows(office) == []


def test_limits_of_a_letter_and_of_a_complaint_hold_for_what_is_added(
    office: Office, at_desk: At, number: str, limits
):
    desk = at_desk("csr", "en")
    files = chosen((b"%PDF-1.4\n" + b"x" * 600, "a.pdf"), (b"%PDF-1.4\n" + b"y" * 600, "b.pdf"))
    limits(FileLimits(most_bytes_of_letter=1024))
    _, page = write(desk, number, "news", 422, text="Both.", files=files)
    assert "too large for an email" in page.main
    limits(FileLimits(most_of_complaint=1))
    kept = [each["value"] for each in page.all("input[name=kept]")]
    again = desk.submit(page, path_of(number), 422, kept=kept)
    assert "at most 1 files" in " ".join(again.words("#f-files-error"))
    assert rows(office) == []
    assert len(carried(again)) == 2


def test_nothing_is_carried_that_we_did_not_write_for_this_form(
    office: Office, at_desk: At, app, number: str
):
    desk = at_desk("csr", "en")
    secret = KeptFile("0" * 64, 3, "text/plain", "other.txt")
    own = office.people["csr"].id
    others = ("letter:KLH-2026-000099:1", "letter", f"letter:{number}:99", f"letter:{number}:{own}")
    with app.app_context():
        texts = [carry([secret], whose)[0][0] for whose in others]
    statuses = []
    for text in texts:
        page = opened(desk, number, "news")
        data = _filled(page, kept=[text], text="Here it is.", preview="1")
        shown = desk.client.post(path_of(number), data=data)
        statuses.append((shown.status_code, b"other.txt" in shown.data))
    # The last one we did write for it, and its bytes are nowhere.
    assert statuses == [(200, False)] * 3 + [(422, True)]
    for odd in ("", "a.b", "é", "[]", "." * 200):
        data = _filled(opened(desk, number, "news"), kept=[odd], text="Here.", preview="1")
        assert desk.client.post(path_of(number), data=data).status_code == 200, odd


def _filled(page: Page, **fields: Any) -> dict[str, Any]:
    form = page.form(path_of("")[:0] or str(page.one("form.box")["action"]))
    data = {str(each["name"]): each.get("value", "") for each in form.select("input[type=hidden]")}
    return {**data, "method": "email", **fields}


def test_a_file_that_the_store_has_let_go_of_is_named(office: Office, at_desk: At, number: str):
    desk = at_desk("csr", "en")
    files = chosen((PHOTO, "foto.jpg"))
    _, page = write(desk, number, "news", 200, text="The photo.", preview="1", files=files)
    with open_store() as store:
        (found,) = store.fs.find(f"{store.root}/{OBJECTS}")
        store.fs.rm_file(found)
    kept = [each["value"] for each in page.all("input[name=kept]")]
    again = desk.submit(page, path_of(number), 422, kept=kept)
    assert "foto.jpg was kept for a day only" in " ".join(again.words("#f-files-error"))
    assert rows(office) == []


def test_files_do_not_go_with_a_kind_that_takes_none(office: Office, at_desk: At, wall):
    number = walked(office, wall, "closed")
    desk = at_desk("csr", "en")
    page = opened(desk, number, "survey")
    data = _filled(page, kind="survey", files=chosen((PHOTO, "foto.jpg")))
    data.pop("method")
    refused = desk.client.post(path_of(number), data=data)
    assert refused.status_code == 422
    assert b"No files go with this letter." in refused.data
    assert rows(office) == []


def test_an_offer_above_the_limit_keeps_what_was_added_internal_until_it_is_approved(
    office: Office, at_desk: At, wall
):
    number = walked(office, wall, "020-3.2")
    desk = at_desk("csr")
    files = chosen((PHOTO, "foto.jpg"))
    offered = {"remedy": "GOODWILL", "text": "Potongan tagihan", "amount": "3000000"}
    write(desk, number, "offer", files=files, **offered)
    assert [each.shown_to_customer for each in rows(office)] == [False]
    history = desk.get(f"/complaints/{number}?view=history")
    assert "akan disertakan setelah disetujui: foto.jpg" in history.main
    boss = at_desk("manager")
    page = boss.get(f"/complaints/{number}/offer/approval")
    boss.submit(page, f"/complaints/{number}/offer/approval", 303, answer="approved")
    assert [each.shown_to_customer for each in rows(office)] == [True]
    assert [("foto.jpg", PHOTO)] in sent_files(office)
    conversation = desk.get(f"/complaints/{number}")
    assert "foto.jpg" in conversation.words(".talk-us .talk-files li")

"""Mail that a colleague has to sort: what the pages show, to whom, and what a decision does."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from complaints.engine.empty_old_mail import empty_messages
from complaints.models import Attachment, ContactFile, InboundMessage, User
from complaints.steps.close import withdraw_complaint
from tests.channels.email.conftest import PostRoom, post
from tests.conftest import NOW
from tests.mails import mail, multipart
from tests.office import Office
from tests.web.conftest import Wall
from tests.web.page import Page, Visitor

__all__ = ["post"]

AtDesk = Callable[..., Visitor]
STRANGER = "Orang Lain <lain@tempat.example>"
PDF = "Content-Type: application/pdf\nContent-Transfer-Encoding: base64\n\nJVBERi0xLjQK"


@pytest.fixture
def waiting(post: PostRoom) -> tuple[int, str]:
    """A stranger's message that names a complaint: its id, and the number."""
    number = post.receive()
    post.take(mail("Saya cabut.\n\n> kutipan lama", From=STRANGER, Subject=f"Soal {number}"))
    return post.rows()[-1].id, number


def row(post: PostRoom, message: int) -> InboundMessage:
    (found,) = post.all(select(InboundMessage).where(InboundMessage.id == message))
    return found


def decide(desk: Visitor, message: int, status: int = 302, **told: str) -> Page:
    path = f"/mail/{message}"
    return desk.submit(desk.get(path), path, status, **told)


def answer(desk: Visitor, path: str) -> TestResponse:
    return desk.client.get(path)


def test_what_waits_is_listed_with_why_and_opens(at_desk: AtDesk, waiting: tuple[int, str]):
    message, number = waiting
    desk = at_desk("csr", "en")
    page = desk.get("/mail")
    assert f"Soal {number}" in page.main
    assert "the sender is not known there" in page.main
    shown = desk.get(f"/mail/{message}")
    assert shown.h1 == f"Soal {number}"
    assert "Saya cabut." in shown.main
    assert [each.get_text() for each in shown.all("details.mail-quote summary")] == [
        "Show what is quoted"
    ]
    # The proposal is there to be confirmed.
    assert shown.one("#f-number")["value"] == number
    assert shown.one("#f-decision-attach").has_attr("checked")


@pytest.mark.parametrize(
    ("name", "listed", "opened"),
    [
        ("csr", 200, 200),
        ("supervisor", 200, 200),
        # Makassar sorts its own mail.
        ("csr2", 200, 404),
        ("officer", 403, 403),
        ("auditor", 403, 403),
        ("admin", 403, 403),
    ],
)
def test_only_whoever_takes_complaints_in_that_branch_sees_it(
    at_desk: AtDesk, waiting: tuple[int, str], name: str, listed: int, opened: int
):
    message, number = waiting
    desk = at_desk(name)
    page = desk.get("/mail", status=listed)
    assert (f"Soal {number}" in page.text) is (opened == 200)
    for path in ("", "/raw", "/pictures/0"):
        assert answer(desk, f"/mail/{message}{path}").status_code in (opened, 404)


def test_a_message_is_put_on_its_complaint(
    at_desk: AtDesk, office: Office, post: PostRoom, waiting: tuple[int, str]
):
    message, number = waiting
    desk = at_desk("csr")
    decide(desk, message, 302, decision="attach", number=number.lower())
    (note,) = post.notes(number)
    assert (note.direction, note.method, note.by_name) == ("in", "email", "Csr")
    assert note.text == "Saya cabut.\n\n> kutipan lama"
    kept = row(post, message)
    assert (kept.decision, kept.reviewed_by_name) == ("attached", "Csr")
    assert kept.complaint_id == office.complaint(number).id
    assert "Saya cabut." in desk.get(f"/complaints/{number}").main
    assert number in desk.get(f"/mail/{message}").main


def test_what_is_put_on_an_ended_complaint_does_not_open_it_and_the_page_says_so(
    at_desk: AtDesk, office: Office, post: PostRoom, waiting: tuple[int, str]
):
    message, number = waiting
    assert "does not open it again" not in at_desk("csr", "en").get(f"/mail/{message}").main
    office.walk(number, to="020-1.6")
    office.take(number, withdraw_complaint, reason="Sudah menyala lagi", method="signature")
    desk = at_desk("csr", "en")
    page = desk.get(f"/mail/{message}")
    assert f"{number} has ended, and the message does not open it again" in page.main
    path = f"/mail/{message}"
    decided = desk.submit(page, path, 302, decision="attach", number=number)
    assert "does not open it again" in desk.get(decided.response.headers["Location"]).text
    assert office.complaint(number).status == "withdrawn"
    assert [each.text for each in post.notes(number)][-1].startswith("Saya cabut.")


def test_a_message_becomes_a_complaint_of_whoever_decides(
    at_desk: AtDesk, office: Office, post: PostRoom
):
    post.take(multipart("Content-Type: text/plain\n\nInternet mati.", PDF,
                        headers={"From": "Csr <csr@tanggap.example>"}))  # fmt: skip
    message = post.rows()[0].id
    decide(at_desk("csr"), message, decision="create")
    (complaint,) = post.complaints()
    assert complaint.handler_id == office.id_of("csr")
    assert (complaint.channel, complaint.source) == ("email", "email")
    assert [each.complaint_id for each in post.all(select(Attachment))] == [complaint.id]


def test_a_message_is_left_alone_with_a_reason(
    at_desk: AtDesk, post: PostRoom, waiting: tuple[int, str]
):
    message, _ = waiting
    desk = at_desk("csr", "en")
    before = desk.get(f"/mail/{message}")
    refused = decide(desk, message, 422, decision="ignore")
    assert "Enter why nothing has to be done" in refused.main
    decide(desk, message, 302, decision="ignore", reason="Iklan jasa")
    assert row(post, message).decision == "ignored"
    assert "Everything is sorted" in desk.get("/mail").main
    assert "Iklan jasa" in desk.get(f"/mail/{message}").main
    # Somebody had the page open before.
    told = {"decision": "attach", "number": "KLH-2026-000001"}
    late = desk.submit(before, f"/mail/{message}", 409, **told)
    assert "Iklan jasa" in late.main
    assert post.notes("KLH-2026-000001") == []
    assert not desk.get(f"/mail/{message}").all("form[action^='/mail']")


@pytest.mark.parametrize(
    ("told", "says"),
    [
        ({"decision": ""}, "Choose what is to be done"),
        ({"decision": "burn"}, "Choose what is to be done"),
        ({"decision": "attach"}, "Enter the number"),
        ({"decision": "attach", "number": "KLH-2026-999999"}, "There is no complaint"),
        ({"decision": "attach", "number": "x" * 3_000}, "There is no complaint"),
    ],
)
def test_what_is_missing_is_said_and_what_was_typed_stays(
    at_desk: AtDesk, post: PostRoom, waiting: tuple[int, str], told: dict[str, str], says: str
):
    message, _ = waiting
    page = decide(at_desk("csr", "en"), message, 422, **{"number": "", **told})
    assert says in page.main
    assert row(post, message).reviewed_at is None


def test_a_complaint_of_another_branch_takes_no_message_from_here(
    at_desk: AtDesk, office: Office, post: PostRoom, waiting: tuple[int, str]
):
    message, _ = waiting
    other = office.receive(by="csr2", branch="MKS")
    decide(at_desk("csr"), message, 403, decision="attach", number=other)
    assert post.notes(other) == []


def test_a_message_without_an_address_is_recorded_by_hand(at_desk: AtDesk, post: PostRoom):
    post.take(mail("Internet mati", From='"Sari'))
    page = decide(at_desk("csr", "en"), post.rows()[0].id, 409, decision="create")
    assert "Record it under New complaint" in page.main


def test_machines_mail_is_listed_apart(at_desk: AtDesk, post: PostRoom):
    post.take(mail("Cuti", Auto_Submitted="auto-replied", Subject="Sedang cuti"))
    desk = at_desk("csr")
    assert "Sedang cuti" not in desk.get("/mail").main
    assert "Sedang cuti" in desk.get("/mail?show=all").main


PAGE = """<html><head><title>Judul</title></head><body><p>Halo <b>Layanan</b></p>
<script>alert(1)</script><img src="cid:logo1" alt="Logo"><img src="https://jahat.example/1.gif">
<img src="//jahat.example/p.gif"><a href="https://jahat.example/masuk">Masuk di sini</a>
<a href="javascript:alert(1)">x</a><p style="position:fixed" onclick="x()">teks</p>
<form action="https://jahat.example"><input name="p"></form></body></html>"""
LOGO = (
    "Content-Type: image/gif\nContent-ID: <logo1>\nContent-Disposition: inline\n"
    "Content-Transfer-Encoding: base64\n\nR0lGODlhAQABAAAAACwAAAAAAQABAAAC"
)
SVG = (
    "Content-Type: image/png\nContent-ID: <gambar2>\n\n"
    "<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"
)


def test_a_page_is_shown_without_anything_from_elsewhere(at_desk: AtDesk, post: PostRoom):
    # T33, T34.
    page = f"Content-Type: text/html; charset=utf-8\n\n{PAGE}"
    raw = multipart(page, LOGO, SVG, headers={"From": "csr@tanggap.example", "Subject": "Halo"})
    post.take(raw)
    message = post.rows()[0].id
    desk = at_desk("csr", "en")
    shown = desk.get(f"/mail/{message}")
    laid_out = shown.one(".mail-page")
    assert [each["src"] for each in laid_out.select("img")] == [f"/mail/{message}/pictures/0"]
    assert laid_out.get_text().count("picture not loaded") == 2
    assert laid_out.select("script, style, form, input, a, [style], [onclick], title") == []
    assert "Masuk di sini [https://jahat.example/masuk]" in laid_out.get_text()
    picture = answer(desk, f"/mail/{message}/pictures/0")
    assert picture.mimetype == "image/gif"
    assert "default-src 'none'" in picture.headers["Content-Security-Policy"]
    assert picture.headers["X-Content-Type-Options"] == "nosniff"
    # It calls itself a picture and is a script.
    assert answer(desk, f"/mail/{message}/pictures/1").status_code == 404
    assert answer(desk, f"/mail/{message}/pictures/99").status_code == 404


def test_the_raw_message_is_handed_out_as_a_file_only(at_desk: AtDesk, post: PostRoom):
    raw = mail("<script>alert(1)</script>", From='"Sari')
    post.take(raw)
    found = answer(at_desk("csr"), f"/mail/{post.rows()[0].id}/raw")
    assert found.get_data() == raw
    assert found.mimetype == "application/octet-stream"
    assert found.headers["Content-Disposition"].startswith("attachment")
    assert "sandbox" in found.headers["Content-Security-Policy"]


def test_whoever_handles_a_complaint_reads_the_message_on_it(
    at_desk: AtDesk, post: PostRoom, office: Office
):
    number = post.receive()
    office.walk(number, to="asked")
    post.take(mail("Ini fotonya.", To=post.reply_to(number)), at=office.at)
    message = post.rows()[-1].id
    assert "Ini fotonya." in at_desk("officer").get(f"/mail/{message}").main
    assert answer(at_desk("csr2"), f"/mail/{message}").status_code == 403


def test_a_complaint_folds_what_mail_quotes_and_marks_what_came_by_itself(
    at_desk: AtDesk, post: PostRoom, office: Office
):
    # T32.
    number = post.receive()
    quote = "On Thu, 19 Nov 2026 Layanan wrote:\n> Apakah benar?"
    post.take(mail(f"Ya, benar.\n\n{quote}", To=post.reply_to(number)))
    post.take(
        mail("Cuti", To=post.reply_to(number), Auto_Submitted="auto-replied", Message_ID="<a@b>")
    )
    desk = at_desk("csr", "en")
    page = desk.get(f"/complaints/{number}")
    folded = page.one("details.talk-quote")
    assert quote.replace("\n", " ") in " ".join(folded.get_text().split())
    assert "Ya, benar." in page.main
    notes = desk.get(f"/complaints/{number}?view=notes")
    assert "Sent automatically" in notes.one(".talk-notes").get_text()


def test_plain_text_keeps_every_character(at_desk: AtDesk, post: PostRoom):
    # T33.
    post.take(mail("hubungi <budi@contoh.id> & <b>segera</b>", From='"Sari'))
    shown = at_desk("csr").get(f"/mail/{post.rows()[0].id}")
    assert "hubungi <budi@contoh.id> & <b>segera</b>" in shown.one(".mail-text").get_text()


def test_more_than_a_page_is_paged(at_desk: AtDesk, post: PostRoom, monkeypatch):
    monkeypatch.setattr("complaints.web.intake.mail.PAGE", 2)
    for count in range(3):
        post.take(mail(str(count), From='"Sari', Subject=f"Surat {count}", Message_ID=f"<{count}>"))
    desk = at_desk("csr", "en")
    first = desk.get("/mail")
    assert "Surat 2" in first.main
    assert "Surat 0" not in first.main
    older = first.one("a[rel=next]")["href"]
    assert "Surat 0" in desk.get(older).main
    assert desk.get("/mail?before=99999999999999999999").main
    assert desk.get("/mail?before=x").main


def test_a_message_that_is_no_complaint_becomes_a_contact(
    at_desk: AtDesk, post: PostRoom, waiting: tuple[int, str]
):
    message, _ = waiting
    desk = at_desk("csr", "en")
    page = decide(desk, message, 422, decision="contact", kind="")
    assert "Choose what it is." in page.main
    decided = decide(desk, message, decision="contact", kind="INFORMASI")
    assert decided.response.headers["Location"] == "/contacts/KTK-2026-000001"
    contact = desk.get("/contacts/KTK-2026-000001")
    assert "Saya cabut." in contact.main
    assert "lain@tempat.example" in contact.main
    shown = desk.get(f"/mail/{message}")
    assert shown.link("Open KTK-2026-000001") == "/contacts/KTK-2026-000001"
    assert not shown.all(f"form[action='/mail/{message}']")
    assert "Not a complaint" in desk.get("/mail?show=all").main


def test_files_of_a_message_that_becomes_a_contact_go_along(at_desk: AtDesk, post: PostRoom):
    text = "Content-Type: text/plain\n\nApakah tagihan ini benar?"
    post.take(multipart(text, PDF, headers={"From": "csr@tanggap.example"}))
    message = post.rows()[-1].id
    desk = at_desk("csr", "en")
    decide(desk, message, decision="contact", kind="INFORMASI")
    (file,) = post.all(select(ContactFile))
    assert (file.source, file.from_customer, file.type) == ("email", True, "application/pdf")
    assert desk.get("/contacts/KTK-2026-000001").link(file.name)


def test_a_message_that_is_kept_no_longer_says_so(
    at_desk: AtDesk, post: PostRoom, waiting: tuple[int, str]
):
    message, number = waiting
    desk = at_desk("csr", "en")
    decide(desk, message, 302, decision="ignore", reason="Iklan jasa")
    with Session(post.office.engine) as session, session.begin():
        late = NOW + timedelta(days=400)
        assert empty_messages(session, settled_before=late, at=late) == 1
    assert f"Soal {number}" not in desk.get("/mail?show=all").main
    shown = desk.get(f"/mail/{message}")
    assert shown.h1 == "Message no longer kept"
    assert "Left alone" in shown.main
    assert row(post, message).sha256 in shown.main
    assert not shown.all(f"a[href='/mail/{message}/raw']")
    assert "Saya cabut." not in shown.text
    assert answer(desk, f"/mail/{message}/raw").status_code == 404


@pytest.mark.parametrize(
    ("decision", "place"), [("contact", "contacts/KTK"), ("create", "complaints/KLH")]
)
def test_what_came_to_a_branch_that_is_used_no_more_waits_until_another_is_named(
    at_desk: AtDesk, office: Office, post: PostRoom, wall: Wall, decision: str, place: str
):
    """Whoever is left in that branch loses nothing, and head office says where it goes on."""
    wall.at = office.at
    post.take(mail("Kapan loket buka?", From="Csr <csr@tanggap.example>"))
    message = post.rows()[0].id
    with Session(office.engine) as session, session.begin():
        session.get_one(User, office.id_of("csr2")).branch_id = None
    at = "/admin/organisation/branches/retirement/"
    admin = at_desk("admin")
    admin.submit(admin.get(f"{at}?key=JKT"), at, 303, mailboxes="MKS", form="MKS")
    refused = decide(at_desk("csr", "en"), message, 422, decision=decision, kind="INFORMASI")
    assert "takes nothing new any more" in refused.main
    assert not refused.all("[name='branch']")
    head = at_desk("csr2", "en")
    refused = decide(head, message, 422, decision=decision, kind="INFORMASI")
    assert "takes nothing new any more" in refused.main
    assert row(post, message).reviewed_at is None
    assert head.get("/mail").all(f"a[href='/mail/{message}']")
    offered = [each["value"] for each in refused.all("[name='branch'] option")]
    assert "MKS" in offered
    assert "JKT" not in offered
    told = {"decision": decision, "kind": "INFORMASI", "branch": "MKS"}
    decided = head.submit(refused, f"/mail/{message}", 302, **told)
    assert decided.response.headers["Location"].startswith(f"/{place}")

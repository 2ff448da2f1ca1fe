"""What is attached to a message is attached to its complaint, and nothing is lost in silence."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from complaints.domain.attachments import FileLimits
from complaints.files.in_use import FileSettings, file_settings, use_files
from complaints.models import Attachment
from complaints.queries.mail.raw import raw_message
from tests.channels.email.conftest import PostRoom
from tests.mails import mail, multipart
from tests.office import Office

TEXT = "Content-Type: text/plain\n\nIni fotonya."
PDF = (
    'Content-Type: application/pdf; name="../../tagihan.pdf"\n'
    "Content-Transfer-Encoding: base64\n\nJVBERi0xLjQKMSAwIG9iago="
)
LOGO = (
    "Content-Type: image/gif\nContent-ID: <logo1>\nContent-Disposition: inline\n"
    "Content-Transfer-Encoding: base64\n\nR0lGODlhAQABAAAAACwAAAAAAQABAAAC"
)
FORWARDED = (
    "Content-Type: message/rfc822\n\nFrom: orang@lain.example\nSubject: Kabar\n\nKata orang lain."
)


def attached(office: Office) -> list[Attachment]:
    found = list(office.session.scalars(select(Attachment).order_by(Attachment.id)))
    office.session.rollback()
    return found


def test_files_of_a_new_complaint_are_the_customers(post: PostRoom, office: Office):
    done = post.take(multipart(TEXT, PDF, LOGO, FORWARDED))
    files = attached(office)
    assert [each.name for each in files] == ["tagihan.pdf", "file-2", "Kabar.eml"]
    assert {each.complaint_id for each in files} == {done.complaint_id}
    assert {(each.source, each.shown_to_customer, each.by_id) for each in files} == {
        ("email", True, None)
    }
    # T36: what somebody else wrote is a file, not the story.
    (complaint,) = post.complaints()
    assert "Kata orang lain" not in complaint.story


def test_files_of_an_answer_hang_on_the_message(post: PostRoom, office: Office):
    number = post.receive()
    post.take(multipart(TEXT, PDF, headers={"To": post.reply_to(number)}))
    (note,) = post.notes(number)
    (file,) = attached(office)
    assert (file.note_id, file.size) == (note.id, 17)


def test_files_of_what_waits_for_a_person_are_not_attached_yet(post: PostRoom, office: Office):
    post.take(multipart(TEXT, PDF, headers={"From": "csr@tanggap.example"}))
    assert attached(office) == []


@pytest.mark.parametrize(
    "limits",
    [FileLimits(most_bytes=10), FileLimits(most_of_complaint=0), FileLimits(quota_bytes=1)],
)
def test_a_file_that_cannot_be_kept_is_named_to_the_handler_and_stays_with_the_message(
    post: PostRoom, office: Office, limits: FileLimits
):
    number = post.receive()
    use_files(FileSettings(file_settings().url, limits))
    raw = multipart(TEXT, PDF, headers={"To": post.reply_to(number)})
    assert post.take(raw).action == "appended"
    assert attached(office) == []
    (told,) = [each for each in office.notices("csr") if each.kind == "mail_files_left"]
    assert "tagihan.pdf" in told.facts["names"]
    assert raw_message(office.session, post.rows()[0].id) == raw


def test_a_message_that_comes_again_keeps_no_file_again(
    post: PostRoom, monkeypatch: pytest.MonkeyPatch
):
    raw = multipart(TEXT, PDF)
    post.take(raw)
    monkeypatch.setattr("complaints.channels.email.files.keep_file", lambda *given, **more: 1 / 0)
    assert post.take(raw).reason == "already_taken"


def test_machines_leave_no_files(post: PostRoom, office: Office):
    post.take(multipart(TEXT, PDF, headers={"Auto-Submitted": "auto-replied"}))
    post.take(mail("550 unknown", From="MAILER-DAEMON@mx.example"))
    assert attached(office) == []

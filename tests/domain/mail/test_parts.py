"""The text of a message is what its writer wrote; everything else is an attachment."""

from __future__ import annotations

import time

from complaints.domain.mail.flowed import unflow
from complaints.domain.mail.message import MOST_BYTES, read_message
from tests.mails import mail, multipart

TEXT = "Content-Type: text/plain; charset=utf-8\n\nInternet mati."
PAGE = "Content-Type: text/html; charset=utf-8\n\n<p>Internet mati.</p>"


def test_plain_text_comes_before_the_page():
    read = read_message(multipart(TEXT, PAGE, kind="alternative"))
    assert (read.text, read.html.strip()) == ("Internet mati.", "<p>Internet mati.</p>")
    assert read.attachments == ()


def test_an_attached_message_is_an_attachment_and_not_the_writers_words():
    # T36.
    forwarded = (
        "Content-Type: message/rfc822\n\nFrom: orang@lain.example\nSubject: Kabar\n"
        "Content-Type: text/plain\n\nKata-kata orang lain."
    )
    read = read_message(multipart(TEXT, forwarded))
    assert read.text == "Internet mati."
    (attached,) = read.attachments
    assert attached.name == "Kabar.eml"
    assert b"Kata-kata orang lain." in attached.data()


def test_files_keep_their_bytes_and_their_names_as_one_line():
    file = (
        "Content-Type: application/pdf; name*=utf-8''..%2F..%2Fb%00%C3%A9.pdf\n"
        "Content-Transfer-Encoding: base64\nContent-ID: <gambar1>\n\nJVBERi0xLjQ="
    )
    text_file = (
        'Content-Type: text/plain\nContent-Disposition: attachment; filename="a.txt"\n\nCatatan'
    )
    read = read_message(multipart(TEXT, file, text_file))
    assert read.text == "Internet mati."
    pdf, note = read.attachments
    assert (pdf.name, pdf.content_id, pdf.data()) == ("../../bé.pdf", "gambar1", b"%PDF-1.4")
    assert (note.name, note.data()) == ("a.txt", b"Catatan")


def test_a_message_of_parts_without_a_boundary_keeps_its_text():
    # T28: the text would be lost with the parts that nobody can tell apart.
    read = read_message(mail("Internet mati.", {"Content-Type": "multipart/mixed"}))
    assert "Internet mati." in read.text


def test_lines_broken_for_the_way_are_put_together():
    text = "Internet mati \nsejak kemarin.\n> kata \n> lain\n>> lebih dalam\n-- \nSiti \nAminah"
    assert unflow(text) == (
        "Internet mati sejak kemarin.\n> kata lain\n>> lebih dalam\n-- \nSiti Aminah"
    )
    assert unflow("ab \ncd", delete_space=True) == "abcd"
    assert unflow(" > bukan kutipan") == "> bukan kutipan"


def test_what_is_too_large_or_too_deep_is_not_read_but_its_head_is():
    large = read_message(mail(b"x" * (MOST_BYTES + 1)))
    assert (large.problem, large.text, large.subject) == ("oversized", "", "Internet mati")
    deep = "".join(
        f'Content-Type: multipart/mixed; boundary="{n}"\n\n--{n}\n' for n in range(2_000)
    )
    began = time.perf_counter()
    read = read_message(
        mail("x", {"Content-Type": f'multipart/mixed; boundary="a"\n\n--a\n{deep}'})
    )
    assert read.problem == "unreadable"
    assert time.perf_counter() - began < 1


def test_the_same_message_is_the_same_whichever_way_it_came():
    # T24.
    first = read_message(mail(Received="from a by b"))
    second = read_message(mail(Received="from c by d", Delivered_To="cabang@tanggap.example"))
    assert first.fingerprint == second.fingerprint
    others = [
        mail("Isi lain"),
        mail(From="Budi <budi@pelanggan.example>"),
        mail(Message_ID="<dua@pelanggan.example>"),
    ]
    marks = {read_message(each).fingerprint for each in others}
    assert len(marks) == 3
    assert first.fingerprint not in marks
    # Without a name and a date, the way it came is all that tells two apart.
    nameless = [mail(Date="", Message_ID="", Received=way) for way in ("a", "b")]
    assert len({read_message(each).fingerprint for each in nameless}) == 2

"""Names of files, and what kinds of them there are."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from complaints.domain.attachments import (
    HANDED_OUT_AS,
    KIND_WORDS,
    LONGEST_NAME,
    PICTURES,
    AttachmentKind,
    clean_name,
    read_kind,
)
from complaints.domain.errors import Invalid


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("tagihan.pdf", "tagihan.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\Siti\\foto rumah.JPG", "foto rumah.JPG"),
        ("a\0b\r\nc.pdf", "ab c.pdf"),
        # A name that reads backwards: shown as foto_exe.jpg.
        ("foto_\u202egpj.exe", "foto_gpj.exe"),
        ("  .htaccess  ", "htaccess"),
        ("...", "file"),
        ("", "file"),
        (None, "file"),
        ("CON.txt", "_CON.txt"),
        ('a"b;c<d>.pdf', "a_b_c_d_.pdf"),
        ("foto\ud800.png", "foto.png"),
        ("キャプチャ.png", "キャプチャ.png"),
        ("x" * 300 + ".jpeg", "x" * (LONGEST_NAME - 5) + ".jpeg"),
        ("a." + "y" * 300, ("a." + "y" * 300)[:LONGEST_NAME]),
    ],
)
def test_a_name_is_cleaned(given: str | None, kept: str):
    assert clean_name(given) == kept


@given(st.text(max_size=400))
def test_no_name_is_a_path_or_hides_anything(text: str):
    name = clean_name(text)
    assert 0 < len(name) <= LONGEST_NAME
    assert not set(name) & set('/\\"<>:|?*;%\r\n\0')
    assert all(unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Zl", "Zp") for char in name)
    assert clean_name(name) == name
    name.encode()


def test_a_kind_is_named_or_follows_from_the_type():
    assert read_kind("bill", "image/png") is AttachmentKind.BILL
    assert read_kind("", "image/png") is AttachmentKind.PHOTO
    assert read_kind("", "image/heic") is AttachmentKind.PHOTO
    assert read_kind("", "application/pdf") is AttachmentKind.OTHER
    with pytest.raises(Invalid, match="no kind of file nota"):
        read_kind("nota", "image/png")


def test_every_kind_has_words():
    assert set(KIND_WORDS) == set(AttachmentKind)


def test_what_a_browser_would_run_is_handed_out_as_bytes():
    assert not HANDED_OUT_AS & {
        "text/html",
        "text/plain",
        "image/svg+xml",
        "application/xml",
        "text/xml",
        "application/postscript",
    }
    assert PICTURES <= HANDED_OUT_AS

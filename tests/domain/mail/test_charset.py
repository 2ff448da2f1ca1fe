"""Bytes become text whatever they are: readable where they can be, storable always."""

from __future__ import annotations

import pytest

from complaints.domain.mail.charset import one_line, to_text


@pytest.mark.parametrize(
    ("data", "declared", "text"),
    [
        ("café".encode(), "utf-8", "café"),
        ("café".encode("latin-1"), "iso-8859-1", "café"),
        # Windows' quotes within what calls itself Latin 1.
        (b"\x93apa\x94", "iso-8859-1", "“apa”"),
        # It says ASCII and is UTF-8.
        ("café".encode(), "us-ascii", "café"),
        ("café".encode(), "x-tidak-ada", "café"),
        ("café".encode(), "", "café"),
        ("メール".encode("iso-2022-jp"), "iso-2022-jp", "メール"),
        # Declared wrongly: bytes that are no UTF-8.
        (b"caf\xe9", "utf-8", "café"),
        (b"a\x00b\r\nc\rd", "", "ab\nc\nd"),
        # Codecs of Python that are no character sets of mail.
        (b"abc", "rot13", "abc"),
        (b"abc", "idna", "abc"),
        (b"\\u0041", "unicode_escape", "\\u0041"),
        (b"abc", "hex", "abc"),
        (b"abc", "utf-8\x00", "abc"),
        (b"abc", "ü", "abc"),
        (b"\xff\xfe\xfa", "", "ÿþú"),
    ],
)
def test_bytes_become_readable_text(data, declared, text):
    assert to_text(data, declared) == text


def test_what_is_guessed_counts_only_where_nothing_else_fits():
    russian = "Привет".encode("cp1251")
    assert to_text(russian, "", lambda _: "cp1251") == "Привет"
    assert to_text("Привет".encode(), "", lambda _: "cp1251") == "Привет"
    assert to_text(russian, "", lambda _: None) == "Ïðèâåò"
    assert to_text(russian, "", lambda _: "idna") == "Ïðèâåò"


def test_a_line_is_one_clean_line():
    assert one_line("a\x00b\r\nBcc: x@y\u2028\ud800c") == "a b Bcc: x@y c"
    assert one_line("x" * 500, 300) == "x" * 300

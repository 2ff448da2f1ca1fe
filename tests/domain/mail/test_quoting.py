"""What is quoted is folded on the screen, and never cut off; where in doubt all is shown."""

from __future__ import annotations

import pytest

from complaints.domain.mail.html_text import text_of_html
from complaints.domain.mail.quoting import fold_quoted

ANSWER = "Ya, sudah benar."


@pytest.mark.parametrize(
    "quote",
    [
        "> Apakah ringkasan ini benar?\n> Salam",
        "Pada Kamis, 19 Nov 2026 pukul 09.10 Layanan <a@b.example> menulis:\n> Apakah benar?",
        "On Thu, Nov 19, 2026 at 9:10 AM Layanan <a@b.example>\nwrote:\n\n> Apakah benar?",
        "-----Original Message-----\nFrom: Layanan\nApakah benar?",
        "-----Pesan Asli-----\nDari: Layanan\nApakah benar?",
        "________________________________\nFrom: Layanan\nSent: Kamis\nApakah benar?",
        "Dari: Layanan\nDikirim: Kamis\nKepada: Siti\nApakah benar?",
    ],
)
def test_the_quoted_end_is_found(quote):
    folded = fold_quoted(f"{ANSWER}\n\n{quote}")
    assert folded.own == ANSWER
    assert folded.quoted == quote


@pytest.mark.parametrize(
    "text",
    [
        ANSWER,
        # T32: nothing above the quote, answers between the lines, answers below.
        "> Apakah benar?\nYa.",
        "> Apakah benar?\nYa.\n> Masih mati?\nTidak.",
        "Pada Kamis Layanan menulis:\n> Apakah benar?\nYa.",
        "Halo,\n> Apakah benar?\nYa, benar.",
        "Masalahnya: internet mati\ndan tagihan naik",
        "Dari: rumah saya tidak ada sinyal",
        "",
    ],
)
def test_where_the_answer_may_lie_in_the_quote_all_is_shown(text):
    assert fold_quoted(text).own == text
    assert fold_quoted(text).quoted == ""


def test_a_page_becomes_the_text_that_one_would_write():
    page = (
        "<p>Halo&nbsp;<b>Layanan</b>,</p><p>internet <i>mati</i>.</p><ul><li>satu</li>"
        "<li>dua</li></ul><blockquote>Kata Anda<br>kemarin</blockquote><pre>a\n  b</pre>"
    )
    assert text_of_html(page) == (
        "Halo Layanan,\n\ninternet mati.\n\n- satu\n- dua\n\n> Kata Anda\n> kemarin\n\na\n  b"
    )

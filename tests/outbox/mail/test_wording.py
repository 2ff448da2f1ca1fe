"""What a notice says, in the tray and by e-mail, in both languages."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.support import Translations

from complaints.outbox.mail.wording import NOTICE_SENTENCES, notice_sentence, notice_title

ROOT = Path(__file__).resolve().parents[3]
INDONESIAN = Translations.load(str(ROOT / "complaints" / "translations"), ["id"]).gettext

CLOCK = {
    "number": "KLH-2026-000001",
    "clock": "resolve",
    "due_at": "2026-11-20T02:15:00+00:00",
    "zone": "Asia/Makassar",
    "level": 2,
}
ACT = {
    "number": "KLH-2026-000001",
    "by": "Sari",
    "zone": "Asia/Jakarta",
    "reason": "Menunggu suku cadang",
    "until": "2026-11-20T02:15:00+00:00",
    "amount": 1_250_000,
    "team": "TEKNIK",
    "level": 1,
}

SAID = [
    (
        "warn",
        CLOCK,
        "KLH-2026-000001 mendekati tenggat Penyelesaian: Jumat, 20 November 2026, "
        "pukul 10.15 WITA.",
        "KLH-2026-000001: Resolution deadline approaching, due Friday, 20 November 2026, "
        "10:15 WITA.",
    ),
    (
        "breach",
        CLOCK,
        "KLH-2026-000001 melewati tenggat Penyelesaian: Jumat, 20 November 2026, pukul 10.15 WITA.",
        "KLH-2026-000001 missed its Resolution deadline, due Friday, 20 November 2026, 10:15 WITA.",
    ),
    (
        "escalation",
        CLOCK,
        "KLH-2026-000001 dieskalasi kepada Anda (tingkat 2) karena melewati tenggat "
        "Penyelesaian: Jumat, 20 November 2026, pukul 10.15 WITA.",
        "KLH-2026-000001 was escalated to you (level 2): Resolution deadline missed, due Friday, "
        "20 November 2026, 10:15 WITA.",
    ),
    (
        "escalation",
        ACT,
        "Sari mengeskalasi KLH-2026-000001 kepada Anda (tingkat 1): Menunggu suku cadang",
        "Sari escalates KLH-2026-000001 to you (level 1): Menunggu suku cadang",
    ),
    (
        "offer_approval",
        ACT,
        "Sari meminta persetujuan Anda atas penawaran senilai Rp1.250.000 untuk KLH-2026-000001.",
        "Sari asks you to approve an offer of Rp1,250,000 on KLH-2026-000001.",
    ),
    (
        "extension_asked",
        ACT,
        "Sari meminta tenggat KLH-2026-000001 diperpanjang sampai Jumat, 20 November 2026, "
        "pukul 09.15 WIB: Menunggu suku cadang",
        "Sari asks to move the deadline of KLH-2026-000001 to Friday, 20 November 2026, "
        "09:15 WIB: Menunggu suku cadang",
    ),
    (
        "party_returned",
        ACT,
        "TEKNIK mengembalikan KLH-2026-000001. Baca alasannya dan pilih unit lain.",
        "TEKNIK has returned KLH-2026-000001. Read why and choose another unit.",
    ),
    (
        "assigned",
        {**ACT, "reason": ""},
        "Sari mengalihkan KLH-2026-000001 kepada Anda.",
        "Sari has assigned KLH-2026-000001 to you.",
    ),
    (
        "something_new",
        {"number": "KLH-2026-000001"},
        "Ada kabar tentang KLH-2026-000001.",
        "There is an update on KLH-2026-000001.",
    ),
]


@pytest.mark.parametrize(("kind", "facts", "indonesian", "english"), SAID)
def test_the_sentence(kind, facts, indonesian, english):
    assert notice_sentence(kind, facts, "id", INDONESIAN) == indonesian
    assert notice_sentence(kind, facts, "en", str) == english


@pytest.mark.parametrize("kind", NOTICE_SENTENCES)
def test_every_kind_has_a_title_and_a_sentence_in_both_languages(kind):
    facts = {**CLOCK, **ACT}
    english = (notice_title(kind, facts, str), notice_sentence(kind, facts, "en", str))
    indonesian = (
        notice_title(kind, facts, INDONESIAN),
        notice_sentence(kind, facts, "id", INDONESIAN),
    )
    for said in (*english, *indonesian):
        assert said
        assert "%(" not in said
    assert english[0] != indonesian[0]
    assert english[1] != indonesian[1]


def test_a_missing_fact_leaves_its_place_empty():
    assert notice_sentence("assigned", {"number": "KLH-1"}, "en", str) == (
        "has assigned KLH-1 to you."
    )


def told_kinds() -> Iterator[str]:
    """The kinds that the steps tell people of, as written in their calls."""
    for path in (ROOT / "complaints").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id == "tell_people"
                and isinstance(node.args[2], ast.Constant)
            ):
                yield str(node.args[2].value)


def test_whatever_the_steps_tell_has_words():
    kinds = set(told_kinds())
    assert "assigned" in kinds
    assert kinds <= set(NOTICE_SENTENCES)

"""What a notice says, in the tray and by e-mail, in both languages."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.support import Translations

from complaints.outbox.mail.notices import notice_headline, notice_sentence, notice_title
from complaints.outbox.mail.wording import NOTICE_SENTENCES
from tests.money import RUPIAH

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

LATE = {
    **CLOCK,
    "left": [-7200, True],
    "who": "Bu Siti",
    "what": {"id": "Internet mati total", "en": "No internet at all"},
}

SAID = [
    (
        "warn",
        {**CLOCK, "left": [3 * 3600, True]},
        "KLH-2026-000001: Penyelesaian 3 jam kerja lagi, paling lambat Jumat, 20 November 2026, "
        "pukul 10.15 WITA. Selesaikan dan kabari pelanggan.",
        "KLH-2026-000001: Resolution 3 working hours left, no later than Friday, 20 November 2026, "
        "10:15 WITA. Resolve it and tell the customer.",
    ),
    (
        "breach",
        LATE,
        "Bu Siti, Internet mati total (KLH-2026-000001): Penyelesaian terlambat 2 jam kerja, "
        "tenggat Jumat, 20 November 2026, pukul 10.15 WITA. Selesaikan dan kabari pelanggan.",
        "Bu Siti, No internet at all (KLH-2026-000001): Resolution 2 working hours late, due "
        "Friday, 20 November 2026, 10:15 WITA. Resolve it and tell the customer.",
    ),
    (
        "escalation",
        LATE,
        "Bu Siti, Internet mati total (KLH-2026-000001): Penyelesaian terlambat 2 jam kerja, "
        "tenggat Jumat, 20 November 2026, pukul 10.15 WITA. Dieskalasi kepada Anda (tingkat 2): "
        "tindak lanjuti atau ambil alih.",
        "Bu Siti, No internet at all (KLH-2026-000001): Resolution 2 working hours late, due "
        "Friday, 20 November 2026, 10:15 WITA. Escalated to you (level 2): acknowledge it or take "
        "it over.",
    ),
    # Written before the version that says how late it was.
    (
        "escalation",
        CLOCK,
        "KLH-2026-000001: Penyelesaian lewat tenggat, tenggat Jumat, 20 November 2026, "
        "pukul 10.15 WITA. Dieskalasi kepada Anda (tingkat 2): tindak lanjuti atau ambil alih.",
        "KLH-2026-000001: Resolution missed, due Friday, 20 November 2026, 10:15 WITA. Escalated "
        "to you (level 2): acknowledge it or take it over.",
    ),
    (
        "escalation",
        ACT,
        "KLH-2026-000001: dieskalasi oleh Sari kepada Anda (tingkat 1), tindak lanjuti atau ambil "
        "alih. Alasan: Menunggu suku cadang",
        "KLH-2026-000001: escalated to you by Sari (level 1), acknowledge it or take it over. "
        "Reason: Menunggu suku cadang",
    ),
    (
        "ack_expired_below",
        ACT,
        "KLH-2026-000001 ditindaklanjuti oleh Sari; masanya habis dan keluhan belum selesai. "
        "Tindak lanjuti, atau pastikan keluhan diselesaikan.",
        "KLH-2026-000001 was acknowledged by Sari; that has expired and the complaint is still "
        "open. Acknowledge it, or see to it that it is resolved.",
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
    assert notice_sentence(kind, facts, RUPIAH, "id", INDONESIAN) == indonesian
    assert notice_sentence(kind, facts, RUPIAH, "en", str) == english


#: kind, facts, the one line that a lock screen shows in both languages
HEADLINES = [
    (
        "breach",
        LATE,
        "Bu Siti, Internet mati total: terlambat 2 jam kerja. Selesaikan dan kabari pelanggan",
        "Bu Siti, No internet at all: 2 working hours late. Resolve it and tell the customer",
    ),
    (
        "reminder",
        {**LATE, "left": [-3 * 86_400, False]},
        "Bu Siti, Internet mati total: terlambat 3 hari. Tindak lanjuti atau ambil alih",
        "Bu Siti, No internet at all: 3 days late. Acknowledge or take over",
    ),
    (
        "warn",
        {**LATE, "clock": "plan", "left": [1800, True]},
        "Bu Siti, Internet mati total: 30 menit kerja lagi. Susun rencana penanganan",
        "Bu Siti, No internet at all: 30 working minutes left. Draw up the handling plan",
    ),
    (
        "offer_approval",
        {**ACT, "who": "Pak Budi", "what": {}},
        "Pak Budi: Penawaran menunggu persetujuan Anda",
        "Pak Budi: An offer needs your approval",
    ),
    (
        "assigned",
        ACT,
        "KLH-2026-000001: Dialihkan kepada Anda",
        "KLH-2026-000001: Assigned to you",
    ),
]


@pytest.mark.parametrize(("kind", "facts", "indonesian", "english"), HEADLINES)
def test_the_first_line_says_who_what_how_late_and_what_to_do(kind, facts, indonesian, english):
    assert notice_headline(kind, facts, RUPIAH, "id", INDONESIAN) == indonesian
    assert notice_headline(kind, facts, RUPIAH, "en", str) == english


@pytest.mark.parametrize("kind", NOTICE_SENTENCES)
@pytest.mark.parametrize("language", ["id", "en"])
def test_every_first_line_begins_with_who_and_what(kind, language):
    line = notice_headline(kind, {**ACT, **LATE}, RUPIAH, language, INDONESIAN)
    assert line.startswith(f"Bu Siti, {LATE['what'][language]}: ")
    # So much a telephone shows in two lines.
    assert len(line) <= 110


@pytest.mark.parametrize("kind", NOTICE_SENTENCES)
def test_every_kind_has_a_title_and_a_sentence_in_both_languages(kind):
    facts = {**CLOCK, **ACT}
    english = (notice_title(kind, facts, str), notice_sentence(kind, facts, RUPIAH, "en", str))
    indonesian = (
        notice_title(kind, facts, INDONESIAN),
        notice_sentence(kind, facts, RUPIAH, "id", INDONESIAN),
    )
    for said in (*english, *indonesian):
        assert said
        assert "%(" not in said
    assert english[0] != indonesian[0]
    assert english[1] != indonesian[1]


def test_a_missing_fact_leaves_its_place_empty():
    assert notice_sentence("assigned", {"number": "KLH-1"}, RUPIAH, "en", str) == (
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

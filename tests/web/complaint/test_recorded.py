"""What the page says after an act: what was recorded, no more and no less."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.office import Office
from tests.web.complaint.test_complaint import At, at_place, path_of

LEFT = {"unable.code": "customer_left", "unable.reason": "Pelanggan pulang mengejar kereta sore"}


@pytest.mark.first_row_on_postgresql
@pytest.mark.parametrize(
    ("place", "who", "noun", "fields", "said"),
    [
        (
            "020-1.1",
            "csr",
            "confirmation",
            LEFT,
            "Tercatat tidak dapat dilakukan: Keluhan dikonfirmasi ulang kepada pelanggan. "
            "Rekan lain harus menandatanganinya sebelum keluhan dapat ditutup.",
        ),
        (
            "020-1.1",
            "csr",
            "confirmation",
            {"method": "email", "summary": "Internet mati sejak kemarin sore di rumah"},
            "Tercatat: Ringkasan dikirim kepada pelanggan. Langkah ini terbukti setelah pelanggan "
            "membenarkannya.",
        ),
        (
            "020-1.2",
            "csr",
            "apology?stage=intake",
            {"method": "email"},
            "Tercatat: Permohonan maaf disampaikan. Email sedang dikirim; langkah ini terbukti "
            "setelah email terkirim.",
        ),
        (
            "020-1.2",
            "csr",
            "apology?stage=intake",
            {"method": "letter"},
            "Tercatat: Permohonan maaf disampaikan. Surat menunggu dicetak; langkah ini terbukti "
            "setelah surat dicetak.",
        ),
        (
            "020-3.1",
            "csr",
            "cause-explanation",
            {"text": "Kabel putus oleh galian di jalan depan", "view": "unclear"},
            "Tercatat: Penyebab dijelaskan kepada pelanggan. Penjelasannya belum jelas bagi "
            "pelanggan: jelaskan sekali lagi.",
        ),
        (
            "020-3.1",
            "csr",
            "cause-explanation",
            {"text": "Kabel putus oleh galian di jalan depan", "view": "agrees"},
            "Tercatat: Penyebab dijelaskan kepada pelanggan",
        ),
        (
            "020-3.2",
            "csr",
            "offer",
            {"remedy": "RESTITUSI", "description": "Ganti rugi", "amount": "Rp900.000"},
            "Tercatat: penawaran menunggu keputusan Supervisor; jangan sampaikan "
            "dahulu kepada pelanggan",
        ),
        (
            "020-1.6",
            "csr",
            "parties",
            {},
            "Tercatat: Diteruskan ke unit: Teknik dan jaringan",
        ),
        (
            "asked",
            "officer",
            "parties/acceptance",
            {"team": "TEKNIK", "answer": "returned", "reason": "Ini pekerjaan unit penagihan"},
            "Tercatat: Unit menjawab: dikembalikan",
        ),
        (
            "020-1.6",
            "supervisor",
            "pause",
            {"awaits": "documents", "reason": "Foto modem", "until": "2026-11-24T10:00"},
            "Tercatat: Hitungan waktu dijeda sampai Selasa, 24 November 2026, pukul 10.00 WIB",
        ),
    ],
)
def test_the_page_says_what_was_recorded(
    at_desk: At, office: Office, wall, place, who, noun, fields: dict[str, Any], said
):
    number = at_place(office, place)
    wall.at = office.at + timedelta(minutes=5)
    desk = at_desk(who)
    page = desk.get(path_of(number, noun))
    done = desk.follow(desk.submit(page, path_of(number, noun.partition("?")[0]), 303, **fields))
    assert done.words("#flashes p") == [said]


@pytest.mark.both_databases
def test_a_form_sent_twice_says_it_once(at_desk: At, office: Office, wall):
    number = at_place(office, "020-1.1")
    wall.at = office.at
    desk = at_desk("csr")
    page = desk.get(path_of(number, "confirmation"))
    for _ in range(2):
        answered = desk.submit(page, path_of(number, "confirmation"), 303, **LEFT)
    assert len(desk.follow(answered).words("#flashes p")) == 1

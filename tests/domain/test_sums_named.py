"""Sums of money in a text: each way of writing one is read, and what is no sum is none."""

import pytest

from complaints.domain.sums_named import amounts_named
from tests.money import RINGGIT, RUPIAH


@pytest.mark.parametrize(
    ("words", "sums"),
    [
        ("Kabel disambung dalam 3 hari", []),
        ("Tagihan Rp142.500 dikoreksi", [142_500]),
        ("Uang tunai Rp 25.000.000,00 dari 1.000", [25_000_000]),
        ("IDR 1,250,000.00 back", [1_250_000]),
        ("Rp5", [5]),
        ("Rp0 dan nol ribu", []),
        ("ganti rugi 25 juta dan 1,5 jt", [25_000_000, 1_500_000]),
        ("hanya 1,5 jt", [1_500_000]),
        ("250 ribu", [250_000]),
        ("Rp1 juta 500 ribu tunai", [1_500_000]),
        ("1 jt 250 rb, lalu 500 ribu dan 2 juta", [2_000_000, 1_250_000, 500_000]),
        ("500 ribu 2 juta", [2_000_000, 500_000]),
        ("sejak tahun dua ribu dua puluh enam", []),
        ("KLH-2026-000001, nomor 08123456789", []),
        ("Rp 25 juta tunai", [25_000_000]),
        ("Rp1,5 juta dalam 3 hari", [1_500_000]),
        ("IDR25jt", [25_000_000]),
        ("25.000.000 rupiah, 50.000,-", [25_000_000, 50_000]),
        ("Rp 25 000 000 tunai", [25_000_000]),
        ("25 000 000 rupiah", [25_000_000]),
        ("Rp\u200b25.000.000, 25 j\u200buta", [25_000_000]),
        ("R\u200bp2\u200b5.000.000", [25_000_000]),
        ("Rp２５.０００.０００", [25_000_000]),
        ("dua puluh lima juta rupiah", [25_000_000]),
        ("seratus dua puluh tiga ribu empat ratus lima puluh rupiah", [123_450]),
        ("satu juta lima ratus ribu", [1_500_000]),
        ("sebelas juta dua belas ribu", [11_012_000]),
        ("sejuta rupiah atau seribu rupiah", [1_000_000, 1_000]),
        ("Seribu maaf, dua kali dalam tiga hari untuk lima orang", []),
        ("Pukul 10.30, 12 bulan, 100 Mbps, 2 x 24 jam", []),
    ],
)
def test_the_sums_named_in_words_are_read(words, sums):
    assert amounts_named(words, RUPIAH) == sums


def test_sums_are_read_in_the_organisations_own_currency():
    words = "RM1,250.00 or MYR 300, once Rp5.000"
    assert amounts_named(words, RINGGIT) == [1250, 300]

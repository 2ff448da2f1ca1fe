"""What is learned from holds no name: the customer's, one behind a form of address, any other."""

import pytest

from complaints.domain.suggestions.anonymous import without_persons


@pytest.mark.parametrize(
    ("text", "gone"),
    [
        ("Saya Siti Aminah, internet mati", "Siti Aminah"),
        ("internet mati, hubungi aminah", "aminah"),
        ("teknisi bernama Joko tidak datang", "Joko"),
        ("Kata Bapak Hendra Wijaya modem diganti", "Hendra Wijaya"),
        ("ketemu bu ratna di kantor", "ratna"),
        ("tagihan a.n. Slamet Riyadi dobel", "Slamet Riyadi"),
        ("internet mati di rumah Dewi sejak pagi", "Dewi"),
    ],
)
def test_no_name_is_left(text, gone):
    left = without_persons(text, "Siti Aminah")
    for word in gone.split():
        assert word not in left


def test_what_it_is_about_is_left():
    told = "Internet mati. Lampu merah, modem rusak; tagihan naik."
    assert without_persons(told, "Siti") == told

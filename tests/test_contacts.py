"""Telephone numbers and e-mail addresses: one way to keep what people write in many."""

from __future__ import annotations

import pytest

from complaints.contacts import is_shortened, normalise_email, normalise_phone, staff_email


@pytest.mark.parametrize(
    "typed",
    [
        "0812-3450-0001",
        "+62 (0)812-3450-0001",
        "+62 0812 3450 0001",
        "0062 812 3450 0001",
        "62 812 3450 0001",
        "62 0812 3450 0001",
        "081234500001",
        "81234500001",
        "81234500001.0",
        "'081234500001",
        "HP: 0812.3450.0001",
        "(0812) 3450\u20110001",
        "\u200b0812\u00a03450\u00a00001",
        "\uff10\uff18\uff11\uff12\uff13\uff14\uff15\uff10\uff10\uff10\uff10\uff11",
    ],
)
def test_one_line_is_one_number_however_it_is_written(typed: str):
    assert normalise_phone(typed) == "6281234500001"


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("021/5550100", "62215550100"),
        ("(021) 555-0100", "62215550100"),
        ("+1 212 555 0100", "12125550100"),
        ("001 212 555 0100", "12125550100"),
        ("+65 6123 4567", "6561234567"),
    ],
)
def test_landlines_and_other_countries_are_read_too(typed: str, stored: str):
    assert normalise_phone(typed) == stored
    assert normalise_phone(f"+{stored}") == stored


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "bukan nomor",
        "nol delapan",
        "0899",
        "147",
        "+",
        "00",
        "6,28123E+12",
        "0812345000130812345000140812345",
        "081234500001/081234500002",
        "081234500001, 081234500002",
        "0812 3450 0001 ext 12",
        "0812x3450x0001",
        "9" * 400,
    ],
)
def test_what_cannot_be_one_number_is_none(typed: str):
    assert normalise_phone(typed) is None


@pytest.mark.parametrize("typed", ["6,28123E+12", "6.28123E+12", "8E+10", "6,2e12"])
def test_a_number_that_a_spreadsheet_shortened_is_known_as_such(typed: str):
    assert is_shortened(typed)
    assert not is_shortened("081234500001")


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        (" SITI@Contoh.ID ", "siti@contoh.id"),
        ("o'brien+bank@contoh.co.id", "o'brien+bank@contoh.co.id"),
        ("siti\u200b@contoh.id", "siti@contoh.id"),
        ("siti@b\u00fccher.id", "siti@xn--bcher-kva.id"),
    ],
)
def test_an_address_is_kept_as_letters_are_sent_to_it(typed: str, stored: str):
    assert normalise_email(typed) == stored


@pytest.mark.parametrize(
    "typed",
    [
        'o"brien@contoh.id',
        "a..b@contoh.id",
        ".a@contoh.id",
        "a.@contoh.id",
        "a@contoh.id.",
        "a@b..id",
        "x:y@contoh.id",
        "bu(di)@contoh.id",
        "siti-\u00e9@contoh.id",
        "bu di@contoh.id",
        "siti@localhost",
        "siti@[10.0.0.1]",
        "siti@10.0.0.1",
        "siti@-contoh.id",
        "siti@contoh_baru.id",
        "Siti <siti@contoh.id>",
        "siti@contoh.id, budi@contoh.id",
        "siti@contoh.id\r\nBcc: x@y.id",
        f"{'x' * 65}@contoh.id",
        "siti",
        "",
    ],
)
def test_an_address_that_no_letter_can_reach_is_none(typed: str):
    assert normalise_email(typed) is None


@pytest.mark.parametrize(
    "typed", ["Sari@Tanggap.Example", " sari@tanggap.example ", "sari\u200b@tanggap.example"]
)
def test_an_account_is_found_however_its_address_was_typed(typed: str):
    assert staff_email(typed) == "sari@tanggap.example"


def test_what_is_no_address_is_nobodys_account():
    assert staff_email(" Bukan Alamat ") == "bukan alamat"

"""Names that a mail program would make a link of, and names that only look odd."""

from __future__ import annotations

import pytest

from complaints.domain.words.web_address import names_web_address


@pytest.mark.parametrize(
    "name", ["Klik https://x.example", "Www.x.example", "hadiah.example/ambil", "ftp://x"]
)
def test_a_web_address_is_seen(name: str):
    assert names_web_address(name)


@pytest.mark.parametrize("name", ["Siti Aminah", "Drs.Budi", "PT.Maju Jaya, Tbk.", "Ani d/a Budi"])
def test_a_name_is_a_name(name: str):
    assert not names_web_address(name)

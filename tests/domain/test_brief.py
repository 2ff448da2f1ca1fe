"""Who and what in so few words that a lock screen may show them."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from complaints.domain.brief import brief
from tests.salutations import OURS


@pytest.mark.parametrize(
    ("name", "salutation", "who"),
    [
        ("Siti Aminah", "Ibu", "Bu Siti"),
        ("Budi", "Bapak", "Pak Budi"),
        ("Bu Rahma Dewi", "", "Bu Rahma"),
        ("Bu Rahma Dewi", "Ibu", "Bu Rahma"),
        ("PT Maju Jaya", "", "PT Maju"),
        ("Alex Tan", "Dr.", "Dr. Alex"),
        ("", "Bapak/Ibu", "Pak/Bu"),
        ("", "", ""),
    ],
)
def test_a_form_of_address_and_one_name(name: str, salutation: str, who: str):
    assert brief(OURS, name, salutation, None) == {"who": who, "what": {}}


def test_what_it_is_about_in_both_languages():
    category = SimpleNamespace(label_id="Internet mati total", label_en="No internet at all")
    assert brief(OURS, "Siti", "Ibu", category)["what"] == {
        "id": "Internet mati total",
        "en": "No internet at all",
    }
